"""A night's work: hear what has not been heard, judge what is stored, add up scorecards.

Hearing is done once per recording and setting; judging reads only stored facts and may be repeated.
"""

from __future__ import annotations

from pipeline.audit.hearing import Executor, HearingSummary, HearingTask, Outcome, Progress, hear_night
from pipeline.audit.judging import (
    DayJudge,
    JudgedDay,
    JudgingSummary,
    judge_call,
    judge_night,
    known_standards,
    score_night,
)
from pipeline.audit.readings import listen_again

__all__ = [
    "DayJudge",
    "Executor",
    "HearingSummary",
    "HearingTask",
    "JudgedDay",
    "JudgingSummary",
    "Outcome",
    "Progress",
    "hear_night",
    "judge_call",
    "judge_night",
    "known_standards",
    "listen_again",
    "score_night",
]
