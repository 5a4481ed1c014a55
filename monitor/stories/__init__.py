"""Which items tell the same event, across publishers and, where the wording allows, languages."""

from monitor.stories.grouping import Stories
from monitor.stories.reports import same_report

__all__ = ["Stories", "same_report"]
