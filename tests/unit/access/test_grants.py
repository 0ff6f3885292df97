"""What claims give somebody, and how the access log will name them."""

from typing import Any

import pytest

from services.monitor.access.grants import Grant, name_of, person_of
from services.monitor.access.reader import ALL

NORTH = Grant(claim="groups", value="noord", roles=("operations",), areas=("noord",), organisation="Regio Noord")
ANALYST = Grant(claim="realm.roles", value="analyst", roles=("analyst",), areas=("*",))
GRANTS = (NORTH, ANALYST)


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({"groups": ["x", "noord"]}, ("operations",)),
        ({"groups": "noord"}, ("operations",)),
        ({"realm": {"roles": ["analyst"]}}, ("analyst",)),
        ({"realm.roles": ["analyst"]}, ("analyst",)),
        ({"groups": ["noord"], "realm": {"roles": "analyst"}}, ("operations", "analyst")),
    ],
)
def test_a_claim_with_the_value_gives_the_roles(claims: dict[str, Any], roles: tuple[str, ...]) -> None:
    person = person_of({"sub": "1"} | claims, GRANTS, name_claim="preferred_username")
    assert person is not None
    assert person.roles == roles


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"groups": []},
        {"groups": ["noorden"]},
        {"groups": "noord-holland"},
        {"groups": {"noord": True}},
        {"groups": None},
        {"groups": True},
        {"realm": "analyst"},
        {"realm": {"roles": {"analyst": 1}}},
        {"roles": ["analyst"]},
    ],
)
def test_anything_else_gives_nothing(claims: dict[str, Any]) -> None:
    assert person_of({"sub": "1"} | claims, GRANTS, name_claim="preferred_username") is None


def test_all_areas_in_one_grant_beat_one_area_in_another() -> None:
    claims = {"sub": "1", "groups": "noord", "realm": {"roles": "analyst"}}
    person = person_of(claims, GRANTS, name_claim="preferred_username")
    assert person is not None
    assert (person.areas, person.organisation) == (ALL, "Regio Noord")


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"sub": "1"}, "oidc:1"),
        ({"sub": "1", "preferred_username": "jansen"}, "jansen (oidc:1)"),
        ({"sub": "1", "preferred_username": 7}, "oidc:1"),
        ({"sub": "1", "preferred_username": "root (oidc:2)\n\x00"}, "root ?oidc:2??? (oidc:1)"),
        ({"sub": "1", "preferred_username": "x" * 1000}, f"{'x' * 100} (oidc:1)"),
    ],
)
def test_nobody_can_take_the_name_of_another(claims: dict[str, Any], name: str) -> None:
    """The subject is the provider's; what else they are called may be chosen by themselves."""
    assert name_of(claims, name_claim="preferred_username") == name
