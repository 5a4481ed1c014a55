"""The dictionaries in a process of their own."""

import sys
from pathlib import Path

import pytest

from monitor.errors import MonitorError
from monitor.text import dictionaries, slavic


def children() -> set[str]:
    """The processes that this one has started and that still run."""
    return {child for task in Path("/proc/self/task").iterdir() for child in (task / "children").read_text().split()}


@pytest.mark.parametrize("lang", ["uk", "ru"])
@pytest.mark.parametrize("word", ["дрон", "перемир'я", "грипен", "зеленський", "\n", "x y"])
def test_a_process_answers_what_the_dictionary_says(word: str, lang: str) -> None:
    for name in (True, False):
        assert dictionaries.ask(word, lang, name=name) == slavic.forms(word, lang, name=name)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="asks Linux for the processes")
def test_nothing_runs_after_they_were_closed() -> None:
    dictionaries.close()
    before = children()
    dictionaries.ask("дрон", "uk", name=False)
    assert len(children() - before) == 1
    dictionaries.close()
    assert children() <= before


def test_they_open_again_after_they_were_closed() -> None:
    dictionaries.close()
    assert "дрони" in dictionaries.ask("дрон", "uk", name=False)[0]


def test_dictionaries_that_do_not_open_are_an_error_and_the_next_question_tries_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dictionaries.close()
    with monkeypatch.context() as broken:
        broken.setattr(sys, "executable", "/bin/false")
        with pytest.raises(MonitorError, match="Ukrainian and Russian"):
            dictionaries.ask("дрон", "uk", name=False)
    assert "дрони" in dictionaries.ask("дрон", "uk", name=False)[0]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="asks Linux for the processes")
def test_their_process_does_not_inherit_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    dictionaries.close()
    before = children()
    monkeypatch.setenv("MONITOR_TOKEN", "planted")
    dictionaries.ask("дрон", "uk", name=False)
    (process,) = children() - before
    assert b"planted" not in Path(f"/proc/{process}/environ").read_bytes()
    dictionaries.close()
