"""Makes the cockpit's utrecht.css of the packages in vendor.toml: fetched with npm, verified, and cut to what is used.

Run `python infra/styles/vendor_styles.py` where npm is installed; the result is checked in, so nobody else needs npm.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TARGET = HERE.parents[1] / "services" / "monitor" / "cockpit" / "static" / "utrecht.css"
HEADER = """/*
 * SPDX-FileCopyrightText: 2020-2024 Frameless B.V.
 * SPDX-FileCopyrightText: 2021-2024 Gemeente Utrecht
 * SPDX-License-Identifier: EUPL-1.2
 *
 * Made by infra/styles/vendor_styles.py of {packages}.
 */
"""


def main() -> int:
    """Write the style sheet."""
    manifest = tomllib.loads((HERE / "vendor.toml").read_text())
    packages = manifest["packages"]
    names = ", ".join(f"{one['name']} {one['version']}" for one in packages)
    used = frozenset(manifest["classes"])
    styles = [kept for one in packages for kept in cut(fetched(one), used)]
    TARGET.write_text(HEADER.format(packages=names) + "\n".join(styles) + "\n")
    return 0


def fetched(package: dict[str, Any]) -> str:
    """The style sheet of one package. Raises SystemExit when it is not the one that was looked at."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed to fetch the packages")
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(  # noqa: S603 - the names stand in our own manifest
            [npm, "pack", "--silent", f"{package['name']}@{package['version']}"],
            cwd=folder, capture_output=True, text=True, check=True,
        )  # fmt: skip
        with tarfile.open(Path(folder) / done.stdout.strip()) as archive:
            member = archive.extractfile(f"package/{package['file']}")
            content = member.read() if member else b""
    if hashlib.sha256(content).hexdigest() != package["sha256"]:
        sys.exit(f"{package['name']} {package['version']}: the content is not the expected one")
    return content.decode()


def cut(styles: str, used: frozenset[str]) -> Iterator[str]:
    """The rules of which every class is used; of a list of selectors those that are."""
    for head, body in rules(re.sub(r"/\*.*?\*/", "", styles, flags=re.DOTALL)):
        if head.startswith("@"):
            inside = "".join(cut(body, used))
            if inside:
                yield f"{head}{{{inside}}}"
        else:
            kept = [one for one in head.split(",") if set(re.findall(r"\.([\w-]+)", one)) <= used]
            if kept:
                yield f"{','.join(kept)}{{{body}}}"


def rules(styles: str) -> Iterator[tuple[str, str]]:
    """Each rule at the top: what is before its braces and what is in them."""
    depth, start, opened = 0, 0, 0
    for at, letter in enumerate(styles):
        if letter == "{":
            depth += 1
            if depth == 1:
                opened = at
        elif letter == "}":
            depth -= 1
            if depth == 0:
                yield styles[start:opened].strip(), styles[opened + 1 : at]
                start = at + 1


if __name__ == "__main__":
    sys.exit(main())
