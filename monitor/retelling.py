"""What publishers say otherwise now: headlines they changed, items they took back; told to those who were told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.alerts import facts
from monitor.dispatch import Dispatch
from monitor.judge.answers import stands_in
from monitor.model import ARTICLE_READ, Item, Observation, OpinionState, ParsedItem
from monitor.rules import judging
from monitor.rules.rule import RuleSet
from monitor.store.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Retelling:
    """One unit's worth of second thoughts."""

    rules: RuleSet
    dispatch: Dispatch
    unit: Unit

    def read_again(self, retitled: Mapping[str, ParsedItem]) -> list[Observation]:
        """Read items anew whose headline was changed, and tell what is new; what rules see only now is answered.

        Args:
            retitled: The entries as they are now, by the item's id.
        """
        found: list[Observation] = []
        for item_id, entry in retitled.items():
            item = self.unit.item(item_id)
            if item is not None:
                body = item.body if item.article == ARTICLE_READ else entry.body  # its page is not read again
                found += self._revise(replace(item, title=entry.title, summary=entry.summary, body=body))
        return found

    def withdraw(self, item_ids: Iterable[str]) -> None:
        """Tell that a publisher took these items out of its feed."""
        for item_id in item_ids:
            for observation in self.unit.observations_from(item_id):
                self._tell_all(observation, observation, (facts.withdrawal(observation),))

    def reread(self, observation: Observation) -> None:
        """Keep another reading of a stored observation, and tell what is new in it."""
        item = self.unit.item(observation.item_id)
        for old in self.unit.observations_from(observation.item_id) if item else ():
            if item is not None and old.id == observation.id:
                self.unit.revise(item, [observation])
                self._tell_all(old, observation, facts.facts([old], [observation]))

    def _revise(self, item: Item) -> list[Observation]:
        before = {each.rule: each for each in self.unit.observations_from(item.id)}
        found = self.rules.match([item])
        after = {each.rule: self._with_opinion(before.get(each.rule), each, item) for each in found}
        self.unit.revise(item, [each for rule, each in after.items() if rule in before])
        for rule, old in before.items():
            self._tell_all(old, after.get(rule, old), facts.revision(old, after.get(rule), item.title))
        return [each for rule, each in after.items() if rule not in before or facts.facts([before[rule]], [each])]

    def _with_opinion(self, old: Observation | None, new: Observation, item: Item) -> Observation:
        """A second opinion holds as long as the words it rests on stand in the item; else it is asked for anew."""
        known = self.unit.opinions.of(new.id) if judging.asks(self.rules.rule(new.rule), new) else None
        if old is None or known is None or known.state is OpinionState.PENDING:
            return new
        if old.stance and old.stance.read_by and known.quote and stands_in(known.quote, item):
            return replace(new, stance=old.stance)
        self.unit.opinions.renew(judging.renewed(known, new, self.dispatch.now))
        return new

    def _tell_all(self, old: Observation, because: Observation, news: Sequence[str]) -> None:
        """Tell it of every open alert that rests on the observation."""
        for alert in self.unit.open_alerts(old.rule) if news else ():
            if old.id in alert.observation_ids:
                self.dispatch.tell_news(alert, [because], news)
