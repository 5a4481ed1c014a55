"""Who says it: the grammar, with a handful of words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.attribution import Mention, SpeechWords, Statement, statements
from monitor.text.tokens import Text


def words(text: str) -> frozenset[str]:
    return frozenset(text.split(" "))


WORDS = SpeechWords(
    say=words("says said say told warned warns announced заявив заявил заявили сказал додав"),
    take=words("cannot seeks hoped rejects rejected denies wants accuses accept backs відкинув отверг"),
    deny=words("denies"),
    phrases=(("stands", "firm"),),
    adjectives=words("ready open готовий готов"),
    according=(("according", "to"), ("по", "словам"), ("за", "словами")),
    skipped=words("has had is was be been will not again on monday isn't remains журналистам"),
    roles=words("president spokesman foreign minister the dmitry vladimir us президент envoy"),
    offices=words("office spokesman envoy президент"),
    passive=words("told urged accused warned"),
    be=words("was is been be"),
    that=words("that if що что"),
    background=words("as after while поки"),
    prepositions=words("to of with for by in at from у в на з"),
    topic=words("on про о"),
    at=words("у в"),
    conjunctions=words("and і"),
    pronouns=words("he він"),
    nouns=words("statement claims заява"),
    former=words("former ex critic"),
    ambiguous=words("demands open"),
    going=words("rejecting"),
    strangers=words("expert"),
    wishes=words("seeks hoped"),
    past=words("had"),
    questions=words("why чому"),
    spokesmen=words("spokesman"),
    reports=words("sources"),
)
NAMES = {
    **dict.fromkeys(words("peskov kremlin putin lavrov кремле кремля песков пескова пескову"), "kremlin"),
    **dict.fromkeys(words("zelensky зеленський зеленского зеленського зеленский"), "zelensky"),
    **dict.fromkeys(words("trump трамп"), "us"),
    "moscow": "moscow",
}
OBLIQUE = {"пескова", "пескову", "кремле", "кремля", "зеленського", "зеленского"}


def read(text: str) -> list[Statement]:
    read_text = Text(text)
    mentions = [
        Mention(NAMES[norm], i, i, norm not in OBLIQUE, norm == "moscow")
        for i, norm in enumerate(read_text.norms)
        if norm in NAMES
    ]
    return list(statements(read_text, mentions, WORDS))


def speakers(text: str) -> list[str]:
    return [each.speaker for each in read(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Peskov says talks go on",
        "Kremlin spokesman Dmitry Peskov said on Monday talks go on",
        "President Vladimir Putin has again rejected the plan",
        "Peskov, asked about the plan, said nothing new",
        "Peskov (62) said nothing new",
        "Kremlin's office announced a meeting",
        "Putin in Beijing says the plan is good",
        '"We wait," said Peskov.',
        '"We wait," Peskov said.',
        "Talks go on, Peskov told reporters",
        "According to Peskov, talks go on",
        "Talks go on, according to Dmitry Peskov",
        "Peskov: talks go on",
        "Peskov on peace plan: nothing new",
        "Talks go on - Kremlin",
        "Talks go on — Kremlin spokesman",
        "Talks go on: Peskov",
        "Kremlin to wait for the outcome — spokesman",
        "Kremlin open to talks",
        "Kremlin 'ready' for talks",
        "Putin remains open to contacts",
        "Kremlin stands firm on Donbas",
        "Kremlin rejects the plan",
        "Putin meets the press, says talks go on",
        "«Ждем», — заявил журналистам Песков",
        "Песков заявил, что переговоры идут",
        "По словам Пескова, переговоры идут",
        "В Кремле заявили о переговорах",
        "Песков о переговорах с США",
        "Песков готов к переговорам",
        "Putin's statement came late",
        "Kremlin is rejecting the plan",
        "Сьогодні Песков сказал, что переговоры идут",
        "Putin seeks a deal",
        "Dozens killed as Putin rejects a deal",
        "Putin had rejected a deal",
        '"Why wait?" Putin said',
        "Why wait. Putin rejects a deal",
        "There is no deal with Trump, warns Peskov",
        "Putin's envoy: talks go on",
        "Putin's Ivanov says talks go on",
        "Putin's Ivanov: talks go on",
        "Putin says talks go on - sources",
        "Президент Кремля: переговоры идут",
        "Президент Кремля заявил, что переговоры идут",
    ],
)
def test_the_kremlin_speaks(text: str) -> None:
    assert speakers(text) == ["kremlin"]


@pytest.mark.parametrize(
    "text",
    [
        "A letter to the Kremlin said nothing",
        "Putin was told to sign",
        "Putin urged to sign",
        "Putin's critic says he lies",
        "Former Kremlin spokesman says talks are dead",
        "pro-Kremlin blogger says talks are dead",
        "Putin arrives in Beijing",
        "Кто-то сказал Пескову уйти",
        "Talks with Putin rejected",
        "Kremlin sees off its guests - expert",
        "Moscow: a city guide",
        "Putin resigns: what he said",
        "Kremlin rejecting the plan was no surprise",
        "Nobody replied to Putin's statement",
        "Kremlin rejects its own plan, an expert says",
        "Гости Песков готов",
        "Dozens killed as Putin seeks a deal",
        "Putin had hoped for a deal",
        "Why Putin rejects the plan",
        "Чому Песков заявив про переговори",
        "Kremlin cannot be trusted",
        "Allies left out as Putin and Kremlin open talks",
        "Putin's Ivanov arrives in Beijing",
        "Putin's plan: what is in it",
        "Putin wants talks, sources say",
        "Kremlin ready for talks - sources",
        "Стены Кремля: красивы",
    ],
)
def test_the_kremlin_does_not_speak(text: str) -> None:
    assert "kremlin" not in speakers(text)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Zelensky accuses Kremlin of delay", ["zelensky"]),
        ("Zelensky says Kremlin rejected the plan", ["zelensky"]),
        ("Trump says that Putin wants peace", ["us"]),
        ("Kremlin rejected the plan, Zelensky said", ["zelensky"]),
        ("Trump: Putin wants peace", ["us"]),
        ("Putin rejects the plan - Zelensky", ["zelensky"]),
        ("Trump demands Zelensky accept the plan", []),
        ("Трамп заявил, что Зеленский готов", ["us"]),
        ("Kremlin claims that Zelensky rejected the plan", []),
        ("Trump helps if Zelensky accept the plan", []),
        ("Zelensky rejects the plan - expert", []),
        ("Зеленський заявив, що Трамп готовий", ["zelensky"]),
        ("Зеленський відкинув Трамп", ["zelensky"]),
        ("Trump says: Putin wants peace", ["us"]),
    ],
)
def test_what_is_told_of_others_belongs_to_the_teller(text: str, who: list[str]) -> None:
    assert speakers(text) == who


def test_the_parts_told_of_others_are_marked() -> None:
    (said,) = read("Zelensky says Kremlin rejected the plan")
    assert said.told == (("kremlin", 2, 5),)


def test_two_speakers_share_a_sentence() -> None:
    first, second = read("As Kremlin rejects the plan, Zelensky says talks go on")
    assert (first.speaker, first.weight) == ("kremlin", 0.6)
    assert (second.speaker, second.weight) == ("zelensky", 1.0)
    assert first.last < second.first


def test_a_quotation_of_several_sentences_is_all_the_speaker_s() -> None:
    (said,) = read('"We wait. We are in no hurry," Peskov said. Nobody else came.')
    assert said.sentences == (0, 1)


def test_he_goes_on_speaking_until_somebody_else_comes() -> None:
    text = "Zelensky said talks go on. He said no land is for sale. Putin arrived in Beijing. He said nothing."
    assert [(each.speaker, each.sentences[0], each.weight) for each in read(text)] == [
        ("zelensky", 0, 1.0),
        ("zelensky", 1, 0.8),
    ]


def test_a_sentence_without_subject_goes_on_in_slavic_languages() -> None:
    assert [each.sentences[0] for each in read("Зеленський заявив про план. Додав про зустріч.")] == [0, 1]


def test_a_denial_is_marked() -> None:
    assert [each.denial for each in read("Kremlin denies it rejected the plan")] == [True]


def test_a_cue_is_shown_as_written() -> None:
    assert [each.cue for each in read("Kremlin Says talks go on")] == ["Says"]


def test_a_text_without_names_has_no_statements() -> None:
    assert read("Somebody said something") == []
    assert read("") == []


@given(
    st.lists(st.sampled_from([*NAMES, "says", "said,", '"', "-", ":", "that", "He", "and", ".", "'s", "(", ")", ","]))
)
def test_no_order_of_words_breaks_the_grammar(parts: list[str]) -> None:
    text = " ".join(parts)
    last = len(Text(text).tokens) - 1
    for said in read(text):
        assert 0 <= said.first <= said.last <= last


def test_a_quotation_before_the_colon_belongs_to_who_acts_after_it() -> None:
    (said,) = read("'No land for peace': Putin rejects the plan")
    assert (said.first, said.last) == (0, 7)
