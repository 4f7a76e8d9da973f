"""What a report consists of: every writer of pages, one line each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.call import Call
from pipeline.reports.pages.overview import Overview
from pipeline.reports.pages.site import Site
from pipeline.reports.pages.team import write_team_pages
from pipeline.tables import Judgement

SitePages = Callable[[Site, Overview], None]
"""Writes pages that are about many calls, from what was added up of them."""

CallPages = Callable[[Site, Call, Sequence[Judgement]], None]
"""Writes what there is of one call, judged under no rulebook or several; runs in any process."""

SITE_PAGES: tuple[SitePages, ...] = (write_team_pages,)
CALL_PAGES: tuple[CallPages, ...] = ()
