"""Reads the rule file once at the start, and refuses to start on one that does not hold together."""

import tomllib
from functools import cache
from hashlib import sha256
from importlib.resources import files

from pydantic import ValidationError

from services.monitor.alerts.conditions.judging import faults
from services.monitor.alerts.conditions.rules import Rulebook
from services.monitor.alerts.conditions.units import unit_faults

SHOWN_MAX = 10
"""Errors that a message shows."""

_FILE = "rules.toml"


class RulesBroken(Exception):
    """The rule file cannot be used; the message says where and why."""


@cache
def rulebook() -> Rulebook:
    """The rules that this version ships with."""
    return read_rules(_text())


def read_rules(text: str) -> Rulebook:
    """Rules from TOML. Raises RulesBroken with everything that is wrong, by the place in the file."""
    try:
        rules = Rulebook.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise RulesBroken(f"the rule file of the alerts is no TOML: {error}") from error
    except ValidationError as error:
        found = error.errors(include_url=False)[:SHOWN_MAX]
        wrong = "; ".join(f"{_place(one['loc'])}: {one['msg']}" for one in found)
        raise RulesBroken(f"the rule file of the alerts is not right: {wrong}") from error
    if missing := [*faults(rules), *unit_faults(rules)]:
        raise RulesBroken(f"the rule file of the alerts is not right: {'; '.join(missing[:SHOWN_MAX])}")
    return rules


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in location) or "the file"


def edition(rules: Rulebook) -> str:
    """A short checksum: rules that say the same have the same edition."""
    return sha256(rules.model_dump_json().encode()).hexdigest()[:16]


def _text() -> str:
    return files(__package__).joinpath(_FILE).read_text(encoding="utf-8")
