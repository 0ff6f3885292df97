"""Where a young person is decides who may see the dossier; where they were before does not."""

from services.monitor.access.places import Places, may_see_dossier, places_of
from services.monitor.access.reader import Reader
from tests.unit.dossier.given import discharged, folded, moved, referred, start

HAAGLANDEN = Reader("team", "person", scopes=frozenset({"cases:read"}), regions=frozenset({"JZ24"}))


def places(*regions_and_accommodations: str) -> Places:
    regions = frozenset(one for one in regions_and_accommodations if one.startswith("JZ"))
    return Places(regions, frozenset(regions_and_accommodations) - regions)


def test_a_young_person_is_where_the_open_placement_is() -> None:
    dossier = folded(
        start("P1", "2024-01-10", at="A"),
        discharged("P1", "2024-02-01"),
        start("P2", "2025-01-10", at="B", region="JZ01"),
    )
    assert places_of(dossier) == places("JZ01", "B")
    assert not may_see_dossier(HAAGLANDEN, dossier)


def test_after_the_last_placement_it_is_where_that_was() -> None:
    dossier = folded(
        start("P1", "2024-01-10", at="A", region="JZ01"),
        moved("P1", "2024-02-01", to="B"),
        start("P2", "2024-02-01", at="B"),
        discharged("P2", "2024-03-01"),
    )
    assert places_of(dossier) == places("JZ24", "B")
    assert may_see_dossier(HAAGLANDEN, dossier)


def test_of_two_open_placements_both_count() -> None:
    dossier = folded(start("P1", "2024-01-10", at="A", regime="open"), start("P2", "2024-02-10", at="B", region="JZ01"))
    assert places_of(dossier) == places("JZ24", "A", "JZ01", "B")


def test_without_a_placement_there_is_no_place_yet() -> None:
    dossier = folded(referred("R1", "2024-01-10"))
    assert places_of(dossier) == Places()
    assert not may_see_dossier(HAAGLANDEN, dossier)
