"""Every link in a page leads somewhere: a file of this project, or a heading in one."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import PROJECT

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ +(.+?) *#*$", re.MULTILINE)


def pages() -> list[Path]:
    """Every page that is in the project, not what lies around."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        return [PROJECT / name for name in listed.stdout.splitlines() if (PROJECT / name).exists()]
    return [page for page in PROJECT.rglob("*.md") if ".venv" not in page.parts]


def broken(page: Path, text: str) -> Iterator[str]:
    """The links of a page with this text that lead nowhere."""
    for target in LINK.findall(FENCE.sub("", text)):
        path, _, heading = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = (page.parent / path).resolve() if path else page
        inside = file.is_relative_to(PROJECT) and file.exists()
        if not inside or (heading and file.suffix == ".md" and heading not in anchors(file.read_text())):
            yield target


def anchors(text: str) -> set[str]:
    """The names of the headings of a page, as a forge makes them."""
    headings = HEADING.findall(FENCE.sub("", text))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert list(broken(page, page.read_text())) == []


@pytest.mark.parametrize("target", ["nothing.md", "docs/facts.md#no-such-heading", "../outside.md", "#no-such-heading"])
def test_a_link_that_leads_nowhere_is_found(target: str) -> None:
    assert list(broken(PROJECT / "README.md", f"See [this]({target}).")) == [target]


@pytest.mark.parametrize("target", ["docs/facts.md", "docs/facts.md#facts", "docs", "https://example.org/#x"])
def test_a_link_that_leads_somewhere_is_left_alone(target: str) -> None:
    assert list(broken(PROJECT / "README.md", f"See [this]({target}).")) == []


def test_the_pages_that_a_newcomer_looks_for_are_there() -> None:
    wanted = {"README", "ARCHITECTURE", "CONTRIBUTING", "CHANGELOG", "SECURITY", "GOVERNANCE", "CODE_OF_CONDUCT"}
    assert wanted <= {page.stem for page in pages() if page.parent == PROJECT}
