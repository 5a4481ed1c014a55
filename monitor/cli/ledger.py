"""`monitor ledger`: packages of aid, each once, and what is new money in each week."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.options import CONFIG, ConfigOption, now, settings_from
from monitor.cli.output import as_json, harmless, plain, say, table
from monitor.cli.rule_files import rules_at
from monitor.cli.stored import store_of
from monitor.errors import RuleError
from monitor.model import Amount, System
from monitor.rules.durations import parse_span
from monitor.rules.ledger import Package, Week, packages, weeks
from monitor.rules.load import load
from monitor.rules.readings import tells_of_packages
from monitor.text.sums import STAGES

_FORMULA = tuple("=+-@＝＋－＠")  # a cell that begins so is calculated by a spreadsheet
_DATE = "%Y-%m-%d"


def span(text: str) -> timedelta:
    """A length of time on the command line: 30d, 8w."""
    try:
        return parse_span(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


class Format(StrEnum):
    """How the ledger is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def ledger(
    config: ConfigOption = CONFIG,
    since: Annotated[
        timedelta | None, typer.Option(parser=span, metavar="SPAN", help="Only packages of the last 30d, 8w ...")
    ] = None,
    donor: Annotated[str | None, typer.Option(help="Only packages of this donor; a part of the name will do.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.TABLE,
) -> None:
    """Show packages of aid: donor, sum, systems and stage, each package once however many reports tell of it.

    They are read from what the rules that extract sums or systems selected. Running totals are no new money.

    Examples:

        monitor ledger --since 30d
        monitor ledger --donor Germany --format csv > germany.csv
    """
    at = now()
    found = _stored(config)
    shown = [
        package for package in found if _wanted(package, donor) and not (since and package.first_seen_at < at - since)
    ]
    WRITERS[form](shown)


def _stored(config: Path) -> tuple[Package, ...]:
    loaded = load(rules_at(config))
    if loaded.problems:
        raise RuleError(loaded.problems)
    chosen = [rule.id for rule in loaded.rules.rules if tells_of_packages(rule)]
    with store_of(settings_from(config)) as store:
        return packages(observation for rule in chosen for observation in store.observations(rule))


def _wanted(package: Package, donor: str | None) -> bool:
    return donor is None or donor.casefold() in package.donor.casefold()


# --- how it is written ----------------------------------------------------------------------------------------------


def _write_table(shown: Sequence[Package]) -> None:
    if not shown:
        say("No packages.")
        return
    heads = ("first seen", "donor", "sum", "million USD", "systems", "stage", "reports", "publishers", "headline")
    table(heads, [_row(package) for package in shown])
    say("\nNew money by week, each package in the week it was first seen:")
    table(("week of", "packages", "without a sum", "million USD"), [_week(week) for week in weeks(shown)])
    dates = sorted({package.amount.rate_date for package in shown if package.amount and package.amount.rate_date})
    say(f"\nDollars at the reference rates of {', '.join(dates)}." if dates else "")


def _row(package: Package) -> tuple[object, ...]:
    return (
        package.first_seen_at.strftime(_DATE),
        package.donor or "unknown",
        in_figures(package.amount) or "not told",
        millions(package.usd) if package.usd else "",
        in_words(package.systems),
        package.stage or "unknown",
        package.reports,
        len(package.publishers),
        package.title,
    )


def _week(week: Week) -> tuple[object, ...]:
    return week.begins, week.packages, week.unpriced, millions(week.usd)


def _write_json(shown: Sequence[Package]) -> None:
    by_week = [{**plain(week), "begins": week.begins.isoformat()} for week in weeks(shown)]
    as_json({"packages": shown, "weeks": by_week})


def _write_csv(shown: Sequence[Package]) -> None:
    out = io.StringIO()
    rows = [_cells(package) for package in shown]
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: inert(cell) for name, cell in row.items()} for row in rows)
    typer.echo(out.getvalue(), nl=False)


def _cells(package: Package) -> dict[str, object]:
    amount = package.amount
    reached = {step.stage: step.at.strftime(_DATE) for step in package.stages}
    return {
        "first_seen": package.first_seen_at.strftime(_DATE),
        "donor": package.donor,
        "amount": f"{amount.value:f}" if amount else "",
        "currency": amount.currency if amount else "",
        "usd": f"{amount.usd:f}" if amount and amount.usd is not None else "",
        "rate_date": amount.rate_date if amount else "",
        "systems": in_words(package.systems),
        "stage": package.stage,
        **{stage: reached.get(stage, "") for stage in STAGES},
        "reports": package.reports,
        "publishers": ", ".join(package.publishers),
        "headline": package.title,
        "links": " ".join(package.links),
    }


COLUMNS = (
    "first_seen", "donor", "amount", "currency", "usd", "rate_date", "systems", "stage", *STAGES, "reports",
    "publishers", "headline", "links",
)  # fmt: skip
WRITERS: Mapping[Format, Callable[[Sequence[Package]], None]] = {
    Format.TABLE: _write_table,
    Format.CSV: _write_csv,
    Format.JSON: _write_json,
}


def inert(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula, whatever a publisher wrote in it."""
    text = harmless(str(cell)).replace("\t", " ")
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def in_figures(amount: Amount | None) -> str:
    """A sum with its currency, "" for none: "1,500 million NOK"."""
    return f"{millions(amount.value)} million {amount.currency}" if amount else ""


def millions(value: object) -> str:
    """In millions, with one decimal where it says something."""
    return f"{float(str(value)) / 1e6:,.1f}".removesuffix(".0")


def in_words(systems: Iterable[System]) -> str:
    """Systems with their numbers: "2 × Patriot, NASAMS"."""
    return ", ".join(f"{system.quantity} × {system.name}" if system.quantity else system.name for system in systems)
