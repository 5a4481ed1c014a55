"""Which language a short text is in: letters first, then little words. For display and negation, not for dropping."""

from collections import Counter

from monitor.text.tokens import canonical, norms

_LITTLE_WORDS = {
    "en": "the of and to in a is for on that with as at by from are was it its has after says be will not",
    "pl": "w i na z do nie sie że o jest po za od przez dla jak to oraz przed ze ma być są będzie",
    "de": "der die das und in den von mit im für auf ist des nach dem ein eine zu nicht sich bei aus",
    "fr": "le la les de des et en un une du pour dans sur au est qui par que aux avec ne pas",
    "es": "el la los las de y en del un una por con para que se su al es no lo",
    "uk": "і й у в на з та що до про за як не від для він після це його їх через буде є",
    "ru": "и в на с что по о за к из как не от для он после это его их через будет об",
}
_TELLING_LETTERS = {"uk": frozenset("іїєґ"), "ru": frozenset("ыэъё"), "pl": frozenset("ąęłńśźżć")}
_WORDS = {lang: frozenset(norms(words)) for lang, words in _LITTLE_WORDS.items()}
_ENOUGH_CYRILLIC = 0.3


def guess(text: str) -> str:
    """ISO 639-1 of the likeliest of en, uk, ru, pl, de, fr, es; "" when nothing speaks for any of them."""
    letters = Counter(char for char in text.lower() if char.isalpha())
    cyrillic = sum(count for char, count in letters.items() if "а" <= char <= "ґ")
    candidates = ("uk", "ru") if cyrillic > _ENOUGH_CYRILLIC * letters.total() else ("en", "pl", "de", "fr", "es")
    words = norms(canonical(text))
    scores = {lang: _score(lang, words, letters) for lang in candidates}
    best = max(scores, key=lambda lang: scores[lang])
    return best if scores[best] else ""


def _score(lang: str, words: tuple[str, ...], letters: Counter[str]) -> int:
    telling = sum(letters[letter] for letter in _TELLING_LETTERS.get(lang, ()))
    return 2 * telling + sum(word in _WORDS[lang] for word in words)
