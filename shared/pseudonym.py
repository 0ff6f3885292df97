"""Pseudonyms of young persons, and the test that keeps their citizen service numbers (BSN) out of every event (H5)."""

import re
import unicodedata
from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import digest

KEY_BYTES_MIN = 32
"""A shorter key could be found by trying, and with it every BSN."""

_PURPOSE = b"doorstroom/pseudonym/v1\x00"
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)

_NINE_DIGITS = re.compile(r"[0-9]{9}")
_DIGITS = frozenset(b"0123456789")
_KEEP_DIGITS = bytes(byte if byte in _DIGITS else ord(" ") for byte in range(256))
_NOUGHT_DIGITS = bytes(ord("0") if byte in _DIGITS else ord(" ") for byte in range(256))
_NOUGHT_AND_HYPHENS = _NOUGHT_DIGITS[: ord("-")] + b"-" + _NOUGHT_DIGITS[ord("-") + 1 :]
_RUN_OF_NINE = b" 000000000 "
_THREES, _FOUR_TWO_THREE, _TWOS_AND_THREE = b"000-000-000", b"0000-00-000", b"00-00-00-000"
_GROUPED = re.compile(
    rb"(?<![0-9])(?=([0-9]{3}-[0-9]{3}-[0-9]{3}"
    rb"|(?!(?:19|20)[0-9]{2}-(?:0[1-9]|[1-4][0-9]|5[0-3])-)[0-9]{4}-[0-9]{2}-[0-9]{3}"  # 2026-03-017 is no BSN
    rb"|(?<![0-9]-)[0-9]{2}-[0-9]{2}-[0-9]{2}-[0-9]{3})(?![0-9]))"
)
# What is taken out between digits; when nothing is, "Huis 12 123456782" shows its nine digits too.
_IGNORED = (b". ", b"")
_LIKE_ASCII = {"\N{MINUS SIGN}": "-", "\N{MIDDLE DOT}": ".", "\N{FULLWIDTH FULL STOP}": "."}
_OPAQUE = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"  # a UUID
    r"|[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"  # a W3C traceparent
    r"|(?=[0-9]*[A-Fa-f])[0-9A-Fa-f]{32,}"  # a digest in hexadecimal
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]+(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"  # a moment
    r")(?![0-9A-Za-z])"
)


def pseudonym_of(bsn: str, key: bytes) -> str:
    """The pseudonym of the person with this BSN under this key: 43 characters, HMAC-SHA256 in base64url unpadded.

    The same BSN and key give the same pseudonym for ever. Raises ValueError when the BSN fails the eleven-test or the
    key is shorter than 32 bytes; the message holds neither of them.
    """
    if not _NINE_DIGITS.fullmatch(bsn) or not elfproef(bsn):
        raise ValueError("This is not a BSN: it has nine digits and passes the eleven-test")
    if len(key) < KEY_BYTES_MIN:
        raise ValueError(f"The key has at least {KEY_BYTES_MIN} bytes")
    return urlsafe_b64encode(digest(key, _PURPOSE + bsn.encode(), sha256)).rstrip(b"=").decode()


def elfproef(digits: str) -> bool:
    """Whether nine digits pass the eleven-test: 9a + 8b + ... + 2h - i is a multiple of 11, and not all are 0.

    Raises ValueError when they are not nine digits.
    """
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True))
    return total % 11 == 0 and any(digit != "0" for digit in digits)


def contains_bsn(text: str) -> bool:
    """Whether nine digits that pass the eleven-test stand in this text or JSON document.

    They count when they stand unbroken, and when only dots and spaces lie between them; a longer row of digits is no
    BSN. With hyphens they count in the groups in which people write a BSN: 123-456-782, 1234-56-782 and 12-34-56-782.
    Hyphens anywhere would make nine digits of every key such as P-2026-00123, and refuse one in eleven of them for
    ever; for the same reason 2026-03-017, a year with its month or week and a number, is none.

    Digits of any script count, as do dashes, and what cannot be seen is passed over. JSON must be written without
    escaped digits.

    Opaque tokens of machines are passed over: UUIDs, W3C traceparents, unbroken hexadecimal of 32 characters or more
    with a letter in it, and the fraction of a moment. About 1 in 100 pseudonyms in hexadecimal holds a row of nine
    digits that passes the test by chance, and the young person behind it could never be published.
    """
    written = _in_ascii(text)
    return _has_bsn(written.encode()) and _has_bsn(_OPAQUE.sub("/", written).encode())


def _in_ascii(text: str) -> str:
    if text.isascii():
        return text
    return "".join(character if character.isascii() else _ascii_of(character) for character in text)


def _ascii_of(character: str) -> str:
    digit = unicodedata.digit(character, None)  # Those of other scripts, wide, raised and in circles.
    if digit is not None:
        return str(digit)
    match unicodedata.category(character):
        case "Cf" | "Mn" | "Me":
            return ""  # It has no width: a soft hyphen, a joiner, a mark that encloses what stands before it.
        case "Zs" | "Zl" | "Zp" | "Cc":
            return " "
        case "Pd":
            return "-"
    return _LIKE_ASCII.get(character, "/")


def _has_bsn(written: bytes) -> bool:
    for ignored in _IGNORED:
        # Two passes of C over the text tell that there is no run of nine: nearly every event ends here.
        if _RUN_OF_NINE in b" %b " % written.translate(_NOUGHT_DIGITS, ignored):
            runs = written.translate(_KEEP_DIGITS, ignored).split()
            if any(len(run) == 9 and elfproef(run.decode()) for run in runs):
                return True
    # What looks like groups still does when dots and spaces are taken out.
    shape = written.translate(_NOUGHT_AND_HYPHENS, _IGNORED[0])
    if not (_THREES in shape or _FOUR_TWO_THREE in shape or _TWOS_AND_THREE in shape):
        return False
    groups = (group for ignored in _IGNORED for group in _GROUPED.findall(written.translate(None, ignored)))
    return any(elfproef(group.replace(b"-", b"").decode()) for group in groups)
