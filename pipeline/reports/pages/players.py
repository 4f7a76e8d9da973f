"""What there is to listen to on a call's page."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote

from pipeline.audio import widened
from pipeline.call import Call, Finding, Verdict
from pipeline.errors import AudioError
from pipeline.private_files import write_private
from pipeline.reports.clips import Clip, cut_evidence, plan_clips
from pipeline.reports.pages.addresses import call_page, clips_folder, root_of
from pipeline.reports.pages.site import Site
from pipeline.spans import Span
from pipeline.store.files import hashed

HEARD = (Verdict.FAIL, Verdict.UNDETERMINED, Verdict.PASS)
_ABOUT = "made-of"
# Changes whenever clips of the same stretch would sound otherwise.
_FORM = "mp3-32k-1"


class ClipState(StrEnum):
    """Whether a call's clips are there; ``GONE``: its recording cannot be opened."""

    CUT = "cut"
    GONE = "gone"
    NOT_CUT = "not_cut"


@dataclass(frozen=True, slots=True)
class Player:
    """A clip on a page.

    Attributes
    ----------
    source : str
        Its address, from the page.
    span : Span
        What of the recording is heard, margin included.
    shortened : bool
        Whether that is only part of what the finding is about.
    """

    source: str
    span: Span
    shortened: bool


def players(site: Site, call: Call, findings: Sequence[Finding]) -> tuple[dict[int, Player], ClipState]:
    """Cut a call's clips, where the report has them, and return what plays them by the findings' ``id()``."""
    record = call.record
    if not site.has_clips(record.call_date, record.call_id):
        return {}, ClipState.NOT_CUT
    clips = plan_clips(call, findings, verdicts=HEARD)
    folder = clips_folder(record.call_date, record.call_id)
    try:
        _cut(call, clips, site.folder / folder)
    except AudioError:
        return {}, ClipState.GONE
    root = root_of(call_page(record.call_date, record.call_id))
    there: dict[int, Player] = {}
    for clip in clips:
        source = f"{root}{folder}/{quote(clip.file_name)}"
        player = Player(source, widened(clip.span, call.duration_s), clip.shortened)
        there |= {id(finding): player for finding in clip.findings}
    return there, ClipState.CUT


def _cut(call: Call, clips: Sequence[Clip], folder: Path) -> None:
    """Cut clips that are not there from an earlier report on the same hearing of the same recording."""
    about = hashed(repr((_FORM, call.sha256, call.hearing_key, call.redacted)))
    marker = folder / _ABOUT
    known = marker.is_file() and marker.read_text(encoding="ascii", errors="replace") == about
    there = {path.name for path in folder.glob("*.mp3")} if known else set()
    cut_evidence(call, [clip for clip in clips if clip.file_name not in there], folder)
    for clip in clips:
        # What is older than the report is cleared away at its end.
        os.utime(folder / clip.file_name)
    if clips:
        write_private(marker, about)
