from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from made_nights import SOURCE, Desk

import pipeline.executors
from pipeline.call import Call
from pipeline.errors import LockedError, StoreError, WriteError
from pipeline.nightly import auditing
from pipeline.nightly.logs import silent_log
from pipeline.nightly.night import run_night, stop_at
from pipeline.nightly.summary import Ending
from pipeline.store import Store, StoreReader

Named = Callable[[str, str], str]
BOOK = "standards:\n  - rulebooks: book.yaml\n"


def test_a_night_hears_judges_and_leaves_a_summary(desk: Desk, named: Named) -> None:
    for call_id in ("c1", "c2"):
        desk.recording(named(call_id, "2026-10-09"))
    summary = desk.night(SOURCE + BOOK)
    assert (summary.ending, summary.exit_code, summary.total("heard")) == (Ending.DONE, 0, 2)
    assert summary.judged.judgements == 2
    assert desk.store.standards("2026-10-09") == ("book",)
    told = json.loads((desk.out / "summary.json").read_text())
    assert told["calls"]["heard"] == 2
    assert told["stages"] == {**told["stages"], "decoder": 400.0, "measuring": 200.0}
    assert (desk.out / "nights" / f"{summary.started_at[:10]}.json").read_text() == (
        desk.out / "summary.json"
    ).read_text()
    assert (desk.out / "summary.json").stat().st_mode & 0o777 == 0o600


def test_a_second_night_judges_only_what_has_changed(desk: Desk, named: Named) -> None:
    desk.recording(named("c1", "2026-10-09"))
    desk.night(SOURCE + BOOK)
    again = desk.night(SOURCE + BOOK)
    assert (again.total("heard"), again.total("known"), again.judged.days) == (0, 1, 0)
    desk.recording(named("c2", "2026-10-10"))
    third = desk.night(SOURCE + BOOK)
    assert (third.total("heard"), third.judged.days, third.judged.judgements) == (1, 1, 1)
    desk.book("other")
    changed = desk.night(SOURCE + "standards:\n  - rulebooks: [book.yaml, other.yaml]\n")
    assert (changed.total("heard"), changed.judged.days, changed.judged.judgements) == (0, 2, 4)
    (desk.out / "nights" / "judged.json").write_text("torn")
    assert desk.night(SOURCE + "standards:\n  - rulebooks: [book.yaml, other.yaml]\n").judged.days == 2
    assert len(list((desk.out / "nights").glob("20*.json"))) == 5


def test_judging_is_done_again_where_findings_were_changed_by_hand(desk: Desk, named: Named) -> None:
    desk.recording(named("c1", "2026-10-09"))
    desk.night(SOURCE + BOOK)
    for part in desk.out.glob("findings/*/*.parquet"):
        part.unlink()
    assert desk.night(SOURCE + BOOK).judged.days == 1
    assert list(desk.out.glob("findings/*/*.parquet"))


def test_all_sources_are_heard_in_one_pool_each_with_its_own_setup(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for source in ("a", "b"):
        for name in ("1.wav", "2.wav"):
            desk.recording(name, source=source)
    pools = []
    real = pipeline.executors.hear_all

    def counted(tasks, setup, **others):
        pools.append([(task.record.call_id, setup.of(task).hearing.desk_words.words[:1]) for task in tasks])
        return real(tasks, setup, **others)

    monkeypatch.setattr(pipeline.executors, "hear_all", counted)
    summary = desk.night(
        "sources:\n"
        "  - {name: a, recordings: a, own_ids: true, lexicon: airline-tickets}\n"
        "  - {name: b, recordings: b, own_ids: true}\n" + BOOK
    )
    (pool,) = pools
    assert [call_id for call_id, _ in pool] == ["a/1", "a/2", "b/1", "b/2"]
    assert [bool(words) for _, words in pool] == [True, True, False, False]
    assert [(s.name, s.heard) for s in summary.sources] == [("a", 2), ("b", 2)]


def test_calls_that_fail_are_counted_by_stage_and_do_not_end_the_night(desk: Desk, named: Named) -> None:
    desk.recording(named("raises", "2026-10-09"))
    desk.recording(named("c1", "2026-10-09"))
    (desk.folder / "calls" / "odd.xyz").write_text("?")
    desk.recording("odd.xyz")
    summary = desk.night(SOURCE + BOOK)
    assert (summary.ending, summary.exit_code) == (Ending.SOME_FAILED, 1)
    assert summary.failures == {"hear": 1, "intake": 1}
    assert summary.total("heard") == 1


def test_a_source_that_cannot_be_read_costs_only_itself(desk: Desk, named: Named) -> None:
    desk.recording(named("c1", "2026-10-09"))
    two = SOURCE + "  - {name: away, recordings: /no/such/share}\n" + BOOK
    summary = desk.night(two)
    assert (summary.exit_code, summary.total("heard"), summary.failures) == (1, 1, {"source": 1})
    assert "/no/such/share" in (summary.sources[1].problem or "")
    assert [f.stage for f in desk.store.failures()] == ["source"]


def test_a_source_that_is_back_is_no_failure_any_more(desk: Desk) -> None:
    desk.night("sources:\n  - {name: share, recordings: share}\n")
    assert desk.store.failures()
    desk.recording("c1.wav", source="share")
    assert desk.night("sources:\n  - {name: share, recordings: share}\n").exit_code == 0
    assert not desk.store.failures()


def test_a_share_that_does_not_answer_costs_only_itself(
    desk: Desk, named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.recording(named("c1", "2026-10-09"))
    desk.recording("odd.xyz", source="share")
    two = SOURCE + "  - {name: share, recordings: share}\n"
    assert desk.night(two).failures == {"intake": 1}
    is_dir = Path.is_dir

    def stale(path: Path) -> bool:
        if path.name == "share":
            raise OSError(116, "Stale file handle")
        return is_dir(path)

    monkeypatch.setattr(Path, "is_dir", stale)
    summary = desk.night(two)
    assert (summary.exit_code, summary.total("known"), summary.failures) == (1, 1, {"source": 1})
    assert {f.stage for f in desk.store.failures()} == {"source", "intake"}, "refusals stay until it is back"


def test_a_call_that_cannot_be_read_back_is_judged_again_without_the_other_days(
    desk: Desk, named: Named
) -> None:
    lost = desk.recording(named("lost", "2026-10-09"))
    desk.recording(named("c1", "2026-10-10"))
    desk.night(SOURCE + BOOK)
    lost.unlink()
    (part,) = desk.out.glob("utterances/call_date=2026-10-09/*")
    part.write_bytes(part.read_bytes()[:100])
    desk.recording(named("c2", "2026-10-10"))
    assert desk.night(SOURCE + BOOK).judged.days == 2
    again = desk.night(SOURCE + BOOK)
    assert (again.judged.days, again.judged.unreadable, again.exit_code) == (1, 1, 1)


def test_metrics_that_cannot_be_written_do_not_end_a_night(desk: Desk, named: Named) -> None:
    desk.recording(named("c1", "2026-10-09"))
    (desk.folder / "file").touch()
    summary = desk.night(SOURCE + BOOK + "metrics: file/callaudit.prom\n")
    assert (summary.ending, summary.total("heard")) == (Ending.SOME_FAILED, 1)
    assert json.loads((desk.out / "summary.json").read_text())["failures"] == {"metrics": 1}


def test_an_empty_source_is_no_failure(desk: Desk) -> None:
    glob = "sources:\n  - {name: calls, recordings: 'calls/*.wav'}\n"
    assert desk.night(SOURCE).exit_code == desk.night(glob).exit_code == 0


def test_the_deadline_finishes_what_is_under_way_and_tomorrow_goes_on(
    desk: Desk, named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        desk.recording(named(f"c{number}", f"2026-10-{9 + number:02}"))
    hear = auditing.hear
    asked = []

    def stopped_early(*args, going_on, **others):
        def twice() -> bool:
            asked.append(going_on())
            return len(asked) <= 1

        return hear(*args, going_on=twice, **others)

    with monkeypatch.context() as patched:
        patched.setattr(auditing, "hear", stopped_early)
        summary = desk.night(SOURCE + BOOK + "stop_by: '06:30'\n")
    assert asked[0]
    assert (summary.ending, summary.exit_code) == (Ending.CUT, 4)
    assert (summary.total("heard"), summary.total("left")) == (3, 5)
    assert StoreReader(desk.out).dates() == ("2026-10-09", "2026-10-10", "2026-10-11"), "the oldest first"
    assert summary.judged.judgements == 3
    rest = desk.night(SOURCE + BOOK)
    assert (rest.exit_code, rest.total("heard"), rest.total("known")) == (0, 5, 3)


def test_the_deadline_is_the_next_time_of_that_day() -> None:
    evening = datetime(2026, 11, 22, 22, 0).astimezone()
    assert stop_at("06:30", evening) - evening == timedelta(hours=8, minutes=30)
    assert stop_at("23:00", evening) - evening == timedelta(hours=1)
    assert stop_at("22:00", evening) - evening == timedelta(days=1)


def test_another_writer_is_told_apart_from_other_trouble(desk: Desk) -> None:
    with desk.store.writing(), pytest.raises(LockedError, match="is writing to this folder"):
        desk.night(SOURCE)
    assert not (desk.out / "summary.json").exists()


def test_a_night_hears_nothing_without_room_but_makes_room_first(desk: Desk, named: Named) -> None:
    desk.recording(named("old", "2026-01-09"))
    desk.night(SOURCE)
    desk.recording(named("new", f"{datetime.now():%Y-%m-%d}"))
    config = desk.config(SOURCE + "retention: {tables_days: 30}\n")
    full = config.keys.model_copy(update={"min_free_gb": 1e9})
    with pytest.raises(StoreError, match="min_free_gb: 1e"):
        run_night(replace(config, keys=full), log=silent_log())
    assert desk.store.dates() == (), "what was too old is gone, and nothing was heard"
    assert json.loads((desk.out / "summary.json").read_text())["exit_code"] == 5


@pytest.mark.parametrize(
    ("error", "exit_code"), [(RuntimeError("x"), 3), (WriteError("full"), 5), (StoreError("x"), 5)]
)
def test_a_night_that_an_error_ends_leaves_a_summary(
    desk: Desk, named: Named, monkeypatch: pytest.MonkeyPatch, error: Exception, exit_code: int
) -> None:
    desk.recording(named("c1", "2026-10-09"))

    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(auditing, "score", broken)
    with pytest.raises(type(error)):
        desk.night(SOURCE + BOOK)
    told = json.loads((desk.out / "summary.json").read_text())
    assert (told["exit_code"], told["error"]) == (exit_code, type(error).__name__)
    assert told["calls"]["heard"] == 1


def test_a_night_that_a_full_disk_ends_says_what_was_heard(
    desk: Desk, named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in ("2026-10-09", "2026-10-10"):
        desk.recording(named("c", day))
    write_call = Store.write_call

    def full(store: Store, call: Call) -> bool:
        if call.record.call_date == "2026-10-10":
            raise WriteError("no space left")
        return write_call(store, call)

    monkeypatch.setattr(Store, "write_call", full)
    with pytest.raises(WriteError):
        desk.night(SOURCE + BOOK)
    told = json.loads((desk.out / "summary.json").read_text())
    assert (told["exit_code"], told["calls"]["heard"], told["sources"][0]["heard"]) == (5, 1, 1)
    assert told["calls"]["audio_s"] > 0


def test_calls_keep_the_standards_that_their_metadata_name(desk: Desk) -> None:
    (desk.folder / "calls.csv").write_text(
        "path,call_id,team,standards\n"
        "calls/1.wav,own,机票,ecommerce-desk\ncalls/2.wav,team,机票,\ncalls/3.wav,other,x,\n",
        encoding="utf-8",
    )
    for name in ("1.wav", "2.wav", "3.wav"):
        desk.recording(name)
    desk.book("tickets")
    desk.night(
        "sources:\n  - {name: calls, recordings: calls.csv}\n"
        "standards:\n  - {source: calls, team: [机票, 酒店], rulebooks: tickets.yaml}\n"
        "  - rulebooks: [book.yaml]\n"
    )
    standards = {c.record.call_id: c.record.standards for c in desk.store.read_calls()}
    assert standards == {
        "own": ("ecommerce-desk",),
        "team": (str(desk.folder / "tickets.yaml"),),
        "other": (str(desk.folder / "book.yaml"),),
    }
    assert set(desk.store.standards("unknown")) == {"ecommerce-desk", "tickets", "book"}


def test_a_call_that_names_a_broken_rulebook_costs_only_itself(desk: Desk) -> None:
    broken = desk.folder / "broken.yaml"
    broken.write_text("name: [", encoding="utf-8")
    (desk.folder / "calls.csv").write_text(
        f"path,call_id,standards\ncalls/1.wav,one,{broken}\ncalls/2.wav,two,\n", encoding="utf-8"
    )
    for name in ("1.wav", "2.wav"):
        desk.recording(name)
    summary = desk.night("sources:\n  - {name: calls, recordings: calls.csv}\n" + BOOK)
    assert (summary.exit_code, summary.total("heard"), summary.judged.judgements) == (1, 1, 1)
    (failure,) = desk.store.failures()
    assert str(broken) in failure.reason


def test_relative_paths_lead_from_the_configuration(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.recording("c1.wav")
    config = desk.config(SOURCE)
    monkeypatch.chdir(Path("/"))
    assert config.out == desk.out
    assert config.sources[0].recordings == str(desk.folder / "calls")
