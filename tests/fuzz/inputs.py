"""Draws inputs by a seed: whole requests to publish, from faultless to senseless, each with a name of what it is."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote

from shared.door.media import Mode
from tests.fuzz.events import Events
from tests.fuzz.packing import BOMBS, PACKINGS, TEXTS, in_pieces
from tests.fuzz.written import Members, strange, written

PUBLISH, TRY_OUT = "/v1/events", "/v1/events/_validate"
Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Input:
    """One request, without the token: that is the target's."""

    number: int
    form: str
    """Which of the forms it is written in."""
    headers: Headers
    pieces: tuple[bytes, ...]
    path: str = PUBLISH
    whose: str = "all"
    """Who sends it: a name that the target knows."""
    left: bool = False
    """The sender hangs up after the last piece, before the end of the body."""
    damages: list[str] = field(default_factory=list)
    """What is wrong with it, by name; nothing when it is faultless."""

    @property
    def body(self) -> bytes:
        """All pieces together."""
        return b"".join(self.pieces)


class Inputs:
    """The inputs of one round; the same for the same seed and round."""

    def __init__(self, random: Random, *, round_name: str) -> None:
        self._random = random
        self._events = Events(random)
        self._round = round_name

    def draw(self, number: int) -> Input:
        """The next one."""
        random = self._random
        form = random.choices(list(FORMS), weights=[weight for weight, _ in FORMS.values()])[0]
        made = Input(number, form, [], ())
        body = FORMS[form][1](self, made)
        if random.random() < 0.25:
            made.damages.append(name := random.choice(list(TEXTS)))
            body = TEXTS[name](body, random)
        if random.random() < 0.35 or "long" in made.damages:
            body = self._packed(made, body)
        made.pieces = in_pieces(body, random)
        self._around(made)
        return made

    def _packed(self, made: Input, body: bytes) -> bytes:
        random = self._random
        if random.random() < 0.004:
            name, pack = random.choice(list(BOMBS.items()))
        elif "long" in made.damages and random.random() < 0.5:
            name, pack = "gzip cut off", PACKINGS["gzip cut off"]
        elif random.random() < 0.4:
            name, pack = "gzip", PACKINGS["gzip"]
        else:
            name, pack = random.choice(list(PACKINGS.items()))
        made.damages += [name] if name != "gzip" else []
        made.headers.append((b"content-encoding", b"gzip"))
        return pack(body, random)

    def _around(self, made: Input) -> None:
        """Who sends it where, with which other headers, and whether to the end."""
        random = self._random
        if random.random() < 0.08:
            made.path = TRY_OUT
        if random.random() < 0.08:
            made.whose = random.choice(("narrow", "reader", "nobody"))
        if random.random() < 0.02:
            made.left = True
        if random.random() < 0.08:
            made.damages.append("strange headers")
            name = random.choice(list(_HEADERS))
            value = random.choice(_HEADERS[name])
            if random.random() < 0.5:
                made.headers = [header for header in made.headers if header[0] != name]
            made.headers.append((name, value))

    def event(self, number: int, place: int, made: Input) -> Members:
        """One event, damaged or not."""
        event_id = f"{self._round}-{number}-{place}"
        if self._random.random() < 0.55:
            return self._events.valid(event_id)
        event, done = self._events.damaged(event_id)
        made.damages += done
        return event

    def one(self, made: Input) -> bytes:
        """One structured event."""
        made.headers.append((b"content-type", Mode.STRUCTURED.value.encode()))
        return self._text(self.event(made.number, 0, made))

    def batch(self, made: Input) -> bytes:
        """An array of events."""
        random = self._random
        made.headers.append((b"content-type", Mode.BATCH.value.encode()))
        if random.random() < 0.2:
            made.headers.append((b"prefer", b"handling=strict"))
        if random.random() < 0.005:
            return b"[" + b",".join([b"{}"] * random.choice((999, 1_000, 1_001))) + b"]"
        items = [self._item(made, place) for place in range(random.randrange(6))]
        return b"[" + random.choice((b",", b" ,\n")).join(items) + b"]"

    def lines(self, made: Input) -> bytes:
        """NDJSON; now and then so long that it is stored in more than one go."""
        random = self._random
        made.headers.append((b"content-type", Mode.LINES.value.encode()))
        many = random.random() < 0.005
        made.damages += ["long"] if many else []
        items = [
            self._item(made, place) for place in range(random.randrange(500, 620) if many else random.randrange(7))
        ]
        return random.choice((b"\n", b"\r\n", b"\n\n")).join(items)

    def binary(self, made: Input) -> bytes:
        """Attributes in headers, the data in the body."""
        random = self._random
        made.headers.append((b"content-type", b"application/json"))
        data = b"{}"
        for key, value in self.event(made.number, 0, made).pairs:
            if key == "data":
                data = self._text(value)
                continue
            text = str(_plain(value))
            sent = quote(text, errors="surrogatepass", safe="!#$&'()*+,/:;=?@[]~ ") if random.random() < 0.95 else text
            header = (f"ce-{key.lower()}".encode("utf-8", "surrogatepass"), sent.encode("latin-1", "replace"))
            made.headers.append(header)
        return data

    def senseless(self, made: Input) -> bytes:
        """Bytes without any meaning."""
        random = self._random
        made.damages.append("no meaning")
        made.headers.append((b"content-type", random.choice(list(Mode)).value.encode()))
        return random.choice(
            (random.randbytes(random.randrange(200)), b"", b"[" * random.randrange(3_000), b"\n" * 700)
        )

    def _item(self, made: Input, place: int) -> bytes:
        if self._random.random() < 0.03:
            made.damages.append("no event")
            return strange(self._random).encode("utf-8", "replace")
        return self._text(self.event(made.number, place, made), lines=made.form == "lines")

    def _text(self, value: Members | str, *, lines: bool = False) -> bytes:
        text = written(value, self._random if self._random.random() < 0.2 else None)
        return (text.replace("\n", " ").replace("\r", " ") if lines else text).encode("utf-8", "surrogatepass")


def _plain(value: Members | str) -> object:
    """A value as it stands in a header: text without its quotes."""
    try:
        return json.loads(value) if isinstance(value, str) else written(value)
    except (ValueError, RecursionError):
        return value


FORMS: dict[str, tuple[float, Callable[[Inputs, Input], bytes]]] = {
    "one event": (40, Inputs.one),
    "batch": (22, Inputs.batch),
    "lines": (18, Inputs.lines),
    "binary": (15, Inputs.binary),
    "senseless": (5, Inputs.senseless),
}
"""The forms in which events are sent, with how often each is drawn."""

_HEADERS: dict[bytes, tuple[bytes, ...]] = {
    b"content-type": (
        b"",
        b"application/json",
        b"text/plain",
        b"application/cloudevents+json; charset=latin-1",
        b'APPLICATION/CLOUDEVENTS+JSON ; charset="UTF-8"',
        b"application/cloudevents-batch+json",
        b"application/x-ndjson;;;=",
        b"\xff\xfe",
        b"a" * 5_000,
    ),
    b"content-encoding": (b"gzip", b"GZIP", b"identity", b"br", b"gzip, gzip", b"", b"\xe9"),
    b"prefer": (
        b"handling=strict",
        b"handling=lenient",
        b'handling="strict"',
        b"respond-async; handling=strict",
        b",;,=",
        b"\xff",
    ),
    b"accept": (
        b"*/*",
        b"text/csv",
        b"application/json;q=0",
        b"application/json;q=abc",
        b"*/*;q=1e999",
        b"," * 3_000,
        b"\xff",
    ),
    b"content-length": (b"0", b"-1", b"99999999999999999999", b"abc"),
    b"ce-specversion": (b"1.0", b"0.3", b"%ff", b"%"),
    b"ce-id": (b"twice", b"%00", b"%ed%a0%80", b"a, b"),
    b"ce-data": (b"{}",),
    b"ce-revision": (b"2", b"0", b"99999999999999999999", b"%d9%a3"),
    b"authorization": (b"", b"Bearer", b"Basic eDp5", b"Bearer a.b.c", b"Bearer \xff", b"Bearer " + b"x" * 9_000),
}
