"""Evidence clips: the stretch of the recording that a finding rests on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.audio import cut_clip
from pipeline.call import Call, Finding, Verdict
from pipeline.privacy import muted_spans
from pipeline.spans import Span

WORTH_HEARING = (Verdict.FAIL, Verdict.UNDETERMINED)


def cut_evidence(call: Call, findings: Iterable[Finding], folder: Path) -> Iterator[Path]:
    """Cut a WAV clip for every failed or undetermined finding that has an interval.

    Personal data that were taken out of the call's texts are not heard in them. Clips are named by rule and a
    hash of the call id, since ids may hold characters that paths may not.

    Raises
    ------
    AudioError
        When the recording cannot be decoded any more.
    """
    muted = muted_spans(call)
    name = hashlib.sha256(call.record.call_id.encode()).hexdigest()[:16]
    for finding in findings:
        if finding.verdict not in WORTH_HEARING or finding.start_s is None or finding.end_s is None:
            continue
        span = Span(finding.start_s, finding.end_s)
        yield cut_clip(call.record, span, folder / f"{name}-{finding.rule_id}.wav", muted=muted)
