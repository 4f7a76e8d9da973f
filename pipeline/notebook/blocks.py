"""Lines and tables as HTML: all their text is data, and escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.reports.plain import plain_text


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text under what it is about."""

    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table.

    Attributes
    ----------
    head : sequence of str
        Names of the columns; those that end in ``#`` hold numbers and stand to the right.
    rows : sequence of sequence of str
        Cells; a line break stays one.
    title : str
        Above the table; of a folded one, what is seen of it.
    folded : bool
        Whether it is opened by a click.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""
    folded: bool = False


Block = Line | Grid

_TEMPLATES = Environment(
    loader=PackageLoader("pipeline.notebook"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["plain"] = lambda text: plain_text(text, lines=True)
_TEMPLATES.tests["grid"] = lambda block: isinstance(block, Grid)


def render(blocks: Iterable[Block]) -> str:
    """Return blocks as a piece of HTML."""
    return _TEMPLATES.get_template("blocks.html").render(blocks=list(blocks))
