"""What a report consists of: every writer of pages, one line each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.call import Call
from pipeline.reports.pages.agents import write_agent_pages
from pipeline.reports.pages.call import write_call_page
from pipeline.reports.pages.fairness import write_fairness_pages
from pipeline.reports.pages.glossary_page import write_glossary_page
from pipeline.reports.pages.one_team import write_one_team_pages
from pipeline.reports.pages.overview import Overview
from pipeline.reports.pages.review import write_review_page
from pipeline.reports.pages.site import Site
from pipeline.reports.pages.team import write_team_pages
from pipeline.reviews import Reviewed

SitePages = Callable[[Site, Overview], None]
"""Writes pages that are about many calls, from what was added up of them."""

CallPages = Callable[[Site, Call, Sequence[Reviewed]], None]
"""Writes what there is of one call, judged under no rulebook or several; runs in any process."""

SITE_PAGES: tuple[SitePages, ...] = (
    write_team_pages,
    write_one_team_pages,
    write_agent_pages,
    write_review_page,
    write_fairness_pages,
    write_glossary_page,
)
CALL_PAGES: tuple[CallPages, ...] = (write_call_page,)
