from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import made_calls as made
import pytest

from pipeline import (
    Judgement,
    Label,
    Scorecards,
    StoreReader,
    Verdict,
    calibrate,
    compare,
    load_rulebook,
    read_scorecards,
    stored_findings,
    sweep_clause,
    with_options,
)
from pipeline.audit import score_night
from pipeline.call import Role
from pipeline.notebook import html_of
from pipeline.store import Store

HOSTILE = "<script>alert(1)</script>&\u202e\x1b[31m"
SHOWN = "&lt;script&gt;alert(1)&lt;/script&gt;&amp;��[31m"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> StoreReader:
    writer = Store(tmp_path_factory.mktemp("store"))
    calls = [
        made.call("c1", agent_name="陈静", measurements=made.measured(gross_pace=220.0)),
        made.call(
            "c2", agent_id=None, agent_name=None, team=None, measurements=made.measured(gross_pace=None)
        ),
    ]
    found = (made.finding("OPS-04", "fail", reason=HOSTILE, quote=HOSTILE), made.finding("OPS-05", "pass"))
    with writer.writing():
        for call in calls:
            writer.write_call(call)
        judged = [made.judgement(call, 50.0, *found) for call in calls]
        writer.write_findings("2026-10-09", made.STANDARD, judged)
        score_night(writer)
    return StoreReader(str(writer.out))


def _judgement(store: StoreReader) -> Judgement:
    (judgement,) = store.judgements_of(store.read_call("c1"))
    return judgement


def test_a_call_shows_who_spoke_what_and_what_was_measured(store: StoreReader) -> None:
    html = store.read_call("c1")._repr_html_()
    for wanted in (
        "c1",
        "陈静 A01 一组",
        "0:40.0",
        "您好，请问有什么可以帮您？",
        "18.0 s music",
        "220.0",
        "customer",
    ):
        assert wanted in html
    unmeasured = store.read_call("c2")._repr_html_()
    assert "agent unknown" in unmeasured
    assert "too short" in unmeasured


def test_nothing_from_outside_becomes_markup(store: StoreReader) -> None:
    call = store.read_call("c1")
    said = replace(call.utterances[0], text=HOSTILE)
    hostile = replace(
        call, record=replace(call.record, call_id=HOSTILE, agent_name=HOSTILE), utterances=(said,)
    )
    judgement = replace(_judgement(store), call_id=HOSTILE)
    for value in (hostile, judgement, judgement.findings[0], replace(judgement.score, standard=HOSTILE)):
        html = value._repr_html_()
        assert SHOWN in html
        assert "<script" not in html
        assert "\x1b" not in html


def test_a_judgement_lists_what_is_worth_hearing_and_folds_the_rest(store: StoreReader) -> None:
    html = _judgement(store)._repr_html_()
    seen, folded = html.split("<details>")
    assert "OPS-04" in seen
    assert "OPS-05" not in seen
    assert "1 passed, 0 not applicable" in folded
    assert "OPS-05" in folded


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (made.score(50.0), "5 of 10 points = 50.0"),
        (made.score(50.0, critical_failures=2), "5 of 10 points = 50.0; 2 critical failed → 0.0"),
        (made.score(None), "no score: no clause was decided"),
        (
            replace(made.score(None), status="review", status_reason="heard badly"),
            "no score, a person has to listen: heard badly",
        ),
    ],
)
def test_a_score_says_how_it_came_about(score: made.Score, words: str) -> None:
    assert words in score._repr_html_()


def test_scorecards_show_who_they_are_of(store: StoreReader) -> None:
    cards = read_scorecards(store, standard=made.STANDARD)
    html = cards._repr_html_()
    assert [len(cards.frame), cards.by] == [2, ("agent_id",)]
    for wanted in ("A01", "陈静", "(no agent)", "OPS-04 1/1", "50.0"):
        assert wanted in html
    assert "nan" not in html.casefold()
    everything = read_scorecards(store, by=())
    assert list(everything.frame["calls"]) == [2]
    assert "2" in everything._repr_html_()
    assert read_scorecards(store, call_dates=["2020-01-01"]).frame.empty
    assert isinstance(everything, Scorecards)


def test_calibrations_and_sweeps_show_their_intervals(store: StoreReader) -> None:
    labels = [Label("c1", "OPS-04", Verdict.FAIL), Label("c2", "OPS-04", Verdict.PASS)]
    calibration = calibrate(labels, stored_findings(store, labels))
    html = calibration._repr_html_()
    for wanted in ("OPS-04*", "50 %", "[9, 91]"):
        assert wanted in html
    truth = {label.call_id: label.verdict for label in labels}
    sweep = sweep_clause(
        store.read_calls(), truth, load_rulebook(made.STANDARD), "OPS-01", "at_most", (200.0, 230.0)
    )
    assert "now" in sweep._repr_html_()
    assert "230" in sweep._repr_html_()


def test_a_comparison_says_how_many_calls_change(store: StoreReader) -> None:
    book = load_rulebook(made.STANDARD)
    other = with_options(book, "OPS-01", at_most=330.0)
    html = compare(store, book, other)._repr_html_()
    assert "0 of 2 calls change" in html or "1 of 2 calls change" in html
    assert "A01" in html


def test_other_values_have_no_view() -> None:
    with pytest.raises(TypeError, match="no view of Span"):
        html_of(made.utterance(0, Role.AGENT, 0.0, "好").span)


def test_a_store_is_opened_from_any_folder(
    store: StoreReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert StoreReader(store.out).count() == 2
    assert StoreReader(str(store.out)).read_call("c1").record.agent_id == "A01"
