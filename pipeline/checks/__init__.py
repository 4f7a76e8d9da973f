"""Checks: one file per kind of rule. ``KINDS`` is the vocabulary of rulebooks' ``check`` key."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.checks.address_by_name import AddressByName
from pipeline.checks.answer_within import AnswerWithin
from pipeline.checks.answers_in_full import AnswersInFull
from pipeline.checks.base import Check, Outcome
from pipeline.checks.clear_speech import ClearSpeech
from pipeline.checks.combined import Combined
from pipeline.checks.courtesy_words import CourtesyWords
from pipeline.checks.density_change import DensityChange
from pipeline.checks.dictation import Dictation
from pipeline.checks.greeting_for_time import GreetingForTime
from pipeline.checks.hang_up import HangUp
from pipeline.checks.hold_consent import HoldConsent
from pipeline.checks.hold_filling import HoldFilling
from pipeline.checks.hold_updates import HoldUpdates
from pipeline.checks.interruptions import Interruptions
from pipeline.checks.language_matches import LanguageMatches
from pipeline.checks.level_adjusted import LevelAdjusted
from pipeline.checks.measure_in_band import MeasureInBand
from pipeline.checks.pace_of_turns import PaceOfTurns
from pipeline.checks.personal_data_leak import PersonalDataLeak
from pipeline.checks.phrase_count import PhraseCount
from pipeline.checks.phrase_density import PhraseDensity
from pipeline.checks.phrase_forbidden import PhraseForbidden
from pipeline.checks.phrase_order import PhraseOrder
from pipeline.checks.phrase_pair import PhrasePair
from pipeline.checks.phrase_required import PhraseRequired
from pipeline.checks.phrase_sequence import PhraseSequence
from pipeline.checks.promise_given import PromiseGiven
from pipeline.checks.questions_answered import QuestionsAnswered
from pipeline.checks.reply_required import ReplyRequired
from pipeline.checks.review_moment import ReviewMoment
from pipeline.checks.rings_within import RingsWithin
from pipeline.checks.transfer_completed import TransferCompleted
from pipeline.checks.word_ratio import WordRatio

__all__ = ["KINDS", "Check", "Outcome"]

KINDS: Mapping[str, type[Check]] = {
    check.kind: check
    for check in (
        AddressByName,
        AnswerWithin,
        AnswersInFull,
        ClearSpeech,
        Combined,
        CourtesyWords,
        DensityChange,
        Dictation,
        GreetingForTime,
        HangUp,
        HoldConsent,
        HoldFilling,
        HoldUpdates,
        Interruptions,
        LanguageMatches,
        LevelAdjusted,
        MeasureInBand,
        PaceOfTurns,
        PersonalDataLeak,
        PhraseCount,
        PhraseDensity,
        PhraseForbidden,
        PhraseOrder,
        PhrasePair,
        PhraseRequired,
        PhraseSequence,
        PromiseGiven,
        QuestionsAnswered,
        ReplyRequired,
        ReviewMoment,
        RingsWithin,
        TransferCompleted,
        WordRatio,
    )
}
