"""Whose the folder of a report is: what is cleared away, and what is never touched."""

from __future__ import annotations

from pathlib import Path

import made_calls as made
import pytest
from made_sites import heard, judged, site_of, store_of

from pipeline.errors import ConfigError
from pipeline.reports.pages.addresses import agent_page, call_page, clips_folder
from pipeline.store import Store

DAY = "2026-10-09"
FAIL = made.finding("OPS-01", "fail", confidence=0.95)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    call = heard("c1")
    return store_of(tmp_path / "out", [call], [judged(call, 80.0, FAIL)])


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("here", encoding="utf-8")
    return path


def test_pages_and_clips_of_an_earlier_report_go_and_other_files_stay(store: Store, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site_of(store, site)
    old = [
        put(site / path)
        for path in (
            "team-my-own.html",
            agent_page("A9"),
            call_page(DAY, "gone"),
            f"{clips_folder(DAY, 'gone')}/OPS-01+OPS-02+2more_1.0-2.5s.mp3",
            f"{clips_folder(DAY, 'gone')}/made-of",
            "calls/.callaudit-abc",
        )
    ]
    mine = [
        put(site / path)
        for path in ("notes.html", "agents/notes.html", f"calls/{DAY}/talk.txt", "clips/best.mp3")
    ]
    site_of(store, site)
    assert [path for path in old if path.exists()] == []
    assert [path for path in mine if not path.is_file()] == []
    assert not (site / clips_folder(DAY, "gone")).exists()
    assert (site / call_page(DAY, "c1")).is_file()


@pytest.mark.parametrize("place", ["calls", f"calls/{DAY}", "assets"])
def test_nothing_is_written_or_removed_through_a_link(store: Store, tmp_path: Path, place: str) -> None:
    site = tmp_path / "site"
    site_of(store, site)
    (site / place).rename(tmp_path / "elsewhere")
    (site / place).symlink_to(tmp_path / "elsewhere")
    kept = put(tmp_path / "elsewhere" / Path(call_page(DAY, "mine")).name)
    before = sorted(p.name for p in (tmp_path / "elsewhere").rglob("*"))
    with pytest.raises(ConfigError, match="is a link to another folder"):
        site_of(store, site)
    assert kept.is_file()
    assert sorted(p.name for p in (tmp_path / "elsewhere").rglob("*")) == before


def test_all_of_a_report_is_open_to_its_owner_only(store: Store, tmp_path: Path) -> None:
    site_of(store, tmp_path / "site")
    for path in (tmp_path / "site", *(tmp_path / "site").rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path
