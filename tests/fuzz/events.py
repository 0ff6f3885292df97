"""Events as publishers send them, and what can be wrong with one of them."""

from collections.abc import Callable
from random import Random

from shared.facts.catalogue import catalogue
from shared.facts.schema import example_event
from tests.fuzz.written import Members, bsn, deep, members, strange

SOURCES = ("urn:nld:kvknr:12345678:systeem:ecd", "urn:nld:kvknr:12345678:systeem:plan")
FOREIGN_SOURCE = "urn:nld:kvknr:87654321:systeem:ecd"
PERSONS = tuple(f"fuzz-person-{number:012x}a" for number in range(50))
FORMER_MAX = 200
"""Ids that are used again, which makes duplicates and conflicts."""


TOO_LARGE_SHARE = 0.01
"""Of the damaged events; to read them is most of the work."""


class Events:
    """Makes events, with ids that say by which input they were sent."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._former: list[Members] = []
        entries = list(catalogue().values())
        self._taken = [entry for entry in entries if entry.model.owner in ("placement", "either")]
        self._others = [entry for entry in entries if entry.model.owner == "intake"]

    def valid(self, event_id: str) -> Members:
        """An event that is as it should be; now and then one that was sent before, or one for the other service."""
        random = self._random
        if self._former and random.random() < 0.1:
            return random.choice(self._former).copy()
        entry = random.choice(self._taken if random.random() < 0.93 else self._others)
        event = example_event(entry) | {"id": event_id, "source": random.choice(SOURCES)}
        if "subject" in event:
            event["subject"] = random.choice(PERSONS)
        if random.random() < 0.3:
            event["record"], event["revision"] = f"record-{random.randrange(40)}", random.randrange(1, 5)
        if random.random() < 0.1:
            event["precision"] = random.choice(("day", "month", "year"))
        if random.random() < 0.1:
            event["traceparent"] = f"00-{random.getrandbits(128):032x}-{random.getrandbits(64):016x}-01"
        event["time"] = random.choice(
            ("2026-03-02T09:00:00+01:00", "2026-03-01T08:00:00.123456Z", "2026-03-02t12:03:00z")
        )
        if random.random() < 0.1:
            event["source"] = FOREIGN_SOURCE
        made = members(event)
        if random.random() < 0.2:
            random.shuffle(made.pairs)
        if len(self._former) < FORMER_MAX:
            self._former.append(made.copy())
        elif random.random() < 0.05:
            self._former[random.randrange(FORMER_MAX)] = made.copy()
        return made

    def damaged(self, event_id: str) -> tuple[Members, list[str]]:
        """An event with one to three things done to it, and their names."""
        event = self.valid(event_id)
        done = self._random.choices(list(DAMAGES), k=self._random.choice((1, 1, 1, 2, 3)))
        for name in done:
            DAMAGES[name](event, self._random)
        if self._random.random() < TOO_LARGE_SHARE:
            done.append("too large")
            _too_large(event, self._random)
        return event, done


def _within(event: Members, random: Random) -> Members:
    """The event or its data, to do something to."""
    parts = [value for _, value in event.pairs if isinstance(value, Members)]
    return random.choice(parts) if parts and random.random() < 0.5 else event


def _other_value(event: Members, random: Random) -> None:
    part = _within(event, random)
    if part.pairs:
        place = random.randrange(len(part.pairs))
        part.pairs[place] = (part.pairs[place][0], strange(random))


def _repeated_key(event: Members, random: Random) -> None:
    part = _within(event, random)
    if part.pairs:
        key, value = random.choice(part.pairs)
        again = value if random.random() < 0.5 else strange(random)
        part.pairs.insert(random.randrange(len(part.pairs) + 1), (key, again))


def _without_a_key(event: Members, random: Random) -> None:
    part = _within(event, random)
    if part.pairs:
        del part.pairs[random.randrange(len(part.pairs))]


def _unknown_key(event: Members, random: Random) -> None:
    keys = (
        "note",
        "",
        "a/b~c",
        "k" * 200,
        "data_base64",
        "é",
        "ID",
        "\0",
        "__proto__",
        "\ud800",
        "123456782",
        "acceptedat",
        "position",
    )
    _within(event, random).pairs.append((random.choice(keys), strange(random)))


def _bsn(event: Members, random: Random) -> None:
    part = _within(event, random)
    if part.pairs:
        place = random.randrange(len(part.pairs))
        part.pairs[place] = (part.pairs[place][0], bsn(random))


def _another_type(event: Members, random: Random) -> None:
    kinds = [f'"{kind}"' for kind in (*catalogue(), "nl.doorstroom.rumour.v1", "nl.doorstroom.placement-started.v2")]
    kind = deep(random) if random.random() < 0.1 else random.choice(kinds)
    event.pairs = [(key, kind if key == "type" else value) for key, value in event.pairs]


def _nested_twice(event: Members, random: Random) -> None:
    event.pairs.append((random.choice(("data", "event", "more")), event.copy()))


def _too_large(event: Members, random: Random) -> None:
    event.pairs.append(("padding", '"' + "p" * random.choice((60_000, 64_000, 66_000, 66_000, 66_000, 300_000)) + '"'))


DAMAGES: dict[str, Callable[[Members, Random], None]] = {
    "another value": _other_value,
    "a repeated key": _repeated_key,
    "without a key": _without_a_key,
    "an unknown key": _unknown_key,
    "a BSN": _bsn,
    "another type": _another_type,
    "an event inside": _nested_twice,
}
"""What can be done to an event, by name."""
