from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from pipeline.call import CallRecord
from pipeline.errors import IntakeError
from pipeline.intake import content_hash


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_one_file_has_the_hash_of_its_bytes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", b"sound" * 100_000)
    assert content_hash(CallRecord("a", path)) == hashlib.sha256(b"sound" * 100_000).hexdigest()


def test_name_and_metadata_do_not_matter(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a.wav", b"x"), write(tmp_path / "b.wav", b"x")
    assert content_hash(CallRecord("a", first)) == content_hash(CallRecord("b", second, agent_id="A1"))


def test_both_legs_count_and_in_their_places(tmp_path: Path) -> None:
    one, two, three = (write(tmp_path / f"{i}.wav", bytes([i])) for i in range(3))
    hashes = {
        content_hash(CallRecord("a", one)),
        content_hash(CallRecord("a", one, two)),
        content_hash(CallRecord("a", two, one)),
        content_hash(CallRecord("a", one, three)),
    }
    assert len(hashes) == 4


def test_no_byte_moves_between_legs_unnoticed(tmp_path: Path) -> None:
    ab, c = write(tmp_path / "ab.wav", b"ab"), write(tmp_path / "c.wav", b"c")
    a, bc = write(tmp_path / "a.wav", b"a"), write(tmp_path / "bc.wav", b"bc")
    assert content_hash(CallRecord("x", ab, c)) != content_hash(CallRecord("x", a, bc))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"gone\.wav: cannot be read"):
        content_hash(CallRecord("x", tmp_path / "gone.wav"))
    present = write(tmp_path / "a.wav", b"a")
    with pytest.raises(IntakeError, match=r"gone\.wav"):
        content_hash(CallRecord("x", present, tmp_path / "gone.wav"))


def test_a_pipe_that_took_a_files_place_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.wav")
    with pytest.raises(IntakeError, match=r"a\.wav: cannot be read: not a regular file"):
        content_hash(CallRecord("a", tmp_path / "a.wav"))
