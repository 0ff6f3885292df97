"""Numbers for keys: one for each, and neighbours for keys that count on."""

from hypothesis import given
from hypothesis import strategies as st

from shared.facts.naming import key_of

KEYS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,20}", fullmatch=True)
COUNTED = st.from_regex(r"[A-Z]{1,2}[-.]?[0-9]{1,9}", fullmatch=True)
KINDS = st.sampled_from(["placement", "departure", "machtiging"])


@given(st.sets(st.tuples(KINDS, KEYS | COUNTED), min_size=2, max_size=20))
def test_other_keys_have_other_numbers(keys: set[tuple[str, str]]) -> None:
    assert len({key_of(kind, value) for kind, value in keys}) == len(keys)


@given(KINDS, KEYS | COUNTED)
def test_a_number_fits_into_64_bits(kind: str, value: str) -> None:
    assert -(2**63) <= key_of(kind, value) < 2**63


def test_noughts_before_a_number_make_another_key() -> None:
    assert len({key_of("placement", value) for value in ("P", "P0", "P00", "P000000", "P0000000", "0P")}) == 6


def test_keys_that_count_on_are_neighbours() -> None:
    numbers = [key_of("placement", f"P-2026-{number:07d}") for number in range(1_999_000, 2_001_000)]
    assert numbers[:1000] == list(range(numbers[0], numbers[0] + 1000))
    assert numbers[1000:] == list(range(numbers[1000], numbers[1000] + 1000))
