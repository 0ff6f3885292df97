"""Writes docs/figures from the definitions of the figures: `make docs`."""

import sys
from pathlib import Path

from services.monitor.figures.pages import pages


def main() -> None:
    """Write every page into the folder that is named, and remove those of figures that are no more."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    main()
