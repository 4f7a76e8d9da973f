"""A report as a folder of pages that work from the disk: no server, no network.

A page is a template in ``templates/`` filled in by a module here; `contents` lists who writes which pages.
All text goes through `texts` (Chinese and English) and all of it is escaped (`rendering`).
"""

from pipeline.reports.pages.site import Clips, Site
from pipeline.reports.pages.writing import Wanted, WrittenSite, write_site

__all__ = ["Clips", "Site", "Wanted", "WrittenSite", "write_site"]
