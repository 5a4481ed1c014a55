"""Every condition, by its key below `when`. Adding one: a module, two lines here, a test, a section of docs."""

from collections.abc import Mapping

from monitor.rules.conditions.base import ConditionKind
from monitor.rules.conditions.count import Count
from monitor.rules.conditions.each import Each
from monitor.rules.conditions.first import First
from monitor.rules.conditions.sequence import Sequence
from monitor.rules.conditions.silence import Silence

CONDITIONS: Mapping[str, ConditionKind] = {
    "each": Each,
    "count": Count,
    "first": First,
    "silence": Silence,
    "sequence": Sequence,
}
