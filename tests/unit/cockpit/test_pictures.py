"""Every picture, whatever is in it, is well-formed, stays inside its frame, and has words that can be read."""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.cockpit.pictures import CHARTS, SVG, any_picture, collisions, corners, read, size, texts

SLACK = 12.5
"""A label under the last tick may stand a little outside of the plot."""


def unnamed(picture: Element) -> Iterator[str]:
    """What keeps those who do not see it from knowing what it is."""
    if [one.attrib["id"] for one in picture[:2]] != picture.attrib["aria-labelledby"].split():
        yield "its title and description are not those that name it"
    if [one.tag for one in picture[:2]] != [f"{SVG}title", f"{SVG}desc"]:
        yield "it does not open with a title and a description"
    identities = [one.attrib["id"] for one in picture.iter() if "id" in one.attrib]
    if len(identities) > len(set(identities)):
        yield "two parts have one id"


def misplaced(picture: Element) -> Iterator[str]:
    """What is drawn where nobody sees it, or nowhere."""
    width, height = size(picture)
    for one in picture.iter():
        if one.tag == f"{SVG}pattern" or "hatch-stroke" in one.attrib.values():
            continue
        given_x = [float(one.attrib[key]) for key in ("x", "x1", "x2", "cx") if key in one.attrib]
        given_y = [float(one.attrib[key]) for key in ("y", "y1", "y2", "cy") if key in one.attrib]
        if one.tag == f"{SVG}rect":
            given_x.append(given_x[0] + float(one.attrib["width"]))
            given_y.append(given_y[0] + float(one.attrib["height"]))
        if one.tag == f"{SVG}path":
            points = corners(one.attrib["d"])
            given_x, given_y = [x for x, _ in points], [y for _, y in points]
        if not all(-0.1 <= x <= width + 0.2 for x in given_x) or not all(-0.1 <= y <= height + 0.2 for y in given_y):
            yield f"{one.tag} {one.attrib} is outside of {width} x {height}"


def unsafe(picture: Element) -> Iterator[str]:
    """What a strict policy of the page would refuse."""
    for one in picture.iter():
        if "style" in one.attrib or any(key.startswith("on") or "href" in key for key in one.attrib):
            yield f"{one.tag} {one.attrib}"


def illegible(picture: Element) -> Iterator[str]:
    """Words that stand on other words, or run out of the picture."""
    yield from (f"{one!r} stands on {other!r}" for one, other in collisions(picture))
    width, _ = size(picture)
    yield from (
        f"{box.words!r} leaves the picture"
        for box in texts(picture)
        if box.words and (box.left < -SLACK / 2 or box.right > width + SLACK)
    )


@pytest.mark.parametrize("name", CHARTS)
@given(st.data())
@settings(max_examples=25, deadline=None)
def test_a_picture_of_anything_is_well_formed_safe_and_legible(name: str, data: Any) -> None:
    picture = read(data.draw(any_picture(name)))

    faults = [*unnamed(picture), *misplaced(picture), *unsafe(picture), *illegible(picture)]

    assert faults == []
