"""The page that explains every term, measure and clause that other pages name."""

from __future__ import annotations

from pipeline.reports import glossary
from pipeline.reports.pages.addresses import GLOSSARY
from pipeline.reports.pages.overview import Overview
from pipeline.reports.pages.site import Site

KINDS = ("score", "verdict", "dimension", "measure", "event", "hold_sound", "form", "role", "status", "unit")
"""In the order they are shown: what a reader meets first comes first."""


def write_glossary_page(site: Site, overview: Overview) -> None:  # noqa: ARG001 - it explains, whatever was found
    """Write the page."""
    terms = [(kind, glossary.terms(site.language, kind)) for kind in KINDS]
    site.write(GLOSSARY, "glossary.html.jinja", terms=terms)
