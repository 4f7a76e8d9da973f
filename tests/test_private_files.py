from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.errors import WriteError
from pipeline.private_files import write_private


def test_files_and_new_folders_are_open_to_their_owner_only(tmp_path: Path) -> None:
    write_private(tmp_path / "a" / "b" / "page.html", "听")
    assert (tmp_path / "a" / "b" / "page.html").read_text(encoding="utf-8") == "听"
    modes = [path.stat().st_mode & 0o777 for path in (tmp_path / "a", *(tmp_path / "a").rglob("*"))]
    assert modes == [0o700, 0o700, 0o600]


def test_who_reads_the_older_file_reads_it_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_private(path, "old")
    with path.open() as older:
        write_private(path, b"new and longer")
        assert older.read() == "old"
    assert path.read_bytes() == b"new and longer"
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    (tmp_path / "page.html").symlink_to(mine)
    write_private(tmp_path / "page.html", "page")
    assert mine.read_text() == "mine"
    assert not (tmp_path / "page.html").is_symlink()


def test_what_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for to, seen in ((tmp_path / "pipe" / "page.html", "pipe"), (tmp_path, "directory")):
        with pytest.raises(WriteError, match=seen):
            write_private(to, "page")
    assert [p.name for p in tmp_path.iterdir()] == ["pipe"]
