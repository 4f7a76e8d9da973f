"""Checks: one file per kind of rule. ``KINDS`` is the vocabulary of rulebooks' ``check`` key."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.checks.address_by_name import AddressByName
from pipeline.checks.base import Check, Outcome
from pipeline.checks.courtesy_words import CourtesyWords
from pipeline.checks.hold_consent import HoldConsent
from pipeline.checks.hold_return_courtesy import HoldReturnCourtesy
from pipeline.checks.hold_updates import HoldUpdates
from pipeline.checks.interruptions import Interruptions
from pipeline.checks.measure_in_band import MeasureInBand
from pipeline.checks.phrase_forbidden import PhraseForbidden
from pipeline.checks.phrase_required import PhraseRequired
from pipeline.checks.questions_answered import QuestionsAnswered
from pipeline.checks.reply_required import ReplyRequired
from pipeline.checks.rings_within import RingsWithin
from pipeline.checks.word_ratio import WordRatio

__all__ = ["KINDS", "Check", "Outcome"]

KINDS: Mapping[str, type[Check]] = {
    check.kind: check
    for check in (
        AddressByName,
        CourtesyWords,
        HoldConsent,
        HoldReturnCourtesy,
        HoldUpdates,
        Interruptions,
        MeasureInBand,
        PhraseForbidden,
        PhraseRequired,
        QuestionsAnswered,
        ReplyRequired,
        RingsWithin,
        WordRatio,
    )
}
