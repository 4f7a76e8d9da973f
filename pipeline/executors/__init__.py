"""Where calls are heard, judged and added up: in this process, or in several local ones."""

from pipeline.executors.judging import SCORED_PER_WORKER, judge_stretches, judging_workers, score_days
from pipeline.executors.local import Setup, SourceSetups, hear_all

__all__ = [
    "SCORED_PER_WORKER",
    "Setup",
    "SourceSetups",
    "hear_all",
    "judge_stretches",
    "judging_workers",
    "score_days",
]
