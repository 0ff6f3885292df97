"""Inputs that are led by coverage: atheris changes bytes in whatever way reaches new lines of the door.

`guided` starts such a run as a process of its own (`python -m tests.fuzz.instrumented`): libFuzzer ends the process it
runs in, and counts the lines only of what is imported under its eyes.
"""

import asyncio
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from tests.fuzz.inputs import Input, Inputs
from tests.fuzz.rounds import Checking, Failure, Tally
from tests.fuzz.target import Answer, running

LENGTH_MAX = 8_192
"""Of one input, in bytes."""

FIRST_INPUTS = 300
"""Inputs from the grammar that it begins with."""

_FORMS = (
    b"application/cloudevents+json",
    b"application/cloudevents-batch+json",
    b"application/x-ndjson",
    b"application/json",
)
_GZIP, _STRICT = 4, 8


def guided(*, inputs: int, seed: int) -> tuple[int, Failure | None]:
    """Run so many; how many were done, and the failure. None are done where atheris is not installed."""
    if find_spec("atheris") is None:
        sys.stderr.write("atheris is not installed, so nothing was led by coverage: uv sync --group fuzz\n")
        return 0, None
    with TemporaryDirectory(prefix="doorstroom-guided-") as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        _begin(corpus, seed)
        limits = [f"-runs={inputs}", f"-seed={seed}", f"-max_len={LENGTH_MAX}", f"-artifact_prefix={folder}/"]
        done = subprocess.run(
            [sys.executable, "-m", "tests.fuzz.instrumented", str(corpus), *limits],
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            crashes = [path.read_bytes() for path in Path(folder).glob("crash-*")]
            crash = as_input(crashes[0]) if crashes else Input(0, "guided", [], ())
            return 0, Failure(done.stderr[-6_000:], crash, Answer(None, {}, b""))
    counted = re.findall(r"Done (\d+) runs", done.stderr)
    return int(counted[-1]), None


def as_input(data: bytes) -> Input:
    """What bytes stand for: the first says in which form the rest is sent, and how."""
    how, body = (data[0], data[1:]) if data else (0, b"")
    headers = [(b"content-type", _FORMS[how & 3])]
    headers += [(b"content-encoding", b"gzip")] if how & _GZIP else []
    headers += [(b"prefer", b"handling=strict")] if how & _STRICT else []
    if how & 3 == 3:
        # Attributes stand before the data, a line each, as they do in a request.
        *attributes, body = body.split(b"\n")
        parted = (line.partition(b":") for line in attributes)
        headers += [(b"ce-" + name[:40], value) for name, _, value in parted if name.isalnum()]
    return Input(0, "guided", headers, (body,))


def as_bytes(one: Input) -> bytes | None:
    """The other way; None for what has no such form."""
    together = dict(one.headers)
    form = together.get(b"content-type")
    if form not in _FORMS or len(one.body) > LENGTH_MAX:
        return None
    how = _FORMS.index(form) | (_GZIP if b"content-encoding" in together else 0)
    named = [header for header in one.headers if header[0].startswith(b"ce-") and how & 3 == 3]
    attributes = b"".join(name[3:] + b":" + value + b"\n" for name, value in named)
    return bytes([how | (_STRICT if b"prefer" in together else 0)]) + attributes + one.body


def _begin(corpus: Path, seed: int) -> None:
    drawn = Inputs(Random(f"{seed}/guided"), round_name="g")
    for number in range(FIRST_INPUTS):
        content = as_bytes(drawn.draw(number))
        if content is not None:
            (corpus / str(number)).write_bytes(content)


def fuzz(atheris: Any, arguments: list[str]) -> None:
    """Hand this process to libFuzzer, with these options."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    with TemporaryDirectory(prefix="doorstroom-fuzz-") as folder:
        opened = running(Path(folder))
        checking, tally = Checking(loop.run_until_complete(opened.__aenter__())), Tally()

        def one_input(data: bytes) -> None:
            loop.run_until_complete(checking.send([as_input(data)], tally))
            if tally.failures:
                raise AssertionError(str(tally.failures[0]))

        atheris.Setup(["fuzz", *arguments], one_input)
        atheris.Fuzz()
