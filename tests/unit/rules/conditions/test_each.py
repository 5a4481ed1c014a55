"""each: every observation, one group per story."""

from collections.abc import Callable


def test_each_new_story_is_a_group_of_its_own(condition: Callable, seen: Callable, memory: Callable, now) -> None:
    first, copy, other = seen(story="a"), seen(story="a", publisher="b.example"), seen(story="")

    verdicts = condition("when: each").judge("r", [first, copy, other], memory(first, copy, other), now)

    assert [(each.group, each.reason) for each in verdicts] == [
        ("a", "2 reports by a.example, b.example"),
        (other.item_id, "1 report by a.example"),
    ]
    assert all(each.firing for each in verdicts)


def test_history_opens_nothing(condition: Callable, seen: Callable, memory: Callable, now) -> None:
    old = seen(historic=True)

    assert condition("when: each").judge("r", [old], memory(old), now) == []


def test_groups_may_be_other_values(condition: Callable, seen: Callable, memory: Callable, now) -> None:
    new = [seen(country="PL"), seen(country="PL"), seen(country="LT"), seen(country="")]

    verdicts = condition("{when: each, group: country}").judge("r", new, memory(*new), now)

    assert [each.group for each in verdicts] == ["PL", "LT", new[3].story]


def test_an_unnamed_publisher_is_left_out_of_the_reason(condition: Callable, seen: Callable, memory: Callable, now):
    new = seen(publisher="")

    (verdict,) = condition("when: each").judge("r", [new], memory(new), now)

    assert verdict.reason == "1 report"
