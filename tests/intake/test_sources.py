from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.call import Failure
from pipeline.errors import ConfigError
from pipeline.intake import SUPPORTED, choose_pattern, find_calls

Recorder = Callable[..., Path]


def reasons(failures: tuple[Failure, ...]) -> dict[str, str]:
    assert all(failure.stage == "intake" for failure in failures)
    return {Path(failure.path).name: failure.reason for failure in failures}


def test_a_folder_means_every_recording_below_it_in_order(tmp_path: Path, record: Recorder) -> None:
    for name in ("b.wav", "a.WAV", "2026/10/c.mp3", ".hidden.wav", ".trash/d.wav"):
        record(name)
    intake = find_calls(tmp_path)
    assert [r.path.relative_to(tmp_path).as_posix() for r in intake.records] == [
        "2026/10/c.mp3",
        "a.WAV",
        "b.wav",
    ]
    assert [r.call_id for r in intake.records] == ["c", "a", "b"]
    assert intake.failures == ()
    assert intake.notes == ()


@pytest.mark.parametrize("extension", SUPPORTED)
def test_every_supported_extension_is_found(tmp_path: Path, record: Recorder, extension: str) -> None:
    record(f"x{extension}")
    assert len(find_calls(tmp_path).records) == 1


def test_a_single_recording(record: Recorder) -> None:
    path = record("001.wav")
    intake = find_calls(path)
    assert [(r.call_id, r.path) for r in intake.records] == [("001", path)]


def test_a_source_may_be_text(record: Recorder) -> None:
    assert len(find_calls(str(record("001.wav"))).records) == 1


def test_a_glob(tmp_path: Path, record: Recorder) -> None:
    for name in ("x/1.wav", "x/2.wav", "y/3.wav", "z/4.wav"):
        record(name)
    assert [r.call_id for r in find_calls(f"{tmp_path}/[xy]/*.wav").records] == ["1", "2", "3"]
    assert [r.call_id for r in find_calls(tmp_path / "**" / "*.wav").records] == ["1", "2", "3", "4"]


def test_a_folder_a_glob_matches_is_searched(tmp_path: Path, record: Recorder) -> None:
    for name in ("day-1/a/1.wav", "day-2/2.wav", "week-1/3.wav"):
        record(name)
    assert [r.call_id for r in find_calls(f"{tmp_path}/day-*").records] == ["1", "2"]


def test_a_name_with_brackets_is_a_file_before_it_is_a_glob(record: Recorder) -> None:
    assert len(find_calls(record("call [1].wav")).records) == 1


def test_a_relative_glob(record: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record("a/1.wav")
    record("b/1.wav")
    monkeypatch.chdir(tmp_path)
    assert [r.call_id for r in find_calls("*/1.wav").records] == ["a/1", "b/1"]


@pytest.mark.parametrize("name", ["gone", "gone.wav", "gone.csv", "*.wav"])
def test_a_source_that_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"no such file or folder|no file matches"):
        find_calls(tmp_path / name)


def test_a_folder_without_recordings_says_what_is_supported_and_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("path\nx.wav\n")
    with pytest.raises(
        ConfigError, match=r"no recordings found; supported are amr, .*calls\.csv looks like a manifest"
    ):
        find_calls(tmp_path)


def test_a_manifest_in_a_folder_is_mentioned_not_used(tmp_path: Path, record: Recorder) -> None:
    record("1.wav")
    (tmp_path / "calls.csv").write_text("path,agent_id\n1.wav,A1\n")
    (tmp_path / "1.json").write_text("{}")
    intake = find_calls(tmp_path)
    assert intake.records[0].agent_id is None
    assert intake.failures == ()
    assert "calls.csv looks like a manifest and was not used" in intake.notes[0]
    assert "1 .csv, 1 .json" in intake.notes[1]


def test_bad_files_fail_one_by_one_and_stop_nobody(tmp_path: Path, record: Recorder) -> None:
    record("good.wav")
    (tmp_path / "empty.wav").touch()
    (tmp_path / "call.wav.part").write_bytes(b"x")
    (tmp_path / "call").write_bytes(b"x")
    (tmp_path / "call.xyz").write_bytes(b"x")
    (tmp_path / "link.wav").symlink_to(tmp_path / "gone.wav")
    os.mkfifo(tmp_path / "pipe.wav")
    intake = find_calls(tmp_path)
    assert [r.call_id for r in intake.records] == ["good"]
    found = reasons(intake.failures)
    assert found["empty.wav"] == "the file is empty (0 bytes)"
    assert found["call.xyz"].startswith(
        "not a recording by its name: extension '.xyz'; supported are amr, flac"
    )
    assert "'.part'" in found["call.wav.part"]
    assert "no extension" in found["call"]
    assert "a link to a file that does not exist" in found["link.wav"]
    assert "not a regular file" in found["pipe.wav"]
    assert len(found) == 6


@pytest.mark.parametrize("name", ["notes.txt", "calls.xlsx", "call.aiff"])
def test_a_single_file_of_another_kind_fails(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    intake = find_calls(tmp_path / name)
    assert intake.records == ()
    assert "supported are" in reasons(intake.failures)[name]


def test_a_file_without_permission_fails(record: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    path = record("1.wav")
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "no permission" in reasons(find_calls(path).failures)["1.wav"]


def test_a_folder_that_cannot_be_listed_fails(
    tmp_path: Path, record: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    record("1.wav")
    locked = record("locked/2.wav").parent
    scandir = os.scandir

    def refuse(path: str | Path) -> object:
        if Path(path) == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    intake = find_calls(tmp_path)
    assert [r.call_id for r in intake.records] == ["1"]
    assert reasons(intake.failures) == {"locked": "folder cannot be listed: Permission denied"}


def test_a_name_in_gb18030_bytes_fails_legibly(tmp_path: Path, record: Recorder) -> None:
    record("1.wav")
    raw = os.fsencode(tmp_path) + b"/" + "张三.wav".encode("gb18030")
    try:
        Path(os.fsdecode(raw)).write_bytes(b"x")
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    intake = find_calls(tmp_path, pattern=choose_pattern("in-out"))
    assert [r.call_id for r in intake.records] == ["1"]
    assert "not valid UTF-8" in reasons(intake.failures)["张三.wav"]


def test_linked_folders_are_followed_once(tmp_path: Path, record: Recorder) -> None:
    record("a/1.wav")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    assert [r.call_id for r in find_calls(tmp_path).records] == ["1"]


@pytest.mark.parametrize("glob", ["", "*", "**/*.wav", "[ae]*"])
def test_links_that_lead_out_of_the_folder_are_refused(tmp_path: Path, record: Recorder, glob: str) -> None:
    record("elsewhere/secret.wav")
    inside = record("calls/a.wav")
    (tmp_path / "calls" / "again.wav").symlink_to(inside)
    (tmp_path / "calls" / "all").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "calls" / "alone.wav").symlink_to(tmp_path / "elsewhere" / "secret.wav")
    (tmp_path / "calls" / "alike.wav").symlink_to("../elsewhere/../calls/a.wav")
    intake = find_calls(tmp_path / "calls" / glob if glob else tmp_path / "calls")
    assert [r.call_id for r in intake.records] == ["a", "again", "alike"]
    told = reasons(intake.failures)
    assert {"alone.wav"} <= set(told) <= {"all", "secret.wav", "alone.wav"}
    assert len(told) == 2
    assert all("is a link that leads out of" in t and "--follow-links" in t for t in told.values())


def test_links_that_lead_out_are_followed_where_that_is_allowed(tmp_path: Path, record: Recorder) -> None:
    record("elsewhere/b.wav")
    record("calls/a.wav")
    (tmp_path / "calls" / "all").symlink_to(tmp_path / "elsewhere")
    intake = find_calls(tmp_path / "calls", follow_links=True)
    assert ([r.call_id for r in intake.records], intake.failures) == (["a", "b"], ())


def test_a_manifest_may_name_files_anywhere(tmp_path: Path, record: Recorder) -> None:
    path = record("elsewhere/b.wav")
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "link.wav").symlink_to(path)
    source = tmp_path / "lists" / "calls.csv"
    source.write_text(f"call_id,path\n1,../elsewhere/b.wav\n2,{path}\n3,link.wav\n")
    assert [r.call_id for r in find_calls(source).records] == ["1", "2", "3"]


def test_what_is_no_plain_file_fails_without_being_opened(tmp_path: Path, record: Recorder) -> None:
    record("a.wav")
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / "loop.wav").symlink_to(tmp_path / "loop.wav")
    with (tmp_path / "sparse.wav").open("wb") as file:
        file.truncate(10 << 30)
    intake = find_calls(tmp_path)
    assert [r.call_id for r in intake.records] == ["a"]
    told = reasons(intake.failures)
    assert set(told) == {"pipe.wav", "folder.wav", "loop.wav", "sparse.wav"}
    assert told["pipe.wav"] == "is not a regular file; expected a recording"
    assert told["folder.wav"] == "is a folder; expected a recording"
    assert told["sparse.wav"] == "has 10.0 GiB; expected a recording of at most 4 GiB"


def test_the_same_stem_in_two_folders_is_qualified(tmp_path: Path, record: Recorder) -> None:
    for name in ("001.wav", "a/001.wav", "b/c/001.wav", "b/002.wav"):
        record(name)
    assert {r.call_id for r in find_calls(tmp_path).records} == {"001", "a/001", "b/c/001", "002"}


def test_ids_do_not_change_when_a_file_is_repaired(tmp_path: Path, record: Recorder) -> None:
    record("a/001.wav")
    broken = record("b/001.wav")
    before = [r.call_id for r in find_calls(tmp_path).records]
    broken.write_bytes(b"")
    assert before == ["a/001", "b/001"]
    assert [r.call_id for r in find_calls(tmp_path).records] == ["a/001"]


def test_the_same_stem_in_one_folder_is_a_duplicate(tmp_path: Path, record: Recorder) -> None:
    first, second = record("001.mp3"), record("001.wav")
    intake = find_calls(tmp_path)
    assert [r.path for r in intake.records] == [first]
    assert intake.failures[0].path == str(second)
    assert intake.failures[0].reason == f"call_id '001' of {second} is already that of {first}"


def test_a_stem_too_long_for_an_id_fails(tmp_path: Path, record: Recorder) -> None:
    record("x" * 201 + ".wav")
    assert "has 201 characters; at most 200" in find_calls(tmp_path).failures[0].reason


def test_a_control_character_in_a_name_fails(tmp_path: Path, record: Recorder) -> None:
    record("a\x1bb.wav")
    assert "control characters" in find_calls(tmp_path).failures[0].reason


def test_an_unknown_time_zone_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="timezone 'Peking'"):
        find_calls(tmp_path, timezone="Peking")


@pytest.mark.parametrize("source", ["linked", "linked/a.wav", "linked/*.wav", "calls.csv", "./linked"])
def test_paths_lead_to_the_recordings_from_any_folder_and_not_through_links(
    source: str, record: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record("archive/a.wav")
    (tmp_path / "linked").symlink_to("archive")
    (tmp_path / "linked" / "b.txt").write_text("no recording")
    (tmp_path / "calls.csv").write_text("path\nlinked/a.wav\nlinked/missing.wav\n")
    monkeypatch.chdir(tmp_path)
    found = find_calls(source)
    assert [str(one.path) for one in found.records] == [f"{tmp_path}/linked/a.wav"]
    assert all(failure.path.startswith(f"{tmp_path}/linked/") for failure in found.failures)


def test_a_working_folder_named_like_a_pattern_is_none(
    record: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record("[2026]/a.wav")
    monkeypatch.chdir(tmp_path / "[2026]")
    for source in ("*.wav", ".", "a.wav"):
        assert [str(one.path) for one in find_calls(source).records] == [f"{tmp_path}/[2026]/a.wav"]
