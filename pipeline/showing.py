"""How values show themselves in a notebook: the views are looked up when one asks."""

from __future__ import annotations

from importlib import import_module


class Shown:
    """A value that a notebook shows as HTML.

    The views know every kind of value and lie in a layer above them all; by name they are found without
    the values knowing them, and loaded in notebooks only.
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        html: str = import_module("pipeline.notebook").html_of(self)
        return html
