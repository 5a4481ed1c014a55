"""`monitor init`: a new installation that works, and never at the cost of an old one."""

from monitor.shipped import RULES, SEEDS
from tests.unit.cli.conftest import Installation


def test_a_new_installation_is_complete_and_checks_well(bare: Installation):
    said = bare.ok("init", "watch")
    assert "cd watch" in said
    assert "monitor run" in said
    assert (bare.folder / "watch/feeds.opml").read_bytes() == (SEEDS / "feeds.opml").read_bytes()
    rules = [path.relative_to(bare.folder / "watch/rules") for path in (bare.folder / "watch/rules").rglob("*.yaml")]
    assert sorted(rules) == sorted(path.relative_to(RULES) for path in RULES.rglob("*.yaml"))
    assert "all is well" in bare.ok("check", "-c", "watch/monitor.yaml")


def test_the_folder_one_stands_in_is_good_too(bare: Installation):
    assert "cd " not in bare.ok("init", ".")


def test_what_is_there_is_never_overwritten(bare: Installation):
    bare.write("watch/feeds.opml", "mine")
    said = bare.refused("init", "watch")
    assert said == "watch/feeds.opml: is there already (nothing was changed; choose another folder, or move it away)"
    assert bare.read("watch/feeds.opml") == "mine"
    assert not (bare.folder / "watch/monitor.yaml").exists()


def test_a_file_is_no_place_for_an_installation(bare: Installation):
    bare.write("watch", "")
    assert "watch: is a file (name a folder)" in bare.refused("init", "watch")
    assert "cannot be written: Not a directory" in bare.refused("init", "watch/deeper")
