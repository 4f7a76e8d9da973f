"""The voice model: exported once, the same vectors as the published one, a clear message without it."""

import shutil
import sys

import numpy as np
import pytest

from pipeline.errors import VoicesError
from pipeline.speakers import voice_network
from pipeline.speakers.voice_network import INPUT, MELS, load_network


def test_without_the_extra_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setattr(voice_network, "find_spec", lambda _: None)
    monkeypatch.setattr(sys, "version_info", (3, 13, 1))
    with pytest.raises(VoicesError, match=r"pip install 'callaudit\[mono\]'"):
        load_network()


def test_where_the_extra_does_not_exist_the_message_says_for_which_python_it_does(monkeypatch):
    monkeypatch.setattr(voice_network, "find_spec", lambda _: None)
    monkeypatch.setattr(sys, "version_info", (3, 14, 0))
    with pytest.raises(VoicesError, match=r"Python before 3\.14"):
        load_network()


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The network as it is exported where there is none yet: the session, and its file."""
    with pytest.MonkeyPatch.context() as patch:
        cache = tmp_path_factory.mktemp("cache")
        patch.setenv("CALLAUDIT_CACHE", str(cache))
        session = load_network()
    (file,) = (cache / "voices").glob("*.onnx")
    return session, file


@pytest.mark.real
def test_the_exported_network_gives_the_published_ones_vectors(exported):
    torch = pytest.importorskip("torch")
    session, _ = exported
    published = voice_network._published_network()
    rng = np.random.default_rng(0)
    # Numbers of stretches and frames other than those it was exported with.
    for shape in ((1, 50), (3, 150), (2, 313)):
        features = rng.normal(size=(*shape, MELS)).astype(np.float32)
        with torch.inference_mode():
            wanted = published(torch.from_numpy(features)).numpy()
        assert session.run(None, {INPUT: features})[0] == pytest.approx(wanted, abs=1e-3)


@pytest.mark.real
def test_a_damaged_export_is_made_again(exported, tmp_path, monkeypatch):
    _, file = exported
    damaged = tmp_path / "voices" / file.name
    damaged.parent.mkdir()
    damaged.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    monkeypatch.setenv("CALLAUDIT_CACHE", str(tmp_path))
    asked = []

    def export(target):
        asked.append((target, target.exists()))
        shutil.copy(file, target)

    monkeypatch.setattr(voice_network, "_export_elsewhere", export)
    rng = np.random.default_rng(0)
    features = {INPUT: rng.normal(size=(2, 60, MELS)).astype(np.float32)}
    (again,) = load_network().run(None, features)
    assert asked == [(damaged, False)]
    assert again == pytest.approx(exported[0].run(None, features)[0])
    load_network()
    assert len(asked) == 1, "what is whole is not made again"


def test_a_cache_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CALLAUDIT_CACHE", str(tmp_path / "file"))
    with pytest.raises(VoicesError, match="set CALLAUDIT_CACHE to a writable folder"):
        load_network()
