"""SVG as a tree of elements: text is escaped, and a coordinate that is no number is an error, never a picture."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

Attribute = str | int | float

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECIMALS = 1


@dataclass(frozen=True, slots=True)
class Element:
    """One element with its attributes, and in it elements and text."""

    name: str
    attributes: Mapping[str, Attribute]
    children: tuple["Element | str", ...]


Child = Element | str


def element(name: str, *children: Child | Iterable[Child], **attributes: Attribute | None) -> Element:
    """An element; `class_` becomes class, an underscore a hyphen, and an attribute that is None is left out."""
    named = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value is not None}
    inside: list[Child] = []
    for child in children:
        inside.extend([child] if isinstance(child, Element | str) else child)
    return Element(name, named, tuple(inside))


def group(*children: Child | Iterable[Child], class_: str | None = None) -> Element:
    """Elements that belong together."""
    return element("g", *children, class_=class_)


def line(start: tuple[float, float], stop: tuple[float, float], class_: str) -> Element:
    """A straight line."""
    return element("line", x1=start[0], y1=start[1], x2=stop[0], y2=stop[1], class_=class_)


def rectangle(left: float, top: float, right: float, bottom: float, class_: str, title: str | None = None) -> Element:
    """A rectangle between its edges, with what is told when one points at it."""
    return element(
        "rect",
        [element("title", title)] if title else [],
        x=min(left, right),
        y=min(top, bottom),
        width=abs(right - left),
        height=abs(bottom - top),
        class_=class_,
    )


def text(place: tuple[float, float], words: str, class_: str, anchor: str = "start") -> Element:
    """Words at a place; the anchor says which of their ends is there (start, middle, end)."""
    return element("text", words, x=place[0], y=place[1], class_=class_, text_anchor=anchor)


def polyline(points: Iterable[tuple[float, float]], class_: str) -> Element:
    """A line through points in their order."""
    return element("path", d=through(points), class_=class_)


def through(points: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    """The path data of a line through points; a point that falls on the one before is left out."""
    written: list[str] = []
    before: tuple[str, str] | None = None
    for point in points:
        x, y = number(point[0]), number(point[1])
        if before is None:
            written.append(f"M{x} {y}")
        elif before[0] != x and before[1] != y:
            written.append(f"L{x} {y}")
        elif before[0] != x:
            written.append(f"H{x}")
        elif before[1] != y:
            written.append(f"V{y}")
        before = x, y
    return "".join(written) + ("Z" if closed and written else "")


def number(value: Attribute) -> str:
    """A coordinate with one decimal at most.

    Raises:
        ValueError: for what is not finite.
    """
    if not math.isfinite(float(value)):
        raise ValueError(f"{value} is no place in a picture")
    shown = f"{float(value):.{_DECIMALS}f}".removesuffix(".0")
    return "0" if shown == "-0" else shown


def written(root: Element) -> str:
    """The element as XML, which may stand in an HTML page as it is."""
    parts: list[str] = []
    _write(root, parts)
    return "".join(parts)


def _write(one: Child, parts: list[str]) -> None:
    if isinstance(one, str):
        parts.append(escape(_NOT_XML.sub("", one), quote=False))
        return
    parts.append(f"<{one.name}")
    for key, value in one.attributes.items():
        shown = _NOT_XML.sub("", value) if isinstance(value, str) else number(value)
        parts.append(f' {key}="{escape(shown)}"')
    if not one.children:
        parts.append("/>")
        return
    parts.append(">")
    for child in one.children:
        _write(child, parts)
    parts.append(f"</{one.name}>")
