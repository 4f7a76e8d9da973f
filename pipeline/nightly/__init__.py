"""What an operator runs: a night over several sources, and what belongs to it.

A night gathers the recordings of its sources, removes what is too old, hears what is new in one pool of
processes, judges what has changed, adds up scorecards, and leaves a summary, a log and metrics.
"""
