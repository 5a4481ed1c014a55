"""Labels of the feed or item; a missing one never matches."""

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("expression", "fields", "expected"),
    [
        ("{feed: feed}", {}, True),
        ("{feed: [other, feed]}", {}, True),
        ("{feed: other}", {}, False),
        ("{publisher: Suspilne}", {"publisher": "suspilne"}, True),
        ("{publisher: Suspilne}", {}, False),
        ("{country: [PL, UA]}", {"country": "UA"}, True),
        ("{country: PL}", {}, False),
        ("{tags: [war]}", {"tags": ("sport", "war")}, True),
        ("{tags: [war]}", {}, False),
        ("{lang: en}", {"lang": "en-GB"}, True),
        ("{lang: [uk]}", {"lang": "ru"}, False),
        ("{lang: uk}", {"title": "Київ і Варшава домовилися"}, True),
        ("{lang: ru}", {"title": "Мы были там вчера"}, True),
        ("{lang: en}", {"title": "12345"}, False),
        ("{none: [{publisher: X}]}", {}, True),
    ],
)
def test_labels_are_compared_without_capitals(
    selects: Callable[..., bool], expression: str, fields: dict[str, object], expected: bool
) -> None:
    assert selects(expression, **fields) is expected


def test_a_missing_label_says_so(why: Callable[..., str]) -> None:
    assert why("{country: PL}") == "country: the item has no country"
    assert why("{country: [PL, UA]}", country="DE") == "country: is DE, not pl or ua"


def test_a_label_is_evidence(load_text: Callable[..., object], item: Callable) -> None:
    rules = load_text("rule: r\nmatch: {country: PL}").rules
    (observation,) = rules.match([item("x", country="PL")])

    assert [(each.clause, each.words, each.where) for each in observation.evidence] == [("country", "PL", "label")]
