"""The `judge:` of monitor.yaml: what it means, what is refused, and that its key shows up nowhere."""

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.judge.budget import Budget
from monitor.settings import Settings, load

KEY = "sk-planted"
Load = Callable[[str], Settings]


@pytest.fixture
def loading(tmp_path: Path) -> Load:
    def loaded(text: str) -> Settings:
        path = tmp_path / "monitor.yaml"
        path.write_text(f"rules: []\n{text}", encoding="utf-8")
        return load(path, {"JUDGE_KEY": KEY, "BROKEN": "a\nb"})

    return loaded


def test_nobody_is_asked_unless_somebody_is_named(loading: Load) -> None:
    assert loading("").judge is None


def test_a_model_is_named_by_address_and_name(loading: Load) -> None:
    judge = loading('judge: {endpoint: "http://127.0.0.1:1234/v1/", model: m}').judge
    assert judge is not None
    assert (judge.access.endpoint, judge.access.model, judge.access.key) == ("http://127.0.0.1:1234/v1", "m", "")
    assert (judge.access.timeout, judge.budget) == (10, Budget())


def test_everything_about_it_can_be_said(loading: Load) -> None:
    text = """\
judge:
  endpoint: https://models.example/v1/chat/completions
  model: m
  key: ${JUDGE_KEY}
  timeout: 1m
  calls: 5
  calls_per_rule: 3
  tokens: 1000
"""
    settings = loading(text)
    assert settings.judge is not None
    access = settings.judge.access
    assert (access.endpoint, access.key, access.timeout) == ("https://models.example/v1", KEY, 60)
    assert settings.judge.budget == Budget(calls=5, per_rule=3, tokens=1000)
    assert KEY not in repr(settings)


@pytest.mark.parametrize(
    ("judge", "told"),
    [
        ("{model: m}", 'monitor.yaml:2:8: "endpoint" is missing'),
        ("{endpoint: 'https://a.example'}", '"model" is missing'),
        ("{endpoint: a.example, model: m}", "must begin with http:// or https:// and name a host"),
        ("{endpoint: 'https://user:pw@a.example', model: m}", "must begin with http:// or https:// and name a host"),
        ("{endpoint: 'https://a.example/${JUDGE_KEY}', model: m}", "cannot hold a secret: give it as `key`"),
        ("{endpoint: 'https://a.example', model: m, key: sk-in-the-open}", "is a secret: write it as ${NAME}"),
        ("{endpoint: 'https://a.example', model: m, key: '${NOBODY}'}", "${NOBODY} is not set"),
        ("{endpoint: 'https://a.example', model: m, key: '${BROKEN}'}", "holds control characters"),
        ("{endpoint: 'https://a.example', model: m, timeout: 5m}", "timeout must be between 1s and 2m"),
        ("{endpoint: 'https://a.example', model: m, calls: 0}", '"calls" must be at least 1, not 0'),
        ("{endpoint: 'https://a.example', model: m, modle: x}", 'unknown key "modle" (did you mean "model"?)'),
    ],
)
def test_what_cannot_work_is_refused(loading: Load, judge: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loading(f"judge: {judge}")
    assert told in str(caught.value)
    assert "sk-in-the-open" not in str(caught.value)
