"""The pages say what the code knows, and their links lead somewhere."""

import re
import shutil
from pathlib import Path

import pytest
from pydantic import BaseModel

from monitor.channels.table import CHANNELS
from monitor.cli.main import COMMANDS
from monitor.rules.conditions.table import CONDITIONS
from monitor.rules.load import load
from monitor.rules.operators.table import OPERATORS
from monitor.rules.rule import Rule
from monitor.settings.schema import (
    ChannelSection,
    DeliverySection,
    Document,
    EscalationSection,
    FeedSection,
    HeartbeatSection,
    JudgeSection,
    PollingSection,
    Subscription,
    WebSection,
)
from monitor.sources.table import SOURCES
from monitor.text.template import FIELDS

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "seeds/brief.md"])
RULES = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
OPERATING = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
EXTENDING = (ROOT / "docs/extending.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(rule:.*?)```", RULES, re.DOTALL)


def links() -> list[tuple[Path, str]]:
    found = ((page, link) for page in PAGES for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")))
    return [(page, link) for page, link in found if "://" not in link]


def anchors(page: Path) -> set[str]:
    text = page.read_text(encoding="utf-8")
    headings = (re.sub(r"[^\w\- ]", "", heading).strip().lower() for heading in re.findall(r"^#+ (.+)$", text, re.M))
    return {heading.replace(" ", "-") for heading in headings} | set(re.findall(r'<a id="([^"]+)">', text))


@pytest.mark.parametrize("key", [*OPERATORS, *CONDITIONS])
def test_every_operator_and_condition_has_a_section(key: str) -> None:
    headings = re.findall(r"^### (.+)$", RULES, re.MULTILINE)
    assert any(f"`{key}`" in heading for heading in headings)


def test_no_section_is_about_something_that_is_gone() -> None:
    named = set(re.findall(r"`(\w+)`", " ".join(re.findall(r"^### (.+)$", RULES, re.MULTILINE))))
    assert named <= {*OPERATORS, *CONDITIONS}


@pytest.mark.parametrize("kind", [*SOURCES, *CHANNELS])
def test_every_kind_of_source_and_channel_is_named(kind: str) -> None:
    assert f"`{kind}`" in EXTENDING


def test_every_field_of_a_template_is_named() -> None:
    assert [field for field in FIELDS if not re.search(rf"\b{field}\b", RULES)] == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.split("\n")[0])
def test_an_example_of_a_rule_is_one(example: str, tmp_path: Path) -> None:
    (tmp_path / "example.yaml").write_text(example, encoding="utf-8")
    for other in set(re.findall(r"rules: \[([\w-]+)\]", example)):  # a reading is made from other rules
        (tmp_path / f"{other}.yaml").write_text(f"rule: {other}\nmatch: [{other}]\n", encoding="utf-8")
    shutil.copytree(ROOT / "rules/lexicons", tmp_path / "lexicons")
    loaded = load([tmp_path])
    assert [str(problem) for problem in loaded.problems] == []
    assert "example.yaml" in {Path(rule.path).name for rule in loaded.rules.rules}


@pytest.mark.parametrize(("page", "link"), links(), ids=lambda value: getattr(value, "name", value))
def test_a_link_leads_to_a_page_and_its_section(page: Path, link: str) -> None:
    path, _, section = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    assert target.exists()
    assert not section or section in anchors(target)


def test_every_path_that_a_page_names_is_there() -> None:
    named = {
        (page.name, path)
        for page in PAGES
        for path in re.findall(r"`((?:monitor|tests|rules|seeds|docs|container)/[\w./-]+)`", page.read_text("utf-8"))
    }
    assert [(page, path) for page, path in sorted(named) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_explained(command: str) -> None:
    assert re.search(rf"\bmonitor {command}\b", OPERATING)


def test_no_page_tells_of_a_command_that_is_not_there() -> None:
    code = " ".join(re.findall(r"`[^`]+`|^```\n.*?^```", OPERATING, re.MULTILINE | re.DOTALL))
    assert set(re.findall(r"\bmonitor ([a-z]+(?:-[a-z]+)*)", code)) - {"monitor"} <= set(COMMANDS)


@pytest.mark.parametrize(
    "section",
    [
        Document,
        PollingSection,
        FeedSection,
        ChannelSection,
        Subscription,
        WebSection,
        JudgeSection,
        DeliverySection,
        EscalationSection,
        HeartbeatSection,
    ],
)
def test_every_key_of_the_configuration_is_explained(section: type[BaseModel]) -> None:
    other_words = {"title", "severity"}
    assert [key for key in section.model_fields if f"`{key}`" not in OPERATING and key not in other_words] == []


@pytest.mark.parametrize("rule", load([ROOT / "rules"]).rules.rules, ids=lambda rule: rule.id)
def test_a_shipped_rule_names_its_section_of_the_brief(rule: Rule) -> None:
    page, _, section = rule.source.partition("#")
    assert page == "seeds/brief.md"
    assert section in anchors(ROOT / page)
    assert f"`{rule.id}`" in (ROOT / page).read_text(encoding="utf-8")
