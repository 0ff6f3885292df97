"""Writes docs/settings.md from the settings themselves: `make docs`."""

import sys

from pydantic_core import PydanticUndefined

from shared.settings import Settings

_OPENING = """\
# Settings

Every setting is an environment variable. The defaults run everything on one machine, in one folder; an option of the
command beats the environment. This page is made from `shared/settings.py` by `make docs`, and a test compares the two.

| variable | default | meaning |
| --- | --- | --- |
"""


def settings_page() -> str:
    """The page, in Markdown."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, PydanticUndefined) else f"`{field.default}`"
        meaning = " ".join((field.description or "").split())
        rows.append(f"| `DOORSTROOM_{name.upper()}` | {default} | {meaning} |\n")
    return _OPENING + "".join(rows)


def main() -> None:
    """Print the page."""
    sys.stdout.write(settings_page())


if __name__ == "__main__":
    main()
