"""The threat model names a test for each line, or says that the risk is accepted; test_evidence.py looks for them."""

import pytest

from tests.house.source import PROJECT

PAGE = PROJECT / "docs" / "threats.md"
ARROWS = (
    "Publisher → door",
    "Door → ledger",
    "Ledger → relay → Redis",
    "Redis → monitor",
    "Monitor → feed",
    "Reader → monitor",
    "Operator → command",
    "Backup files",
    "Prometheus and Alertmanager",
)


def sections() -> dict[str, list[list[str]]]:
    """The lines of the table under each heading, as cells."""
    found = {}
    for part in PAGE.read_text().split("\n## ")[1:]:
        heading, _, body = part.partition("\n")
        lines = [line for line in body.splitlines() if line.startswith("|")][2:]
        found[heading] = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return found


@pytest.mark.parametrize("arrow", ARROWS)
def test_every_kind_of_threat_is_gone_through_for_each_arrow(arrow: str) -> None:
    kinds = {kind for cells in sections()[arrow] for kind in cells[0].split()}
    assert kinds == set("STRIDE")


def test_every_line_has_a_test_or_is_an_accepted_risk() -> None:
    lines = [cells for table in sections().values() for cells in table]
    assert [cells for cells in lines if len(cells) != 4] == []
    assert [cells for cells in lines if "::" not in cells[3] and "**Accepted**" not in cells[2]] == []


def test_every_arrow_of_the_page_is_gone_through() -> None:
    assert tuple(sections()) == ARROWS
