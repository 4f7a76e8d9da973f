"""A night's work: hear what has not been heard, judge what is stored, add up scorecards.

Hearing is done once per recording and setting; judging reads only stored facts and may be repeated.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pipeline.audit.hearing import (
    Executor,
    HearingSummary,
    HearingTask,
    Outcome,
    Progress,
    SourceCalls,
    hear_night,
    hear_sources,
)
from pipeline.audit.judging import (
    JudgedStretch,
    JudgingSummary,
    StretchJudge,
    judge_call,
    judge_night,
    known_standards,
)
from pipeline.audit.readings import listen_again

if TYPE_CHECKING:
    from pipeline.audit.scorecards import (
        DayScorer,
        PeriodMerger,
        ScoringSummary,
        current_cards,
        merge_stored,
        score_night,
        scorecard_inputs,
    )

__all__ = [
    "DayScorer",
    "Executor",
    "HearingSummary",
    "HearingTask",
    "JudgedStretch",
    "JudgingSummary",
    "Outcome",
    "PeriodMerger",
    "Progress",
    "ScoringSummary",
    "SourceCalls",
    "StretchJudge",
    "current_cards",
    "hear_night",
    "hear_sources",
    "judge_call",
    "judge_night",
    "known_standards",
    "listen_again",
    "merge_stored",
    "score_night",
    "scorecard_inputs",
]


def __getattr__(name: str) -> object:
    """Import what adds up scorecards when it is first used: a process that hears needs no data frames."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("pipeline.audit.scorecards"), name)
