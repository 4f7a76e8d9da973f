"""Scorecards: what an agent's calls add up to, per day and rulebook, so that a week is a merge of days.

A scorecard row holds counts, sums and maxima, which add up exactly over days and agents, and the means,
rates and intervals computed from them. One call is a scorecard of its own; a day is the merge of its
calls, and a week the merge of its days: there is one way of adding up. Medians do not merge, so the
median answer latency of each call is averaged and named so.

Rows of different rulebooks are never added up: their scores do not mean the same.
"""

from pipeline.scorecards.days import READ, daily
from pipeline.scorecards.merging import ADDED, merge
from pipeline.scorecards.stored import Scorecards, read_scorecards
from pipeline.scorecards.sums import NO_AGENT

__all__ = ["ADDED", "NO_AGENT", "READ", "Scorecards", "daily", "merge", "read_scorecards"]
