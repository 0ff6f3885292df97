"""What the claims of an identity provider give somebody here, as a file of grants says."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from services.monitor.access.person import Person, PersonInvalid, bound, check

NAME_LENGTH_MAX = 100


class GrantsInvalid(ValueError):
    """The file of grants cannot be used; the message says why."""


class Grant(BaseModel):
    """Whoever has this value in this claim gets these roles, and sees this part of the country."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    claim: Annotated[str, Field(min_length=1)]
    """A name of a claim; a dot goes into an object, as in `realm_access.roles`."""
    value: str
    """The claim is this text, or a list with it."""
    roles: Annotated[tuple[str, ...], Field(min_length=1)]
    areas: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    accommodations: tuple[str, ...] = ()
    organisation: str | None = None

    def fits(self, claims: Mapping[str, Any]) -> bool:
        """Whether these claims have it."""
        found: Any = claims
        for name in (self.claim,) if self.claim in claims else self.claim.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
        return found == self.value or (isinstance(found, list) and self.value in found)


_GRANTS = TypeAdapter(tuple[Grant, ...])


def grants_in(file: Path) -> tuple[Grant, ...]:
    """The grants of a JSON file. Raises GrantsInvalid for one that cannot be read, or gives what does not exist."""
    try:
        grants = _GRANTS.validate_json(file.read_bytes())
        for grant in grants:
            check(_person("somebody", [grant]))
    except (OSError, ValidationError, PersonInvalid) as error:
        raise GrantsInvalid(f"{file} cannot be used: {_reason(error)}") from error
    return grants


def _reason(error: OSError | ValidationError | PersonInvalid) -> str:
    """What is wrong with a file, in one line."""
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False, include_input=False)
        return "; ".join(": ".join(filter(None, (".".join(map(str, one["loc"])), one["msg"]))) for one in found)
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def person_of(claims: Mapping[str, Any], grants: Sequence[Grant], *, name_claim: str) -> Person | None:
    """The person that these verified claims are about, with everything they are granted; None when that is nothing.

    The name has the subject in it, which no provider gives to somebody else later, as it may a user name.
    """
    fitting = [grant for grant in grants if grant.fits(claims)]
    if not fitting:
        return None
    return _person(name_of(claims, name_claim=name_claim), fitting)


def name_of(claims: Mapping[str, Any], *, name_claim: str) -> str:
    """What the access log calls them: the name that people know, and the subject."""
    subject, known_as = str(claims["sub"])[:NAME_LENGTH_MAX], claims.get(name_claim)
    if not isinstance(known_as, str):
        return f"oidc:{_printable(subject)}"
    return f"{_printable(known_as[:NAME_LENGTH_MAX])} (oidc:{_printable(subject)})"


def _person(name: str, grants: Sequence[Grant]) -> Person:
    return Person(
        name,
        tuple(dict.fromkeys(role for grant in grants for role in grant.roles)),
        next((grant.organisation for grant in grants if grant.organisation), None),
        areas=bound(area for grant in grants for area in grant.areas),
        regions=frozenset(region for grant in grants for region in grant.regions),
        accommodations=bound(one for grant in grants for one in grant.accommodations),
    )


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() and character not in "()" else "?" for character in text)
