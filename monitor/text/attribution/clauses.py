"""A text as grammar sees it: tokens with what stands between them."""

import re
from functools import cached_property

from monitor.text.attribution.words import Mention, SpeechWords
from monitor.text.tokens import Text

_BREAK = re.compile(r"[:;|]|\s-+\s|\.\.\.")
_DASH = re.compile(r"\s-+\s|-\s|\s-$")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")


class Clauses:
    """One text with its mentions, asked about places in it."""

    def __init__(self, text: Text, words: SpeechWords) -> None:
        self.text = text
        self.words = words
        self.tokens = text.tokens
        self.norms = text.norms
        self.last = len(self.tokens) - 1
        self._gaps: dict[int, str] = {}
        self._name_starts: dict[int, int] = {}
        self._sentences = [token.sentence for token in self.tokens]

    def gap(self, index: int) -> str:
        """What stands before token `index` (canonical); everything after the last token for one more."""
        gap = self._gaps.get(index)
        if gap is None:
            gap = self._gaps[index] = self._cut(index)
        return gap

    def _cut(self, index: int) -> str:
        start = self.tokens[index - 1].end if index > 0 else 0
        end = self.tokens[index].start if index <= self.last else len(self.text.canonical)
        gap = self.text.canonical[start:end]
        return gap.removeprefix("'s") if index > 0 and self.tokens[index - 1].possessive else gap

    def comma(self, index: int) -> bool:
        return "," in self.gap(index)

    def breaks(self, index: int) -> bool:
        """Whether a colon, dash or the like stands before token `index`."""
        return _BREAK.search(self.gap(index)) is not None

    def dashed(self, index: int) -> bool:
        return _DASH.search(self.gap(index)) is not None

    def quoted(self, index: int) -> bool:
        """Whether a quotation mark stands before token `index`."""
        gap = self.gap(index)
        return '"' in gap or "'" in gap

    def hyphened(self, index: int) -> bool:
        return self.gap(index).strip(".") == "-"

    def same_sentence(self, left: int, right: int) -> bool:
        inside = 0 <= left <= self.last and 0 <= right <= self.last
        return inside and self._sentences[left] == self._sentences[right]

    def sentence_start(self, index: int) -> int:
        while index > 0 and self.same_sentence(index - 1, index):
            index -= 1
        return index

    def sentence_end(self, index: int) -> int:
        while index < self.last and self.same_sentence(index, index + 1):
            index += 1
        return index

    def segment_start(self, index: int) -> bool:
        """Whether token `index` opens a sentence or stands after a colon or dash."""
        return index == 0 or not self.same_sentence(index - 1, index) or self.breaks(index)

    def speaks(self, index: int) -> bool:
        """Whether token `index` is a verb of saying or of position."""
        return self.norms[index] in self.words.say or self.norms[index] in self.words.take

    def capital(self, index: int) -> bool:
        return self.text.canonical[self.tokens[index].start].isupper()

    @cached_property
    def title_case(self) -> bool:
        """Whether nearly every longer word begins with a capital, so that capitals tell nothing."""
        longer = [i for i, token in enumerate(self.tokens) if token.end - token.start > 4 and token.norm.isalpha()]
        return len(longer) > 3 and sum(map(self.capital, longer)) > 0.8 * len(longer)

    def named(self, index: int) -> bool:
        """Whether token `index` looks like part of a name."""
        return not self.title_case and self.capital(index) and self.norms[index].isalpha()

    def cyrillic(self, index: int) -> bool:
        return _CYRILLIC.match(self.norms[index]) is not None

    def belongs(self, index: int) -> bool:
        """Whether token `index` may be part of a name with its office: "Ukrainian President Volodymyr"."""
        norm = self.norms[index]
        if norm in self.words.roles:
            return True
        taken = norm in self.words.say or norm in self.words.take or norm in self.words.prepositions
        taken = taken or norm in self.words.that or norm in self.words.background
        return self.named(index) and not taken

    def name_start(self, mention: Mention) -> int:
        """Where the noun phrase around a mention begins."""
        start = self._name_starts.get(mention.first)
        if start is None:
            start = self._name_starts[mention.first] = self._phrase_start(mention)
        return start

    def _phrase_start(self, mention: Mention) -> int:
        start = mention.first
        while (
            start > 0
            and mention.first - start < 6
            and self.same_sentence(start - 1, start)
            and self.gap(start).strip(" .") == ""
            and self.belongs(start - 1)
        ):
            start -= 1
        return start

    def name_back(self, end: int) -> int:
        """Where the words between the last dash and token `end` begin."""
        start = end
        while start > 0 and end - start < 6 and not self.dashed(start) and self.same_sentence(start - 1, start):
            start -= 1
        return start

    def words_at(self, first: int, last: int) -> str:
        return self.text.words(first, last)
