"""The chain of the access log: whatever is changed, left out, put in or cut off is found."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitor.access.chain import EMPTY, ChainBroken, Head, Line, Linked, link, verify


def line(number: int, **changes: object) -> Line:
    given = Line(
        number=number,
        happened_at_us=1_000_000 * number,
        event="case-read",
        action="R",
        outcome="granted",
        person=f"person-{number:08d}-abcdef",
        what="GET /v1/cases/{pseudonym}",
        user_name="jansen",
        user_kind="person",
        roles="operations",
        organisation=None,
        scope="cases:read",
        source_address="127.0.0.1",
        trace_id="0" * 31 + "1",
        span_id="0" * 15 + "1",
    )
    return replace(given, **changes)  # type: ignore[arg-type]


def chain(lines: int) -> list[Linked]:
    """That many lines, one after the other."""
    head, made = EMPTY, []
    for number in range(1, lines + 1):
        made.append(link(line(number), head))
        head = Head(number, made[-1].hash)
    return made


def test_a_chain_as_it_was_written_holds_and_tells_its_end() -> None:
    written = chain(5)
    assert verify(written) == Head(5, written[-1].hash)
    assert verify([]) == EMPTY


@given(st.integers(0, 4), st.sampled_from([name for name in Line.__slots__ if name != "number"]))
def test_a_line_that_was_changed_in_any_field_breaks_it(place: int, name: str) -> None:
    written = chain(5)
    other = 7 if name == "happened_at_us" else "other"
    written[place] = replace(written[place], line=replace(written[place].line, **{name: other}))
    with pytest.raises(ChainBroken, match=f"line {place + 1} is not what was written"):
        verify(written)


@pytest.mark.parametrize("place", range(4))
def test_a_line_that_was_left_out_breaks_it(place: int) -> None:
    written = chain(5)
    del written[place]
    with pytest.raises(ChainBroken, match="removed"):
        verify(written)


def test_a_line_left_out_breaks_it_also_when_the_others_are_numbered_anew() -> None:
    written = chain(5)
    del written[2]
    numbered = [replace(one, line=replace(one.line, number=place)) for place, one in enumerate(written, 1)]
    with pytest.raises(ChainBroken, match="line 3"):
        verify(numbered)


def test_a_chain_that_was_cut_off_is_found_by_an_end_that_was_noted_elsewhere() -> None:
    written = chain(5)
    noted = Head(5, written[-1].hash)
    assert verify(written[:3]).number == 3
    with pytest.raises(ChainBroken, match="cut off"):
        verify(written[:3], noted=noted)


def test_a_chain_that_was_written_anew_is_found_by_an_end_that_was_noted_elsewhere() -> None:
    noted = Head(5, chain(5)[-1].hash)
    forged, head = [], EMPTY
    for number in range(1, 7):
        forged.append(link(line(number, user_name="somebody else"), head))
        head = Head(number, forged[-1].hash)
    assert verify(forged) == head
    with pytest.raises(ChainBroken):
        verify(forged, noted=noted)


def test_a_noted_end_stays_right_while_the_chain_grows() -> None:
    assert verify(chain(9), noted=Head(5, chain(5)[-1].hash)).number == 9


def test_fields_cannot_run_into_each_other() -> None:
    one = link(line(1, user_name="a", user_kind="bc"), EMPTY)
    other = link(line(1, user_name="ab", user_kind="c"), EMPTY)
    assert one.hash != other.hash
