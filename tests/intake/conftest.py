from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path

import pytest

Recorder = Callable[..., Path]


@pytest.fixture
def record(tmp_path: Path) -> Recorder:
    """Write a tiny recording under ``tmp_path``; ``value`` makes its bytes differ from another's."""

    def write(name: str, *, value: int = 0) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(value.to_bytes(2, "little") * 8)
        return path

    return write
