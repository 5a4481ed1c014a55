"""What a unit of a currency was worth in US dollars on one day, so that sums can be added up and compared.

Approximate rates around that day, rounded, from no official table: good for orders of magnitude and for telling
packages apart. An alert shows the sum as written; check a converted one against the central bank before quoting it.
"""

from decimal import Decimal

RATES_DATE = "2025-11-19"
_USD_PER_UNIT = {
    "USD": "1", "EUR": "1.158", "GBP": "1.312", "CHF": "1.248", "SEK": "0.1054", "NOK": "0.0988", "DKK": "0.1550",
    "CZK": "0.0479", "PLN": "0.2733", "RON": "0.2277", "CAD": "0.7140", "AUD": "0.6490", "NZD": "0.5640",
    "JPY": "0.00642", "KRW": "0.000683", "TRY": "0.0236", "UAH": "0.0238", "RUB": "0.0123",
}  # fmt: skip


def in_dollars(value: Decimal, currency: str) -> Decimal | None:
    """The value in US dollars at the rates of `RATES_DATE`, in whole dollars; None for an unknown currency."""
    rate = _USD_PER_UNIT.get(currency)
    return None if rate is None else (value * Decimal(rate)).quantize(Decimal(1))
