"""The few statistics that conditions need: tails of counts, the comparison of two small samples. Pure Python."""

import math
from collections import Counter
from collections.abc import Sequence
from statistics import NormalDist, fmean, pvariance

_EXTRA = 0.15  # news comes in bursts: at least this much of the squared mean is added to the variance
_LEAST = 0.5  # of an event in a whole baseline: nothing seen is not the same as impossible


def tails(count: int, usual: Sequence[int]) -> tuple[float, float]:
    """How likely this few or fewer, and this many or more, are where these counts are usual.

    A negative binomial with the mean and variance of the usual counts. Few windows hold few of the bursts that come:
    their variance is taken one standard error higher, and it has a floor.
    """
    mean = max(fmean(usual), _LEAST / len(usual))
    variance = max(pvariance(usual) * (1 + math.sqrt(2 / len(usual))), mean + _EXTRA * mean**2)
    below = sum(_chances(count, mean, variance))
    return min(below + _chance(count, mean, variance), 1.0), max(1.0 - below, 0.0)


def _chances(count: int, mean: float, variance: float) -> list[float]:
    return [_chance(number, mean, variance) for number in range(count)]


def _chance(number: int, mean: float, variance: float) -> float:
    """That exactly so many come."""
    size = mean**2 / (variance - mean)
    log_binomial = math.lgamma(number + size) - math.lgamma(size) - math.lgamma(number + 1)
    return math.exp(log_binomial + size * math.log(size / (size + mean)) + number * math.log(mean / (size + mean)))


def mann_whitney(one: Sequence[float], other: Sequence[float]) -> float:
    """How likely two samples of one and the same origin differ at least so much, in either direction.

    The normal approximation with corrections for ties and continuity: scores take few values, so ties are the rule.
    """
    sizes = len(one) * len(other)
    wins = sum((a > b) + (a == b) / 2 for a in one for b in other)
    total = len(one) + len(other)
    tied = sum(times**3 - times for times in Counter((*one, *other)).values())
    variance = sizes / 12 * (total + 1 - tied / (total * (total - 1)))
    if variance <= 0:
        return 1.0
    distance = max(abs(wins - sizes / 2) - 0.5, 0.0) / math.sqrt(variance)
    return 2 * (1 - NormalDist().cdf(distance))
