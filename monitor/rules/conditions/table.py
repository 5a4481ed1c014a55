"""Every condition, by its key below `when`. Adding one: a module, two lines here, a test, a section of docs."""

from collections.abc import Mapping

from monitor.rules.conditions.base import ConditionKind
from monitor.rules.conditions.count import Count
from monitor.rules.conditions.each import Each
from monitor.rules.conditions.first import First
from monitor.rules.conditions.pace import Pace
from monitor.rules.conditions.sequence import Sequence
from monitor.rules.conditions.shift import Shift
from monitor.rules.conditions.silence import Silence
from monitor.rules.conditions.spike import Dip, Spike
from monitor.rules.conditions.state import State
from monitor.rules.conditions.total import Total

CONDITIONS: Mapping[str, ConditionKind] = {
    "each": Each,
    "count": Count,
    "spike": Spike,
    "dip": Dip,
    "silence": Silence,
    "first": First,
    "shift": Shift,
    "total": Total,
    "pace": Pace,
    "sequence": Sequence,
    "state": State,
}
