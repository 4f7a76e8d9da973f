from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.intake.states import ABSENT, state_of, state_of_name


def test_a_file_is_as_it_was_until_somebody_writes_to_it(tmp_path: Path) -> None:
    one, two = tmp_path / "one.wav", tmp_path / "two.wav"
    for path in (one, two):
        path.write_text("sound")
        os.utime(path, (100, 100))
    before = state_of(one, two)
    assert before == state_of(one, two) != state_of(one, None)
    os.utime(two, (200, 200))
    after = state_of(one, two)
    assert after != before
    two.write_text("more sound")
    os.utime(two, (200, 200))
    assert state_of(one, two) not in (before, after, None)


def test_files_that_are_missing_where_others_are_will_not_come_by_themselves(tmp_path: Path) -> None:
    (tmp_path / "mount").mkdir()
    assert state_of(tmp_path / "mount" / "x.wav") is None
    assert state_of(tmp_path / "none" / "x.wav") is None
    link = tmp_path / "link.wav"
    link.symlink_to(tmp_path / "mount" / "x.wav")
    assert state_of(link) is None, "what it leads to may be mounted later"
    (tmp_path / "mount" / "y.wav").touch()
    assert state_of(tmp_path / "mount" / "x.wav") == state_of(link) == ABSENT


def test_paths_that_no_file_can_have_are_nobodys_fault_but_theirs(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / ("x" * 300), tmp_path / "file" / "x.wav", tmp_path / "a\0b"):
        assert state_of(path) == state_of_name(path) == ABSENT


def test_rights_that_are_missing_are_the_machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.wav"
    path.write_text("sound")
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert state_of(path) is None
    assert state_of_name(path) is not None, "a name is wrong whoever reads the file"


def test_a_link_is_as_it_was_whatever_becomes_of_what_it_leads_to(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link.wav"
    link.symlink_to(target)
    before = state_of_name(link)
    target.mkdir()
    (target / "x").touch()
    assert state_of_name(link) == before
    assert state_of(link) == state_of_name(target) == "folder"
