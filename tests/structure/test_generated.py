"""What is made from the rules stands in the repository as it would be made now."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MADE = {
    "docs/indicators.md": ("rules", "page", "rules"),
    "rules/schema.json": ("rules", "schema"),
}


@pytest.mark.parametrize("path", MADE)
def test_a_generated_file_is_in_step(path: str) -> None:
    command = [sys.executable, "-m", "monitor", *MADE[path]]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert (ROOT / path).read_text(encoding="utf-8") == made.stdout, f"run: monitor {' '.join(MADE[path])} > {path}"
