"""What is to be drawn, and which stratum a finding is in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.errors import ConfigError

RISKY, BORDERLINE, RANDOM = STRATA = ("risky", "borderline", "random")
"""In the order in which a finding is given to one of them."""

SURE = 0.9
"""Confidence from which a failure is sure."""
DOUBTFUL = 0.75
"""Confidence below which a verdict is doubtful."""

MAX_SEED = 2**32


@dataclass(frozen=True, slots=True)
class Plan:
    """How many findings of which stratum are to be drawn.

    Attributes
    ----------
    risky, borderline, random : int
        How many; with ``per_agent`` of each agent, or all where an agent has fewer.
    seed : int
        Of the random numbers, 0 to 2³² - 1.
    standards : tuple of str
        Rulebooks; empty for all.
    first_day, last_day : str or None
        Of the calls; None for no limit.
    """

    risky: int = 0
    borderline: int = 0
    random: int = 0
    per_agent: bool = False
    seed: int = 0
    standards: tuple[str, ...] = ()
    first_day: str | None = None
    last_day: str | None = None

    def __post_init__(self) -> None:
        """Reject what nothing can be drawn by."""
        if min(self.sizes) < 0 or not any(self.sizes):
            raise ConfigError(
                f"sizes of {', '.join(STRATA)} are {', '.join(map(str, self.sizes))}; expected 0 and more, "
                "one of them above 0"
            )
        if not 0 <= self.seed < MAX_SEED:
            raise ConfigError(f"the seed is {self.seed}; expected 0 to {MAX_SEED - 1}")

    @property
    def sizes(self) -> tuple[int, int, int]:
        """How many are to be drawn of each of `STRATA`."""
        return self.risky, self.borderline, self.random

    def covers(self, call_date: str) -> bool:
        """Return whether calls of a day are drawn from; those without a start only without limits."""
        if call_date == "unknown":
            return self.first_day is None and self.last_day is None
        return (self.first_day or "") <= call_date <= (self.last_day or "9999")


def stratum_of(findings: pd.DataFrame, plan: Plan) -> NDArray[np.str_]:
    """Return the stratum of each finding among those that are asked for; empty for none of them.

    Parameters
    ----------
    findings : pandas.DataFrame
        With columns ``verdict``, ``critical`` and ``confidence``.
    """
    failed = findings["verdict"] == "fail"
    risky = failed & (findings["critical"] | (findings["confidence"] >= SURE))
    borderline = (findings["verdict"] == "undetermined") | (findings["confidence"] < DOUBTFUL)
    fitting = {RISKY: risky, BORDERLINE: borderline, RANDOM: pd.Series(True, findings.index)}
    asked = [name for name, size in zip(STRATA, plan.sizes, strict=True) if size]
    return np.select([fitting[name].to_numpy(bool) for name in asked], asked, default="")
