"""Where calls are heard, judged and added up: in this process, in several local ones, or on a cluster."""

from pipeline.executors.cluster import hear_on_cluster
from pipeline.executors.crew import Cluster
from pipeline.executors.groups import Setup, SourceSetups
from pipeline.executors.judging import (
    MERGED_PER_WORKER,
    SCORED_PER_WORKER,
    judge_stretches,
    judging_workers,
    merge_periods,
    score_days,
)
from pipeline.executors.local import hear_all
from pipeline.executors.pages import read_days, site_workers, write_call_pages
from pipeline.executors.watchdog import CallLimit

__all__ = [
    "MERGED_PER_WORKER",
    "SCORED_PER_WORKER",
    "CallLimit",
    "Cluster",
    "Setup",
    "SourceSetups",
    "hear_all",
    "hear_on_cluster",
    "judge_stretches",
    "judging_workers",
    "merge_periods",
    "read_days",
    "score_days",
    "site_workers",
    "write_call_pages",
]
