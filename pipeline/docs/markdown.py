"""Markdown out of values and docstrings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from inspect import cleandoc

GENERATED = "<!-- Written by `make docs` from the code; changes here are lost. -->"

_RULE = re.compile(r"=+(\s+=+)+")


def page(title: str, *blocks: str) -> str:
    """Join blocks to a page, a blank line between them."""
    return "\n\n".join([f"# {title}", GENERATED, *(b.strip("\n") for b in blocks if b)]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; bars inside cells are escaped."""
    lines = [head, ["---"] * len(head), *([c.replace("|", "\\|") for c in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def code(text: str) -> str:
    """Return text set as code."""
    return f"`{text}`"


def codes(texts: Iterable[str]) -> str:
    """Return texts set as code, with commas between."""
    return ", ".join(code(t) for t in texts)


def docstring(owner: object) -> str:
    """Return an object's docstring as Markdown.

    Raises
    ------
    ValueError
        When it has none: what has no description has no place on a page.
    """
    if not owner.__doc__:
        raise ValueError(f"{owner!r} has no docstring; expected one for its page")
    return _converted(cleandoc(owner.__doc__))


def summary(owner: object) -> str:
    """Return the first sentence or sentences of an object's docstring: its first paragraph on one line."""
    return " ".join(docstring(owner).split("\n\n")[0].split())


def first_table(owner: object, head: Sequence[str]) -> str:
    """Return the first table of two columns in an object's docstring."""
    lines = cleandoc(owner.__doc__ or "").splitlines()
    rules = [n for n, line in enumerate(lines) if _RULE.fullmatch(line.strip())]
    cells = [re.split(r"\s{2,}", line.strip(), maxsplit=1) for line in lines[rules[0] + 1 : rules[1]]]
    return table(head, [[_converted(cell) for cell in row] for row in cells])


def _converted(text: str) -> str:
    """Turn reStructuredText's code marks into Markdown's."""
    return re.sub(r"::(?=\n|$)", ":", text.replace("``", "`"))
