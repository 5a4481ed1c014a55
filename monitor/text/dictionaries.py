"""Asks for the forms of Ukrainian and Russian words in a process of its own, which ends when the rules are read.

The dictionaries take some 40 MB for a second or two, and Python would not give all of it back to the system.
"""

import atexit
import json
import os
import subprocess
import sys
from functools import lru_cache
from threading import Lock

from monitor.errors import MonitorError

_PROGRAM = "monitor.text.slavic"
_KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME")  # the others may hold secrets
_LOCK = Lock()  # rules are reloaded in a thread


def ask(word: str, lang: str, *, name: bool) -> tuple[frozenset[str], frozenset[str]]:
    """All forms of the word, and those that can be a sentence's subject; the first question opens the dictionaries.

    Raises:
        MonitorError: They are missing or broken.
    """
    with _LOCK:
        try:
            every, subjects = _dictionaries().ask(json.dumps([word, lang, name]))
        except (OSError, ValueError) as error:
            _end()
            raise MonitorError("the dictionaries of Ukrainian and Russian (pymorphy3) cannot be opened") from error
    return frozenset(every), frozenset(subjects)


def close() -> None:
    """End the process; the next question starts another."""
    with _LOCK:
        _end()


def _end() -> None:
    if _dictionaries.cache_info().currsize:
        _dictionaries().end()
        _dictionaries.cache_clear()


class _Process:
    """Dictionaries that are open."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
            start_new_session=True,  # Ctrl-C is for us; it ends with its questions
        )

    def ask(self, question: str) -> tuple[list[str], list[str]]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(question.encode() + b"\n")
        self._process.stdin.flush()
        every, subjects = json.loads(self._process.stdout.readline())
        return every, subjects

    def end(self) -> None:
        self._process.kill()  # it has nothing to lose
        self._process.communicate()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


@lru_cache(maxsize=1)
def _dictionaries() -> _Process:
    return _Process()


atexit.register(close)
