"""What every page needs to know, and how a page is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipeline.private_files import write_private
from pipeline.reports.language import Language
from pipeline.reports.pages.addresses import root_of
from pipeline.reports.pages.rendering import environment
from pipeline.reports.pages.standards import Standard
from pipeline.reports.pages.texts import texts


class Clips(StrEnum):
    """Of which calls evidence can be listened to."""

    ALL = "all"
    LISTED = "listed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Site:
    """A report: what it is of, where it goes, and what all of its pages share.

    It holds no calls but the names of some, and is sent to every process that writes pages.

    Attributes
    ----------
    store : Path
        The folder of the tables.
    folder : Path
        Where the pages go.
    language : Language
        Of the pages.
    clips : Clips
        Of which calls evidence can be listened to.
    days : tuple of str
        Call dates that it is about, in order.
    standards : tuple of Standard
        Those that calls of these days were judged under, that of most calls first.
    made_on : str
        The day it was made, YYYY-MM-DD.
    version : str
        Of the program that made it.
    listed : frozenset of (call_date, call_id)
        Calls that pages about many calls point to.
    teams : tuple of str
        Teams with a page of their own, by name; none where there is nothing to tell apart.
    """

    store: Path
    folder: Path
    language: Language
    clips: Clips
    days: tuple[str, ...]
    standards: tuple[Standard, ...]
    made_on: str
    version: str
    listed: frozenset[tuple[str, str]] = frozenset()
    teams: tuple[str, ...] = ()

    def has_clips(self, call_date: str, call_id: str) -> bool:
        """Return whether a call's evidence can be listened to."""
        listed = self.clips is Clips.LISTED and (call_date, call_id) in self.listed
        return self.clips is Clips.ALL or listed

    def standard(self, name: str) -> Standard:
        """Return a rulebook; one that is not known is called by its name."""
        return next((s for s in self.standards if s.name == name), Standard(name, name, name))

    def is_first(self, standard: str) -> bool:
        """Return whether the first page is about this rulebook."""
        return bool(self.standards) and self.standards[0].name == standard

    def write(self, path: str, template: str, /, **values: object) -> None:
        """Write one page.

        Parameters
        ----------
        path : str
            Of the page in the report: ``agents/a01-1b2c3d4e5f.html``.
        template : str
            File name in ``templates/``.
        **values
            What the template shows, beside what all pages know: ``site``, ``t`` (texts), ``lang``, ``path``
            and ``root`` (what leads from the page to the report's folder).

        Raises
        ------
        WriteError
            When the disk refuses.
        """
        page = environment().get_template(template)
        said = texts(self.language)
        shared = {"site": self, "t": said, "lang": self.language, "path": path, "root": root_of(path)}
        write_private(self.folder / path, page.render(shared | values))
