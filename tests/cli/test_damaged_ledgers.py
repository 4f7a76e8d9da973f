"""Damaged parts of reviews and samples: every command that reads the store says so, and none hides it."""

from __future__ import annotations

import json
from pathlib import Path

import made_calls as made
import pytest
from made_pages import Page
from typer.testing import CliRunner, Result

from pipeline.audit import score_night
from pipeline.cli import app
from pipeline.errors import StoreError
from pipeline.reviews.marks import review_table
from pipeline.scoring import score
from pipeline.store import Store
from pipeline.tables import Judgement


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A store with a mark and two draws."""
    store = Store(tmp_path / "out")
    found = (made.finding("OPS-01", "fail"), made.finding("OPS-02", "pass"))
    judged = Judgement.of(made.call(), score=score(found, made.STANDARD), findings=found, rulebook_hash="r1")
    with store.writing():
        store.write_call(made.call())
        store.write_findings("2026-10-09", made.STANDARD, [judged])
        store.add("reviews", review_table([made.review(found[0], judged, "pass")]))
        score_night(store)
    for seed in (1, 2):
        told = callaudit("sample", store.out, "--to", tmp_path / f"{seed}.csv", "--random", 1, "--seed", seed)
        assert told.exit_code == 0, told.output
    return store.out


def callaudit(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=True)


def damaged(out: Path, table: str) -> Path:
    """Damage the first part of a ledger."""
    part = sorted((out / table).glob("part-*.parquet"))[0]
    part.write_bytes(b"PAR1 no more")
    return part


@pytest.mark.parametrize("table", ["reviews", "samples"])
def test_status_and_calibrate_name_the_part(out: Path, tmp_path: Path, table: str) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("call_id,rule_id,verdict\nc1,OPS-01,pass\n", encoding="utf-8")
    commands = (("status", out), ("calibrate", labels, "--out", out))
    for command in commands:
        told = callaudit(*command)
        assert told.exit_code == 0, told.output
        assert "damaged" not in told.output
        assert "backup" not in told.output
    part = damaged(out, table)
    for command in commands:
        told = callaudit(*command)
        assert told.exit_code == 0, told.output
        assert str(part) in "".join(told.output.split("\n")), told.output
        assert "backup" in told.output
    (why,) = json.loads(callaudit("status", out, "--json").stdout)["unreadable_ledgers"]
    assert str(part) in why


def test_a_report_lists_the_other_draws_and_says_that_one_is_damaged(out: Path, tmp_path: Path) -> None:
    whole = callaudit("report", out, "--to", tmp_path / "whole", "--language", "en")
    assert whole.exit_code == 0, whole.output
    part = damaged(out, "samples")
    told = callaudit("report", out, "--to", tmp_path / "site", "--language", "en", "--workers", 1)
    assert told.exit_code == 1
    assert f"failed: [store] {part}" in told.output
    before, after = (Page(tmp_path / name / "review.html").text for name in ("whole", "site"))
    assert "cannot be read, so the list below is not whole" in after
    assert "cannot be read" not in before
    assert before.count("2026-10-09") > after.count("2026-10-09") > 0


def test_a_report_without_its_reviews_is_not_written(out: Path, tmp_path: Path) -> None:
    part = damaged(out, "reviews")
    told = callaudit("report", out, "--to", tmp_path / "site", "--workers", 1)
    assert isinstance(told.exception, StoreError)
    assert str(part) in str(told.exception)
    assert "backup" in str(told.exception)
