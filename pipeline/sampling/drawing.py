"""Drawing by a plan: the same findings, plan and seed give the same sample."""

from __future__ import annotations

from typing import cast

import numpy as np
import pandas as pd

from pipeline.sampling.plans import STRATA, Plan, stratum_of
from pipeline.store.files import hashed


def draw(findings: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Draw findings.

    Parameters
    ----------
    findings : pandas.DataFrame
        As `population` returns them.
    plan : Plan

    Returns
    -------
    pandas.DataFrame
        The rows that were drawn, in their order, with ``stratum`` and ``probability``, the chance of the
        finding to be drawn.
    """
    sizes = dict(zip(STRATA, plan.sizes, strict=True))
    strata = pd.Series(stratum_of(findings, plan), findings.index, dtype=object)
    agent = findings["agent"].fillna("") if plan.per_agent else pd.Series("", findings.index)
    drawn = []
    for name, own in findings.groupby([strata, agent], sort=True).groups.items():
        stratum, who = map(str, cast(tuple[object, object], name))
        if stratum:
            size = min(sizes[stratum], len(own))
            # Of each part by numbers of its own: what other agents did does not change this one's sample.
            numbers = np.random.default_rng([plan.seed, int(hashed(f"{stratum} {who}"), 16)])
            places = own[np.sort(numbers.choice(len(own), size, replace=False))]
            drawn.append(findings.loc[places].assign(stratum=stratum, probability=size / len(own)))
    if not drawn:
        return findings.head(0).assign(stratum="", probability=0.0)
    return pd.concat(drawn).sort_index()
