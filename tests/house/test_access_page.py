"""The page about access says of each role what the code gives it."""

from services.monitor.access.roles import ROLES
from tests.house.source import PROJECT


def test_the_page_about_access_has_the_table_of_roles() -> None:
    page = (PROJECT / "docs" / "access.md").read_text()
    section = page.split("## Roles of persons\n", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    scopes = {name: ", ".join(f"`{scope}`" for scope in sorted(role.scopes)) for name, role in ROLES.items()}
    assert rows == [f"| `{name}` | {role.meaning} | {scopes[name]} |" for name, role in ROLES.items()]
