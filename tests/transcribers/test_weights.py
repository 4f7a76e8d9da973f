from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from pipeline.errors import WeightsError
from pipeline.transcribers import bundles, weights
from pipeline.transcribers.bundles import Bundle, join_bundle
from pipeline.transcribers.weights import resolve

WHOLE = b"first half, " + b"second half"
SHA256 = hashlib.sha256(WHOLE).hexdigest()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("CALLAUDIT_CACHE", str(folder))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.delenv("CALLAUDIT_ALLOW_DOWNLOAD", raising=False)
    return folder


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bundle:
    """A bundle of two tiny packages that are really importable."""
    site = tmp_path / "site"
    for number, half in enumerate((WHOLE[:12], WHOLE[12:]), 1):
        data = site / f"tiny_whisper_part{number}" / "data"
        data.mkdir(parents=True)
        (data.parent / "__init__.py").write_text("raise RuntimeError('imported')")
        (data / f"model.bin.part{number}").write_bytes(half)
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (site / "tiny_whisper_part1" / "data" / name).write_text("{}")
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    tiny = Bundle(("tiny_whisper_part1", "tiny_whisper_part2"), SHA256, len(WHOLE))
    monkeypatch.setitem(weights.BUNDLES, "tiny", tiny)
    return tiny


def make_folder(folder: Path, content: bytes = WHOLE) -> Path:
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(content)
    for name in ("config.json", "tokenizer.json"):
        (folder / name).write_text("{}")
    return folder


@pytest.mark.usefixtures("bundle")
def test_a_bundle_is_joined_into_the_cache_without_importing_it(cache: Path) -> None:
    found = resolve("tiny")
    assert found.path == cache / "weights" / SHA256
    assert (found.path / "model.bin").read_bytes() == WHOLE
    assert {p.name for p in found.path.iterdir()} >= {"config.json", "tokenizer.json", "vocabulary.txt"}
    assert found.sha256 == SHA256
    assert "tiny_whisper_part1" not in sys.modules
    assert [p.name for p in (cache / "weights").iterdir()] == [SHA256]


def test_a_join_is_made_once(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve("tiny")
    monkeypatch.setattr(bundles, "_join", lambda *_: pytest.fail("joined a second time"))
    assert resolve("tiny", verify=True).sha256 == bundle.sha256


def test_a_damaged_part_is_refused_and_leaves_nothing(bundle: Bundle, cache: Path) -> None:
    parts = bundle.parts()
    assert parts is not None
    damaged = WHOLE[12:].replace(b"half", b"hal?")
    parts[1].write_bytes(damaged)
    seen = hashlib.sha256(WHOLE[:12] + damaged).hexdigest()
    with pytest.raises(WeightsError, match=rf"model\.bin\.part2.*expected SHA-256 {SHA256}, saw {seen}"):
        resolve("tiny")
    assert list((cache / "weights").iterdir()) == []


def test_a_missing_part_is_named(bundle: Bundle) -> None:
    parts = bundle.parts()
    assert parts is not None
    parts[1].unlink()
    with pytest.raises(WeightsError, match=r"model\.bin\.part2: .*reinstall tiny_whisper_part1"):
        resolve("tiny")


@pytest.mark.usefixtures("bundle")
def test_a_cut_join_is_made_again() -> None:
    model = resolve("tiny").path / "model.bin"
    model.write_bytes(WHOLE[:5])
    assert (resolve("tiny").path / "model.bin").read_bytes() == WHOLE


@pytest.mark.usefixtures("bundle")
def test_an_interrupted_join_without_its_marker_is_made_again(cache: Path) -> None:
    make_folder(cache / "weights" / SHA256, b"x" * len(WHOLE))
    assert (resolve("tiny").path / "model.bin").read_bytes() == WHOLE


@pytest.mark.usefixtures("bundle")
def test_rot_that_keeps_the_size_is_found_by_a_full_check_only() -> None:
    model = resolve("tiny").path / "model.bin"
    model.write_bytes(WHOLE[:-1] + b"?")
    assert resolve("tiny").sha256 == SHA256
    with pytest.raises(WeightsError, match=f"expected SHA-256 {SHA256}, saw"):
        resolve("tiny", verify=True)


def test_two_processes_joining_at_once_both_succeed(
    bundle: Bundle, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = bundle.parts()
    assert parts is not None
    concatenate = bundles._concatenate

    def lose_the_race(sources: list[Path], target: Path) -> str:
        monkeypatch.setattr(bundles, "_concatenate", concatenate)
        join_bundle(bundle, sources)
        return concatenate(sources, target)

    monkeypatch.setattr(bundles, "_concatenate", lose_the_race)
    assert (join_bundle(bundle, parts) / "model.bin").read_bytes() == WHOLE
    assert [p.name for p in (cache / "weights").iterdir()] == [SHA256]


@pytest.mark.usefixtures("bundle")
def test_a_cache_that_cannot_be_written_says_which_setting_helps(cache: Path) -> None:
    cache.write_text("a file where the folder should be")
    with pytest.raises(WeightsError, match="CALLAUDIT_CACHE"):
        resolve("tiny")


def test_a_directory_is_taken_with_its_own_checksum(tmp_path: Path) -> None:
    found = resolve(str(make_folder(tmp_path / "mine")))
    assert (found.path, found.sha256) == (tmp_path / "mine", SHA256)


def test_a_directory_whose_file_is_replaced_gets_the_new_checksum(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "mine")
    before = resolve(str(folder)).sha256
    (folder / "model.bin").write_bytes(WHOLE + b"!")
    assert resolve(str(folder)).sha256 == hashlib.sha256(WHOLE + b"!").hexdigest() != before


@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json", "config.json"])
def test_an_incomplete_directory_is_refused_by_the_missing_file(tmp_path: Path, name: str) -> None:
    folder = make_folder(tmp_path / "mine")
    (folder / name).unlink()
    with pytest.raises(WeightsError, match=f"mine: {name} missing"):
        resolve(str(folder))


def test_a_path_that_is_not_there_is_not_looked_up_at_a_hub(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no such directory"):
        resolve(str(tmp_path / "nowhere"))


def test_a_name_nobody_has_says_what_to_do_and_reaches_for_no_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from faster_whisper import utils

    asked: list[bool] = []

    def download(_name: str, *, local_files_only: bool) -> str:
        asked.append(local_files_only)
        raise FileNotFoundError("not cached")

    monkeypatch.setattr(utils, "download_model", download)
    with pytest.raises(WeightsError, match=r"pip install 'callaudit\[weights\]'.*--weights.*ALLOW_DOWNLOAD"):
        resolve("large-v3")
    assert asked == [True]


def test_a_hub_is_asked_only_by_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from faster_whisper import utils

    folder = make_folder(tmp_path / "downloaded")

    def download(_name: str, *, local_files_only: bool) -> str:
        if local_files_only:
            raise FileNotFoundError("not cached")
        return str(folder)

    monkeypatch.setattr(utils, "download_model", download)
    monkeypatch.setenv("CALLAUDIT_ALLOW_DOWNLOAD", "1")
    assert resolve("large-v3").path == folder


def test_the_cache_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.cache import cache_folder

    monkeypatch.delenv("CALLAUDIT_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "callaudit"
