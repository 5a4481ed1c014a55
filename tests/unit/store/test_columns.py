"""Column types give back what was put in, and say when what is stored makes no sense."""

import pytest
from sqlalchemy.dialects import sqlite

from monitor.errors import StoreError
from monitor.model import Amount, Severity
from monitor.store.columns import AsEnum, AsJson

DIALECT = sqlite.dialect()


def test_json_stays_readable_in_the_database() -> None:
    column = AsJson(tuple[str, ...])
    assert column.process_bind_param(("танк", "b"), DIALECT) == '["танк","b"]'
    assert column.process_result_value('["танк","b"]', DIALECT) == ("танк", "b")


def test_none_is_none() -> None:
    for column in (AsJson(Amount), AsEnum(Severity)):
        assert column.process_bind_param(None, DIALECT) is None
        assert column.process_result_value(None, DIALECT) is None


@pytest.mark.parametrize("text", ["", "[1", '{"value": "many", "currency": "EUR"}', '{"currency": "EUR"}'])
def test_a_damaged_value_is_a_clear_error(text: str) -> None:
    with pytest.raises(StoreError, match="a stored value is damaged"):
        AsJson(Amount).process_result_value(text, DIALECT)


def test_an_unknown_word_is_a_clear_error() -> None:
    with pytest.raises(StoreError, match="deafening"):
        AsEnum(Severity).process_result_value("deafening", DIALECT)
