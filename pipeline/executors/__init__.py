"""Where calls are heard, judged and added up: in this process, or in several local ones."""

from pipeline.executors.groups import Setup
from pipeline.executors.judging import SCORED_PER_WORKER, judge_stretches, judging_workers, score_days
from pipeline.executors.local import hear_all
from pipeline.executors.watchdog import CallLimit

__all__ = [
    "SCORED_PER_WORKER",
    "CallLimit",
    "Setup",
    "hear_all",
    "judge_stretches",
    "judging_workers",
    "score_days",
]
