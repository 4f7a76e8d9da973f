"""Sampling: findings drawn for graders, with the probability that each had to be drawn.

Definitions
-----------
What is drawn from are the stored findings that apply: passes, fails and undetermined ones. Each is in one of
the strata that were asked for:

- *risky*: failures that are critical, or as sure as `SURE` and more;
- *borderline*: undetermined, or less sure than `DOUBTFUL`: hardly heard, or a near miss, since checks are
  the less sure the closer a measurement is to its bound and a wording to the one that is wanted;
- *random*: all others. With random alone every finding is in it.

From each stratum, or from each agent's findings in it, so many are drawn at random without replacement. The
inclusion probability of a finding is the number drawn over the number there is, of its stratum or of its
agent's part of it; over all findings the probabilities add up to the size of the sample. A total is estimated
without bias by adding up what was found, each divided by its probability (Horvitz and Thompson 1952, J. Am.
Stat. Assoc. 47:663).
"""

from pipeline.sampling.drawing import draw
from pipeline.sampling.plans import DOUBTFUL, STRATA, SURE, Plan, stratum_of
from pipeline.sampling.population import population
from pipeline.sampling.stored import Drawn, add_draw, drawn_findings, grading_csv

__all__ = [
    "DOUBTFUL",
    "STRATA",
    "SURE",
    "Drawn",
    "Plan",
    "add_draw",
    "draw",
    "drawn_findings",
    "grading_csv",
    "population",
    "stratum_of",
]
