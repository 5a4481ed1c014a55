"""`confirm: {publishers: 2, within: 12h}`: a verdict waits until independent publishers report the same."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.model import Observation, Verdict
from monitor.rules.conditions.base import Condition, History
from monitor.rules.durations import in_words
from monitor.text.wording import same_text


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A condition whose firing verdicts count only with enough independent voices.

    Attributes:
        state_media: Whether outlets a state owns count.
    """

    inner: Condition
    publishers: int
    within: timedelta
    state_media: bool = True

    def judge(self, rule: str, new: Sequence[Observation], history: History, now: datetime) -> Sequence[Verdict]:
        return [self._checked(verdict) for verdict in self.inner.judge(rule, new, history, now)]

    def _checked(self, verdict: Verdict) -> Verdict:
        if not verdict.firing:
            return verdict
        voices = most_voices(verdict.observations, self.within, state_media=self.state_media)
        if len(voices) >= self.publishers:
            return replace(verdict, reason=f"{verdict.reason}; confirmed by {', '.join(voices)}")
        waiting = f"waiting for {self.publishers} independent publishers within {in_words(self.within)}, so far"
        return replace(verdict, firing=False, reason=f"{verdict.reason}; {waiting} {len(voices)}")


def most_voices(observations: Sequence[Observation], within: timedelta, *, state_media: bool) -> list[str]:
    """The largest group of independent publishers that reported within the span of each other."""
    counted = [each for each in observations if state_media or not each.state_media]
    windows = ([o for o in counted if first.at <= o.at <= first.at + within] for first in counted)
    return max((_independent(window) for window in windows), key=len, default=[])


def _independent(observations: Sequence[Observation]) -> list[str]:
    """One owner's outlets are one voice, and so are those who print the same text: copies of a wire report."""
    owners: set[str] = set()
    headlines: list[str] = []
    voices: list[str] = []
    for each in observations:
        owner = each.owner or each.publisher
        if owner and owner not in owners and not any(same_text(each.title, known) for known in headlines):
            voices.append(each.publisher or owner)
        owners.add(owner)
        headlines.append(each.title)
    return voices
