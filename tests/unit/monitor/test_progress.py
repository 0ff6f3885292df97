"""How far the ledgers were read, from a version of what is derived."""

from services.monitor.progress import Version, facts_in


def test_each_service_is_as_far_as_its_furthest_stream_and_rules_are_no_position() -> None:
    streams = (("s:facts:intake:0", 40), ("s:facts:intake:1", 38), ("s:facts:placement:0", 7))
    assert facts_in(Version(streams, '{"version": "2026-3", "link_days": 7}', 12)) == 47
    assert facts_in(Version((), None, None)) == 0
