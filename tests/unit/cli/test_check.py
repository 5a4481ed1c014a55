"""`monitor check`: everything that is wrong, at once."""

from tests.unit.cli.conftest import Installation


def test_a_sound_installation_is_summed_up(installation: Installation):
    said = installation.ok("check")
    assert "monitor.yaml: all is well." in said
    assert "prints to the console" in said
    assert "to console, low and above" in said


def test_configuration_rules_channels_and_subscriptions_are_checked_in_one_go(installation: Installation):
    installation.write("rules/broken.yaml", "rule: broken\ntitel: x\nmatch: [$nothing]\nalert: low\n")
    installation.configure("""\
databse: x
channels:
  desk: {url: "${NOT_SET}"}
  post: {url: "nonsense://x"}
  here: {kind: consle}
subscriptions:
  a: {channel: desk, rules: [plumes], tags: [fruits]}
  b: {channel: dsk}
""")
    said = installation.refused("check")
    for words in (
        'monitor.yaml:1:1: unknown key "databse" (did you mean "database"?)',
        "monitor.yaml:3:15: ${NOT_SET} is not set",
        'monitor.yaml:4:3: channel "post": ',
        'channel "here": no kind of channel "consle" (did you mean "console"?)',
        'monitor.yaml:7:30: subscription "a": there is no rule "plumes" (did you mean "plums"?)',
        'monitor.yaml:7:46: subscription "a": no rule has the tag "fruits" (did you mean "fruit"?)',
        'monitor.yaml:8:16: there is no channel "dsk" (did you mean "desk"?)',
        'rules/broken.yaml:2:1: unknown key "titel" (did you mean "title"?)',
    ):
        assert words in said
    assert said.count("monitor.yaml:3") == 1  # what is wrong with its address is told once


def test_what_may_be_missing_is_said_without_being_an_error(bare: Installation):
    bare.configure("")
    (bare.folder / "rules").mkdir()
    said = bare.ok("check")
    assert "There are no feeds" in said
    assert "There are no rules" in said


JUDGED = """
rule: judged
match: {title: plum}
judge: {question: Is it about fruit?}
alert: low
"""


def test_rules_that_would_ask_and_nobody_who_could_be_asked_are_said_without_being_an_error(bare: Installation):
    bare.write("rules/judged.yaml", JUDGED)
    bare.configure("")
    assert "Optional: with `judge:` a model would be asked about what judged cannot read." in bare.ok("check")
    bare.configure('judge: {endpoint: "http://127.0.0.1:9/v1", model: some-model}')
    said = bare.ok("check")
    assert "Optional" not in said
    assert "some-model" in said
    (bare.folder / "rules" / "judged.yaml").unlink()
    assert "`judge:` is set, but no rule asks for a second opinion." in bare.ok("check")
