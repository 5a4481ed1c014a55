"""Tests of monitor.channels.apprise: declarations. What it sends is tested in functional/test_delivery.py."""

from pathlib import Path

import pytest

from monitor.channels.apprise.declared import build
from monitor.channels.base import ChannelSpec
from monitor.errors import ConfigError

TOKEN = "plantedslacktokenabcdefg"


def problem(**declared: object) -> str:
    with pytest.raises(ConfigError) as caught:
        build(ChannelSpec(name="desk", kind="apprise", **declared))  # type: ignore[arg-type]
    [found] = caught.value.problems
    assert TOKEN not in str(found)
    return str(found).removeprefix('channels: channel "desk": ')


@pytest.mark.parametrize(
    ("url", "description"),
    [
        (f"slack://T1JJ3T3L2/A1BRTD4JD/{TOKEN}/#desk", "Slack, slack://T...2/…"),
        (f"https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/{TOKEN}", "Slack, slack://T...2/…"),
        (f"tgram://123456789:{TOKEN}_0123456789/42", "Telegram, tgram://1...9/…"),
        (f"mailto://user:{TOKEN}@mail.example?to=desk@newsroom.example", "E-Mail, mailto://user:****@mail.example/…"),
        (f"json://hooks.example/{TOKEN}?+X-Token={TOKEN}", "JSON, json://hooks.example/…"),
    ],
)
def test_a_channel_is_described_without_its_secrets(url: str, description: str) -> None:
    [channel] = build(ChannelSpec(name="desk", kind="apprise", url=url)).values()
    assert channel.describe() == description


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"slack://T1JJ3T3L2/A1BRTD4JD/{TOKEN}/#a/#b", "its Slack URL names 2 targets (write one channel for each)"),
        (f"tgram://123456789:{TOKEN}_0123456789", "its Telegram URL names no target (put the id of the chat"),
        (f"slack://T1/{TOKEN}", "Apprise cannot use its URL: "),
        (f"foo://{TOKEN}", "Apprise does not understand its URL (it begins with foo; right are"),
        (TOKEN, "Apprise does not understand its URL (it begins with nothing like that; right are"),
        ("", "needs either an Apprise URL or an Apprise configuration file"),
    ],
)
def test_a_wrong_url_is_told_without_its_secrets(url: str, words: str) -> None:
    assert problem(url=url).startswith(words)


def test_a_channel_has_a_url_or_a_file() -> None:
    assert problem(url="json://h/", config=Path("x")) == "needs either an Apprise URL or an Apprise configuration file"


YAML = """
version: 1
urls:
  - json://one.example/a:
      tag: ops
  - json://two.example/b:
      - tag: [ops, desk]
  - json://three.example/c
"""
TEXT = "# people\nops=json://one.example/a\n\nops,desk=json://two.example/b\njson://three.example/c\n"


@pytest.mark.parametrize("text", [YAML, TEXT], ids=["yaml", "text"])
@pytest.mark.parametrize(
    ("tag", "channels"),
    [
        ("ops", {"desk/1": "one", "desk/2": "two"}),
        ("desk", {"desk": "two"}),
        ("", {"desk/1": "one", "desk/2": "two", "desk/3": "three"}),
    ],
)
def test_every_entry_of_an_apprise_file_with_the_tag_is_a_channel(
    tmp_path: Path, text: str, tag: str, channels: dict[str, str]
) -> None:
    file = tmp_path / "apprise"
    file.write_text(text)
    built = build(ChannelSpec(name="desk", kind="apprise", config=file, tag=tag))
    assert {name: channel.describe() for name, channel in built.items()} == {
        name: f"JSON, json://{host}.example/…" for name, host in channels.items()
    }
    assert [channel.name for channel in built.values()] == list(channels)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{TEXT}slack://T1/{TOKEN}\n", "Apprise cannot use everything in FILE: line 6"),
        (f"foo://{TOKEN}\n{TEXT}", "Apprise cannot use everything in FILE: line 1"),
        (f"{YAML}  - slack://T1/{TOKEN}\n", "Apprise cannot use everything in FILE: entry #4"),
        (TEXT.replace("desk", "other"), 'there is no entry with the tag "desk" in FILE'),
        ("", 'there is no entry with the tag "desk" in FILE'),
    ],
)
def test_a_file_is_used_whole_or_not_at_all(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "apprise"
    file.write_text(text)
    assert problem(config=file, tag="desk").replace(str(file), "FILE") == words


def test_a_file_without_entries_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "apprise"
    file.write_text("# nobody yet\n")
    assert problem(config=file).startswith("there is no entry in ")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "apprise"
    if content is not None:
        file.write_bytes(content)
    assert problem(config=file).startswith(f"cannot read {file}: ")
