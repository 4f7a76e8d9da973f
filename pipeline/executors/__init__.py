"""Where calls are heard and judged: in this process, or in several local ones."""

from pipeline.executors.judging import judge_stretches, judging_workers
from pipeline.executors.local import Setup, hear_all

__all__ = ["Setup", "hear_all", "judge_stretches", "judging_workers"]
