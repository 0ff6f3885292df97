"""What Doorstroom is made of: the list that `make sbom` writes, and the check that `make audit` does."""

import json
import os
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.source import PROJECT

EXPORT = (sys.executable, "-m", "uv", "export", "--frozen", "--no-dev", "--format", "cyclonedx1.5", "--quiet")


@pytest.fixture(scope="module")
def text() -> str:
    """The list, as the Makefile makes it."""
    assert " ".join(EXPORT[1:]) in (PROJECT / "Makefile").read_text()
    made = subprocess.run([*EXPORT, "--offline"], cwd=PROJECT, capture_output=True, text=True, check=True)
    return made.stdout


@pytest.fixture(scope="module")
def components(text: str) -> dict[str, dict[str, Any]]:
    """Its packages by name."""
    return {component["name"]: component for component in json.loads(text)["components"]}


def running(name: str, extras: frozenset[str] = frozenset()) -> dict[str, str]:
    """A package and all that it needs on this machine, with the versions that are installed."""
    found: dict[str, str] = {}
    waiting = [(name, extras)]
    seen = set(waiting)
    while waiting:
        package, wanted = waiting.pop()
        installed = distribution(package)
        found[canonicalize_name(package)] = installed.version
        for line in installed.requires or ():
            needed = Requirement(line)
            environments = [{"extra": extra} for extra in wanted or {""}]
            if needed.marker is None or any(needed.marker.evaluate(one) for one in environments):
                one = (needed.name, frozenset(needed.extras))
                if one not in seen:
                    seen.add(one)
                    waiting.append(one)
    return found


def test_the_list_fits_the_schema_of_cyclonedx(text: str) -> None:
    """With two files of each package: the time that the check takes grows with the square of them, to minutes."""
    listed = json.loads(text)
    for component in listed["components"]:
        component["externalReferences"] = component["externalReferences"][:2]
    assert JsonStrictValidator(SchemaVersion.V1_5).validate_str(json.dumps(listed)) is None


def test_the_list_names_every_package_that_runs_and_none_of_the_tests(components: dict[str, dict[str, Any]]) -> None:
    needed = running("doorstroom")
    del needed["doorstroom"]
    assert len(needed) > 30
    assert {name: components[name]["version"] for name in needed} == needed
    assert not {"pytest", "mypy", "schemathesis"} & components.keys()


def test_every_package_of_the_list_can_be_told_from_another_by_its_sum(components: dict[str, dict[str, Any]]) -> None:
    for component in components.values():
        assert component["purl"].startswith(f"pkg:pypi/{component['name']}@{component['version']}")
        sums = [entry for file in component["externalReferences"] for entry in file["hashes"]]
        assert {entry["alg"] for entry in sums} == {"SHA-256"}


@pytest.mark.parametrize(
    ("said", "code", "required", "expected"),
    [
        ("Found no known vulnerabilities", 0, "", 0),
        ("Found 1 known vulnerability in 1 package", 1, "", 1),
        ("error: Request failed\n  cause: error sending request for url (https://x)", 2, "", 0),
        ("error: Request failed\n  cause: error sending request for url (https://x)", 2, "1", 1),
        ("error: something else", 2, "", 1),
    ],
)
def test_an_audit_that_could_not_be_done_says_so_and_only_fails_when_it_is_required(
    tmp_path: Path, said: str, code: int, required: str, expected: int
) -> None:
    """With a uv that says what it says there: a weakness is red, whatever else happens."""
    stand_in = tmp_path / "python"
    stand_in.write_text(f"#!/bin/sh\ncat <<'END' >&2\n{said}\nEND\nexit {code}\n")
    stand_in.chmod(0o755)
    environment = {**os.environ, "PYTHON": str(stand_in), "REQUIRE_AUDIT": required}
    done = subprocess.run([PROJECT / ".ci" / "audit"], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == expected, done.stdout
    assert said in done.stdout or "not held against" in done.stdout
