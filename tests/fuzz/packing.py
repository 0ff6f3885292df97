"""What happens to a body on its way: damaged bytes, other encodings, gzip well and badly made, pieces."""

import gzip
import struct
import zlib
from collections.abc import Callable
from random import Random

PIECES_MAX = 12


def _cut(body: bytes, random: Random) -> bytes:
    return body[: random.randrange(len(body) + 1)]


def _flipped(body: bytes, random: Random) -> bytes:
    changed = bytearray(body)
    for _ in range(random.choice((1, 1, 2, 8))):
        if changed:
            changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _spliced(body: bytes, random: Random) -> bytes:
    begin, end = sorted((random.randrange(len(body) + 1), random.randrange(len(body) + 1)))
    place = random.randrange(len(body) + 1)
    return body[:place] + body[begin:end][:2_000] + body[place:]


def _removed(body: bytes, random: Random) -> bytes:
    begin = random.randrange(len(body) + 1)
    return body[:begin] + body[begin + random.choice((1, 2, 10, 100)) :]


def _signs(body: bytes, random: Random) -> bytes:
    place = random.randrange(len(body) + 1)
    signs = (
        b"\0",
        b"\xff",
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
        b",",
        b"]",
        b"}",
        b"//x\n",
        b"\x1f",
        b'"',
        b"\\",
    )
    return body[:place] + random.choice(signs) + body[place:]


def _encoded(body: bytes, random: Random) -> bytes:
    text = body.decode("utf-8", "replace")
    return text.encode(random.choice(("utf-16", "utf-16-le", "utf-32", "latin-1", "utf-8-sig", "utf-7")), "replace")


def _followed(body: bytes, random: Random) -> bytes:
    return body + random.choice((b"x", b"{}", b"\0", b"\n\n", b"  ", body[:5_000], b"\x1f\x8b"))


TEXTS: dict[str, Callable[[bytes, Random], bytes]] = {
    "cut off": _cut,
    "flipped bytes": _flipped,
    "a part twice": _spliced,
    "a part removed": _removed,
    "stray signs": _signs,
    "another encoding": _encoded,
    "something after it": _followed,
}
"""What can be done to the bytes of a body, by name."""


def _zip(body: bytes, level: int = 1) -> bytes:
    return gzip.compress(body, level, mtime=0)  # The same for the same seed, whenever.


def _members(body: bytes, random: Random) -> bytes:
    place = random.randrange(len(body) + 1)
    empty = _zip(b"") if random.random() < 0.3 else b""
    return _zip(body[:place]) + empty + _zip(body[place:])


def _truncated(body: bytes, random: Random) -> bytes:
    packed = _zip(body)
    return packed[: random.choice((random.randrange(len(packed)), len(packed) - 8, len(packed) - 1, 10))]


def _garbage(body: bytes, random: Random) -> bytes:
    return _zip(body) + random.choice((b"\0", b"\0" * 512, b"garbage", b"\x1f\x8b", _zip(b"x")[:-4]))


def _wrong_sum(body: bytes, random: Random) -> bytes:
    return _zip(body)[:-8] + struct.pack("<LL", random.getrandbits(32), len(body) + random.choice((0, 1)))


def _inner(body: bytes, random: Random) -> bytes:
    packed = bytearray(_zip(body))
    packed[random.randrange(len(packed))] ^= 1 << random.randrange(8)
    return bytes(packed)


def _bomb(body: bytes, random: Random) -> bytes:
    zeros = random.choice((b" ", b"\n", b"0", b"[")) * random.choice((1_100_000, 3_000_000, 8_000_000))
    return _zip(random.choice((body + zeros, zeros + body)), 9)


def _bomb_of_members(body: bytes, random: Random) -> bytes:
    return _zip(b"\n" * 65_536, 9) * random.choice((20, 200)) + _zip(body)


def _twice(body: bytes, random: Random) -> bytes:
    return _zip(_zip(body))


def _other_form(body: bytes, random: Random) -> bytes:
    raw = zlib.compressobj(wbits=-15)
    return random.choice((zlib.compress(body), raw.compress(body) + raw.flush(), body))


def _named(body: bytes, random: Random) -> bytes:
    """A header with a name, a comment and an extra field, which few packers write."""
    raw = zlib.compressobj(wbits=-15)
    head = b"\x1f\x8b\x08\x1c\0\0\0\0\0\xff" + struct.pack("<H", 4) + b"abcd" + b"name\0" + b"comment\0"
    return head + raw.compress(body) + raw.flush() + struct.pack("<LL", zlib.crc32(body), len(body) & 0xFFFFFFFF)


PACKINGS: dict[str, Callable[[bytes, Random], bytes]] = {
    "gzip": lambda body, _: _zip(body),
    "gzip in members": _members,
    "gzip with a name": _named,
    "gzip cut off": _truncated,
    "gzip and garbage": _garbage,
    "gzip with a wrong sum": _wrong_sum,
    "gzip with a flipped bit": _inner,
    "gzip twice": _twice,
    "another packing": _other_form,
}
"""What can be sent as Content-Encoding: gzip, by name."""

BOMBS: dict[str, Callable[[bytes, Random], bytes]] = {"a bomb": _bomb, "a bomb of members": _bomb_of_members}
"""The same for what becomes far larger; drawn seldom, because unpacking is most of the work."""


def in_pieces(body: bytes, random: Random) -> tuple[bytes, ...]:
    """The body in pieces as a network delivers it; some of them empty."""
    if random.random() < 0.7 or not body:
        return (body,)
    places = sorted(random.randrange(len(body) + 1) for _ in range(random.randrange(1, PIECES_MAX)))
    return tuple(body[begin:end] for begin, end in zip([0, *places], [*places, len(body)], strict=True))
