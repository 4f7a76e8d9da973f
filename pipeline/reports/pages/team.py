"""The team's page of every rulebook, the first of which is the report's first page."""

from __future__ import annotations

from pipeline.reports.pages.overview import Overview
from pipeline.reports.pages.site import Site


def write_team_pages(site: Site, overview: Overview) -> None:
    """Write a page for each rulebook."""
    del overview
    site.write("index.html", "team.html.jinja")
