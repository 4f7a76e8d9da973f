from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.sampling import STRATA, Plan, draw, stratum_of

AGENTS = ("A01", "A02", "A03", None)


def findings(verdicts: list[tuple[str, float, bool, str | None]]) -> pd.DataFrame:
    rows = [
        {
            "call_date": "2026-10-09",
            "call_id": f"c{n // 3}",
            "standard": "s",
            "rule_id": f"R{n}",
            "verdict": verdict,
            "confidence": confidence,
            "critical": critical,
            "agent": agent,
        }
        for n, (verdict, confidence, critical, agent) in enumerate(verdicts)
    ]
    return pd.DataFrame(
        rows,
        columns=["call_date", "call_id", "standard", "rule_id", "verdict", "confidence", "critical", "agent"],
    )


many = st.lists(
    st.tuples(
        st.sampled_from(["pass", "fail", "undetermined"]),
        st.floats(0, 1, allow_nan=False),
        st.booleans(),
        st.sampled_from(AGENTS),
    ),
    max_size=60,
).map(findings)
plans = st.builds(
    Plan,
    risky=st.integers(0, 12),
    borderline=st.integers(0, 12),
    random=st.integers(1, 12),
    per_agent=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)


def inclusion(frame: pd.DataFrame, plan: Plan) -> pd.Series[float]:
    """What the probabilities must be of every finding, drawn or not, by the definition."""
    strata = pd.Series(stratum_of(frame, plan), frame.index)
    cells = [strata, frame["agent"].fillna("")] if plan.per_agent else [strata]
    there = frame.groupby(cells)["rule_id"].transform("size")
    size = strata.map(dict(zip(STRATA, plan.sizes, strict=True))).fillna(0).astype(float)
    return (size.clip(upper=there) / there).where(strata != "", 0.0)


@given(many, plans)
@settings(max_examples=50, deadline=None)
def test_probabilities_add_up_to_the_size_of_the_sample(frame: pd.DataFrame, plan: Plan) -> None:
    drawn = draw(frame, plan)
    expected = inclusion(frame, plan)
    assert len(drawn) == pytest.approx(expected.sum())
    assert drawn["probability"].tolist() == pytest.approx(expected.loc[drawn.index].tolist())
    assert drawn.index.is_unique
    assert drawn.index.is_monotonic_increasing


@given(many, plans)
@settings(max_examples=50, deadline=None)
def test_each_stratum_and_agent_gives_its_quota(frame: pd.DataFrame, plan: Plan) -> None:
    drawn = draw(frame, plan)
    strata = pd.Series(stratum_of(frame, plan), frame.index)
    assert (drawn["stratum"] == strata.loc[drawn.index]).all()
    agent = frame["agent"].fillna("") if plan.per_agent else pd.Series("", frame.index)
    for stratum, size in zip(STRATA, plan.sizes, strict=True):
        for who in agent.unique():
            there = ((strata == stratum) & (agent == who)).sum()
            taken = ((drawn["stratum"] == stratum) & (agent.loc[drawn.index] == who)).sum()
            assert taken == min(size, there)


@given(many, plans)
@settings(max_examples=30, deadline=None)
def test_the_same_seed_draws_the_same_in_any_process(frame: pd.DataFrame, plan: Plan) -> None:
    pd.testing.assert_frame_equal(draw(frame, plan), draw(frame.copy(), plan))


def test_another_seed_draws_others_and_other_agents_change_nothing() -> None:
    own = [("pass", 0.9, False, "A01")] * 40
    first = draw(findings(own), Plan(random=5, seed=1, per_agent=True))
    assert draw(findings(own), Plan(random=5, seed=2, per_agent=True)).index.tolist() != first.index.tolist()
    more = draw(
        findings([*own, *([("fail", 0.9, False, "A02")] * 9)]), Plan(random=5, seed=1, per_agent=True)
    )
    assert more[more["agent"] == "A01"].index.tolist() == first.index.tolist()


def test_a_finding_is_in_the_first_stratum_that_fits_and_is_asked_for() -> None:
    frame = findings(
        [
            ("fail", 0.95, False, None),
            ("fail", 0.30, True, None),
            ("fail", 0.80, False, None),
            ("undetermined", 0.5, False, None),
            ("pass", 0.74, False, None),
            ("pass", 0.99, True, None),
        ]
    )
    all_three = stratum_of(frame, Plan(risky=1, borderline=1, random=1)).tolist()
    assert all_three == ["risky", "risky", "random", "borderline", "borderline", "random"]
    assert stratum_of(frame, Plan(random=1)).tolist() == ["random"] * 6
    assert stratum_of(frame, Plan(borderline=1)).tolist() == [
        "",
        "borderline",
        "",
        "borderline",
        "borderline",
        "",
    ]


def test_weighting_by_the_inverse_probability_is_unbiased_over_seeds() -> None:
    """Horvitz and Thompson: estimates average to the true total, within three standard errors."""
    numbers = np.random.default_rng(3)
    frame = findings(
        [
            (
                str(numbers.choice(["pass", "fail", "undetermined"], p=[0.7, 0.2, 0.1])),
                float(c),
                False,
                str(a),
            )
            for c, a in zip(
                numbers.uniform(0.4, 1, 400),
                numbers.choice(["A", "B", "C"], 400, p=[0.7, 0.2, 0.1]),
                strict=True,
            )
        ]
    )
    value = pd.Series(numbers.gamma(2.0, 3.0, 400), frame.index)
    for per_agent in (False, True):
        estimates = []
        for seed in range(150):
            drawn = draw(frame, Plan(risky=8, borderline=8, random=15, seed=seed, per_agent=per_agent))
            estimates.append((value.loc[drawn.index] / drawn["probability"]).sum())
        error = np.std(estimates, ddof=1) / np.sqrt(len(estimates))
        assert abs(np.mean(estimates) - value.sum()) < 3 * error
        # Without the weights it would not be.
        plain = value.loc[drawn.index].mean() * len(frame)
        assert plain != pytest.approx(value.sum(), rel=1e-3)


@pytest.mark.parametrize(
    "sizes", [{}, {"random": -1, "risky": 2}, {"random": 1, "seed": 2**32}, {"random": 1, "seed": -1}]
)
def test_what_nothing_can_be_drawn_by_is_refused(sizes: dict[str, int]) -> None:
    with pytest.raises(ConfigError, match="expected 0"):
        Plan(**sizes)  # type: ignore[arg-type]


def test_nothing_to_draw_from_gives_nothing() -> None:
    assert len(draw(findings([]), Plan(random=3))) == 0
