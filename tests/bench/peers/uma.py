"""UmaDB (PyPI): its server, which is in the wheel, and its client; it syncs each commit, which holds what waits."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from umadb import Client, Event

from tests.bench.peers.store import Sent, Write
from tests.servers.waiting import free_port, wait_until

PAGE = 1000


class Uma:
    """A client for each thread."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._reader = Client(url)

    def writer(self) -> Write:
        """Events with the person as their tag, as its guide has it."""
        client = Client(self._url)

        def write(sent: Sequence[Sent]) -> None:
            client.append([Event("placement-started", one.body.encode(), tags=[one.person]) for one in sent])

        return write

    def read(self, after: int) -> Sequence[tuple[int, str]]:
        """A page after a position."""
        found = self._reader.read(start=after + 1, limit=PAGE)
        return [(one.position, json.loads(bytes(one.event.data))["id"]) for one in found]


@contextmanager
def opened(request: Mapping[str, Any]) -> Iterator[Uma]:
    """Its server on a free port, with a new file."""
    port = free_port()
    program = Path(sys.executable).with_name("umadb")
    data = Path(request["folder"]) / "uma.db"
    arguments = ["--listen", f"127.0.0.1:{port}", "--db-path", str(data)]
    with (Path(request["folder"]) / "uma.log").open("w") as log:
        server = subprocess.Popen([program, *arguments], stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: _answers(port), what="UmaDB")
        yield Uma(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait()


def _answers(port: int) -> bool:
    try:
        Client(f"http://127.0.0.1:{port}").head()
    except Exception:  # noqa: BLE001 - whatever it is that says that it does not answer yet
        return False
    return True
