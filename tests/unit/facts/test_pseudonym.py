"""A citizen service number is seen wherever it stands, and a pseudonym is never taken for one."""

import re
from datetime import date
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.pseudonym import contains_bsn, elfproef, pseudonym_of

KEY = bytes(range(32))

nine_digits = st.integers(1, 999_999_999).map("{:09d}".format)


def _with_last_digit(eight: str) -> str:
    """Eight digits and the one that makes the eleven-test pass; 10 where none does."""
    return eight + str(sum(weight * int(digit) for weight, digit in zip(range(9, 1, -1), eight, strict=True)) % 11)


bsns = st.integers(1, 99_999_999).map("{:08d}".format).map(_with_last_digit).filter(lambda digits: len(digits) == 9)


@pytest.mark.parametrize("bsn", ["123456782", "111222333"])
def test_a_bsn_passes_the_eleven_test(bsn: str) -> None:
    assert elfproef(bsn)


@pytest.mark.parametrize("digits", ["123456783", "111222334", "999999999", "000000000"])
def test_other_digits_fail_it(digits: str) -> None:
    """999999999 and 000000000 mean unborn and unknown in the deliveries to CBS; they are nobody."""
    assert not elfproef(digits)


@given(bsns, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_fails_the_eleven_test(bsn: str, place: int, step: int) -> None:
    wrong = str((int(bsn[place]) + step) % 10)
    assert not elfproef(bsn[:place] + wrong + bsn[place + 1 :])


@given(bsns)
def test_a_bsn_is_found_however_it_is_written(bsn: str) -> None:
    written = [bsn, f"{bsn[:4]}.{bsn[4:6]}.{bsn[6:]}", f"{bsn[:3]} {bsn[3:6]} {bsn[6:]}", ". ".join(bsn), f"bsn{bsn}x"]
    assert all(contains_bsn(text) for text in [*written, f'{{"revision":{bsn}}}', f"Huis 12 {bsn}", f"{bsn}\u00a0é"])


@given(bsns)
def test_digits_of_another_script_are_digits(bsn: str) -> None:
    assert contains_bsn(bsn.translate({ord("0") + value: 0xFF10 + value for value in range(10)}))
    assert contains_bsn(bsn.translate(dict(zip(map(ord, "0123456789"), "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))))


@given(bsns, st.sampled_from(["-", "\u2011", "\u2013", "\u2212", " - "]))
def test_a_bsn_in_the_groups_of_people_is_found_with_hyphens(bsn: str, dash: str) -> None:
    assume(bsn[:2] not in ("19", "20"))
    for ends in [(3, 6), (4, 6), (2, 4, 6)]:
        grouped = dash.join(bsn[begin:end] for begin, end in pairwise([0, *ends, 9]))
        assert all(
            contains_bsn(text) for text in [grouped, f"P-{grouped}", f"kind {grouped}-a", f'{{"id":"{grouped}"}}']
        )


@given(bsns, st.dates(date(2008, 1, 1), date(2099, 12, 31)), st.integers(0, 99_999))
def test_a_key_with_a_year_or_a_date_and_a_number_is_no_bsn(bsn: str, day: date, number: int) -> None:
    """One in eleven of them passes the test by chance, and what it is the key of could never be published."""
    keys = [f"{day.year}-{number:05d}", f"{day:%Y-%m}-{number % 1000:03d}", f"{day:%G-%V}-{number % 1000:03d}"]
    keys += [str(day), f"{day}-{number % 10}", f"{bsn[:8]}-{bsn[8:]}"]
    assert not any(contains_bsn(f"{prefix}{key}") for key in keys for prefix in ("", "P-", "urn:x:"))


@given(bsns, st.sampled_from(["\u200b", "\u200c", "\u2060", "\ufeff", "\u00ad", "\u20e3"]), st.integers(1, 8))
def test_what_cannot_be_seen_does_not_hide_a_bsn(bsn: str, unseen: str, place: int) -> None:
    assert contains_bsn(f"{bsn[:place]}{unseen}{bsn[place:]}")
    assert contains_bsn(unseen.join(bsn))


@given(bsns, st.sampled_from("0123456789"))
def test_a_longer_row_of_digits_is_no_bsn(bsn: str, digit: str) -> None:
    assert not contains_bsn(bsn + digit)
    assert not contains_bsn(digit + bsn)


@given(bsns, st.sampled_from("-:/,_x\"'"))
def test_anything_but_a_dot_or_a_space_breaks_the_row(bsn: str, sign: str) -> None:
    assert not contains_bsn(f"{bsn[:5]}{sign}{bsn[5:]}")


@given(nine_digits.filter(lambda digits: not elfproef(digits)))
def test_nine_digits_that_fail_the_eleven_test_are_no_bsn(digits: str) -> None:
    assert not contains_bsn(digits)


@given(st.sampled_from([32, 40, 64]), st.data(), bsns)
def test_a_pseudonym_in_hexadecimal_is_never_taken_for_a_bsn(size: int, data: st.DataObject, bsn: str) -> None:
    digest = data.draw(st.text("0123456789abcdef", min_size=size, max_size=size))
    for token in [digest, digest.upper(), bsn + "f" + digest[10:]]:
        assert not contains_bsn(f'{{"subject":"{token}"}}')


@given(st.uuids(), bsns)
def test_a_uuid_is_never_taken_for_a_bsn(uuid: UUID, bsn: str) -> None:
    assert not contains_bsn(f'{{"id":"{uuid}","record":"urn:uuid:{uuid}"}}')
    assert not contains_bsn(str(uuid)[:24] + "abc" + bsn)


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=4, max_size=4), bsns)
def test_a_traceparent_is_never_taken_for_a_bsn(trace: bytes, rest: bytes, bsn: str) -> None:
    assert not contains_bsn(f'{{"traceparent":"00-{trace.hex()}-{bsn[:9]}{rest.hex()[:7]}-01"}}')


@given(bsns)
def test_the_fraction_of_a_moment_is_not_taken_for_a_bsn(bsn: str) -> None:
    assert not contains_bsn(f'{{"time":"2026-03-02T14:30:00.{bsn}+01:00"}}')
    assert not contains_bsn(f'{{"time":"2026-03-02T14:30:{bsn[:2]}.{bsn[2:]}Z"}}')


@given(bsns, st.text("abcdef", max_size=10))
def test_a_bsn_in_a_short_token_is_found_among_letters_of_hexadecimal(bsn: str, letters: str) -> None:
    assert contains_bsn(f"{letters}{bsn}")


@given(bsns)
def test_a_pseudonym_is_the_same_for_ever_and_fits_the_subject(bsn: str) -> None:
    pseudonym = pseudonym_of(bsn, KEY)
    assert pseudonym == pseudonym_of(bsn, KEY)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", pseudonym)
    assert pseudonym != pseudonym_of(bsn, bytes(32))


def test_the_pseudonyms_of_today_are_those_of_tomorrow() -> None:
    """Computed once; another value would give every young person a second dossier."""
    assert pseudonym_of("123456782", b"k" * 32) == "ystBDXppV9IgIHO-7or4PPjCmCpmaGQY5tcaxQz4KNI"


@pytest.mark.parametrize(
    "bsn", ["123456783", "000000000", "12345678", "1234567820", "1234.56.782", "", "１２３４５６７８２"]
)
def test_what_is_no_bsn_gets_no_pseudonym(bsn: str) -> None:
    with pytest.raises(ValueError, match="eleven-test") as refused:
        pseudonym_of(bsn, KEY)
    assert not bsn or bsn not in str(refused.value)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        pseudonym_of("123456782", b"x" * 31)
