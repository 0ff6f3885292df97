"""JSON as somebody might write it: with repeated keys, strange numbers, escapes and spaces, which no library writes."""

import json
import re
from dataclasses import dataclass
from functools import cache
from random import Random

Token = str
"""A JSON value, or what somebody took for one, as it is written."""


@dataclass
class Members:
    """The members of an object, in the order and as often as they are written; values are tokens, keys are not yet."""

    pairs: "list[tuple[str, Token | Members]]"

    def copy(self) -> "Members":
        """The same, to be changed."""
        return Members([(key, value.copy() if isinstance(value, Members) else value) for key, value in self.pairs])


def members(document: dict[str, object]) -> Members:
    """An ordinary object as members."""
    return Members(
        [
            (key, members(value) if isinstance(value, dict) else json.dumps(value, ensure_ascii=False))
            for key, value in document.items()
        ]
    )


def written(value: Token | Members, random: Random | None = None) -> str:
    """The text; with `random` in some style of spaces and escapes, otherwise as short as can be."""
    if isinstance(value, str):
        return value
    colon, comma, escape = _STYLES[random.randrange(len(_STYLES))] if random is not None else _STYLES[0]
    return "{" + comma.join(f"{_key(key, escape)}{colon}{written(one, random)}" for key, one in value.pairs) + "}"


@cache
def _key(key: str, escape: bool) -> str:
    text = json.dumps(key, ensure_ascii=False)
    if escape and key.isalpha() and key.isascii():
        return f'"\\u{ord(key[0]):04x}{key[1:]}"'
    return text


_STYLES = (
    (":", ",", False),
    (": ", ", ", False),
    (" :", " ,", False),
    (":\n\t", ",\r\n", False),
    (":", ",", True),
)

BSNS = ("123456782", "111222333")
"""They pass the eleven-test; wherever one is written, nothing of the event may be stored, kept or answered."""


_ANY_BSN = re.compile("|".join(f"(?<![0-9]){'[-. ]*'.join(one)}(?![0-9])" for one in BSNS).encode())


def holds_bsn(kept: bytes) -> bool:
    """Whether one of ours stands there, whatever people write between the digits; a longer row of digits is none."""
    return _ANY_BSN.search(kept) is not None


_BSN = (
    f'"{BSNS[0]}"',
    f'"P-{BSNS[1]}"',
    '"1234.56.782"',
    '"123 456 782"',
    '"123-456-782"',
    '"ecd:111-222-333"',
    '"1234-56-782"',
    '"１２３４５６７８２"',
    '"1234\\u200b56782"',
    '"1234\u200b56782"',
    '"\\u0031\\u003223456782"',
    BSNS[0],
    "1.23456782e8",
    "123456782.0",
    f'{{"a":["{BSNS[0]}"]}}',
)
_TEXTS = (
    '""',
    '" "',
    '"' + "x" * 129 + '"',
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\u0000"',
    '"a\0b"',
    '"a\nb"',
    '"\u202e\u2066"',
    '"\U0001f9d2"',
    '"\\x41"',
    '"\\u12"',
    "'a'",
    '"unfinished',
    '"2026-02-30"',
    '"2026-03-01T00:00:00Z"',
    '"9999-12-31"',
    '"2026-03-01T23:59:60+01:00"',
    '"2026-03-01T12:00:00.123456789+01:00"',
    '"2026-03-01t12:00:00z"',
    '"nl.doorstroom.heartbeat.v1"',
    '"../../etc/passwd"',
    '"\' OR 1=1 --"',
    '"{{7*7}}"',
    '"\\"id\\":"',
)
_NUMBERS = (
    "0",
    "-0",
    "1",
    "1.0",
    "-1",
    "01",
    "+1",
    ".5",
    "1e999",
    "-1E400",
    "1e-999",
    "9" * 30,
    "9223372036854775808",
    "1000000001",
    "NaN",
    "Infinity",
    "-Infinity",
    "0x10",
)
_LONG = ('"' + "y" * 70_000 + '"', "9" * 5_000, "1" + "0" * 60_000, "0." + "3" * 5_000, '"' + "é" * 20_000 + '"')
_OTHERS = ("null", "true", "false", "[]", "{}", "[[]]", '{"a":{"a":1}}', "undefined", "None", "True", "")


def strange(random: Random) -> Token:
    """A value that does not belong where it is put."""
    if random.random() < 0.01:
        return random.choice(_LONG)
    if random.random() < 0.05:
        return deep(random)
    return random.choice(random.choice((_TEXTS, _NUMBERS, _OTHERS)))


def deep(random: Random) -> Token:
    """A value of so many levels that some readers take it and others do not."""
    depth = random.choice((10, 150, 250, 400, 600, 900, 1_100, 5_000, 20_000))
    opening, closing = random.choice((("[", "]"), ('{"a":', "}")))
    return opening * depth + "1" + closing * (depth if random.random() < 0.8 else depth - 1)


def bsn(random: Random) -> Token:
    """A BSN, in one of the ways in which people and machines write one."""
    return random.choice(_BSN)
