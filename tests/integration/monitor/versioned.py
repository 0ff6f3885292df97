"""A monitor of another version, in a process of its own: its catalogue has one more family of facts.

Called with a folder of family files, the URL of the monitor's database, a file with the streams, and what to do.
"""

import base64
import json
import sys
from pathlib import Path

import shared.facts


def main(families: str, url: str, streams: str, deed: str) -> None:
    """Project the streams, or replay what was parked; prints what became of it."""
    shared.facts.__path__.append(families)
    from services.monitor.replay import Replay
    from tests.integration.monitor.conftest import RULES, digest_of, prepared, projector_on
    from tests.integration.monitor.ledgers import NOON, Ledgers, Stream

    engine, ledgers = prepared(url), Ledgers()
    for service, partition, told in json.loads(Path(streams).read_text()):
        entries = [(entry_id.encode(), base64.b64decode(event)) for entry_id, event in told]
        ledgers.streams[Stream(service, partition)] = entries
    if deed == "replay":
        Replay(engine, rules=RULES, clock=lambda: NOON).everything()
    projector = projector_on(engine, ledgers)
    projector.apply(ledgers.batches())
    print(json.dumps({"digest": digest_of(engine), "halted": [stream.name for stream in projector.halted]}))  # noqa: T201
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
