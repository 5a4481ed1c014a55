"""Every operator of the match language, by its key. Adding one: a module, two lines here, a test, a section of docs."""

from collections.abc import Mapping

from monitor.rules.operators.base import OperatorKind

OPERATORS: Mapping[str, OperatorKind] = {}
