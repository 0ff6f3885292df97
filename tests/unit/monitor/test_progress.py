"""How far the ledgers were read, from a version of what is derived."""

from services.monitor.progress import facts_in


def test_each_service_is_as_far_as_its_furthest_stream_and_rules_are_no_position() -> None:
    streams = (("s:facts:intake:0", 40), ("s:facts:intake:1", 38), ("s:facts:placement:0", 7))
    assert facts_in((*streams, ("2026-3", 12))) == 47
    assert facts_in(()) == 0
