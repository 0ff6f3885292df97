"""What each reader may do and see; nobody may or sees anything that was not given."""

from services.monitor.access.entry import reader_of
from services.monitor.access.reader import ALL, NOBODY, PUBLIC, Reader, may_see
from services.monitor.access.roles import ROLES, scopes_of
from shared.publishers.registry import SCOPES, Publisher

HAAGLANDEN, GRONINGEN, FRIESLAND = "JZ24", "JZ01", "JZ02"


def person(*roles: str, **bounds: object) -> Reader:
    return Reader("somebody", "person", scopes=scopes_of(roles), **bounds)  # type: ignore[arg-type]


def publisher(scopes: set[str], accommodations: set[str]) -> Reader:
    bounds = (frozenset[str](), frozenset[str](), frozenset(accommodations), frozenset(scopes))
    return reader_of(Publisher("ecd", *bounds))


def test_the_public_reads_suppressed_figures_and_nothing_else() -> None:
    assert [scope for scope in SCOPES if PUBLIC.may(scope)] == ["figures:read"]
    assert not any(NOBODY.may(scope) for scope in SCOPES)
    assert not PUBLIC.exact


def test_a_role_gives_only_scopes_that_exist() -> None:
    assert {scope for role in ROLES.values() for scope in role.scopes} <= SCOPES.keys()


def test_an_admin_may_do_everything() -> None:
    assert all(person("admin").may(scope) for scope in SCOPES)


def test_only_operations_and_admin_may_read_cases() -> None:
    assert [role for role in ROLES if person(role).may("cases:read")] == ["operations", "admin"]


def test_no_role_publishes_facts_but_admin() -> None:
    assert [role for role in ROLES if person(role).may("facts:write")] == ["admin"]


def test_figures_are_exact_within_the_readers_own_areas_only() -> None:
    reader = person("analyst", areas=frozenset({"noord"}))
    assert reader.exact_in(area="noord")
    assert reader.exact_in(region=GRONINGEN)
    assert not reader.exact_in(area="zuid")
    assert not reader.exact_in(region=HAAGLANDEN)
    assert not reader.exact_in()
    assert not reader.exact


def test_a_board_of_one_region_sees_that_region_exactly_and_not_its_area() -> None:
    reader = person("board", regions=frozenset({GRONINGEN}))
    assert reader.exact_in(region=GRONINGEN)
    assert not reader.exact_in(region=FRIESLAND)
    assert not reader.exact_in(area="noord")


def test_one_choice_within_the_bounds_is_enough_because_both_choose_together() -> None:
    reader = person("analyst", areas=frozenset({"noord"}), accommodations=frozenset({"schakenbosch"}))
    assert reader.exact_in(area="zuid-west", accommodation="schakenbosch")
    assert not reader.exact_in(area="zuid-west", accommodation="elsewhere")


def test_a_national_reader_is_exact_everywhere() -> None:
    reader = person("analyst", areas=ALL)
    assert reader.exact
    assert reader.exact_in(area="zuid")


def test_bounds_without_the_scope_are_worth_nothing() -> None:
    reader = person(areas=ALL)
    assert not reader.exact
    assert not reader.exact_in(area="noord")
    assert not may_see(reader, regions=[GRONINGEN])


def test_a_young_person_is_seen_by_the_area_the_region_or_the_accommodation() -> None:
    of_area = person("operations", areas=frozenset({"noord"}))
    of_region = person("operations", regions=frozenset({GRONINGEN}))
    of_accommodation = person("operations", accommodations=frozenset({"schakenbosch"}))
    assert [may_see(one, regions=[GRONINGEN]) for one in (of_area, of_region, of_accommodation)] == [True, True, False]
    assert [may_see(one, regions=[HAAGLANDEN], accommodations=["schakenbosch"]) for one in (of_area, of_region)] == [
        False,
        False,
    ]
    assert may_see(of_accommodation, regions=[HAAGLANDEN], accommodations=["schakenbosch"])


def test_of_whom_no_place_is_known_only_a_national_reader_sees_anything() -> None:
    assert not may_see(person("operations", areas=frozenset({"noord"})))
    assert may_see(person("operations", areas=ALL))


def test_an_analyst_sees_no_young_person() -> None:
    assert not may_see(person("analyst", areas=ALL), regions=[GRONINGEN])


def test_a_publisher_is_bound_to_its_accommodations() -> None:
    reader = publisher({"cases:read", "figures:exact"}, {"schakenbosch"})
    assert may_see(reader, regions=[HAAGLANDEN], accommodations=["schakenbosch"])
    assert not may_see(reader, regions=[HAAGLANDEN], accommodations=["elsewhere"])
    assert reader.exact_in(accommodation="schakenbosch")
    assert not reader.exact


def test_a_publisher_of_all_accommodations_is_national_and_one_of_none_sees_nothing() -> None:
    assert publisher({"figures:exact"}, {"*"}).exact
    assert not publisher({"figures:exact"}, set()).exact
    assert not may_see(publisher({"cases:read"}, set()), regions=[GRONINGEN], accommodations=["schakenbosch"])
