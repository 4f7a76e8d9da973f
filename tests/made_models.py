"""CTranslate2 files made of given tensors."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_TYPES = [np.dtype(t) for t in (np.float32, np.int8, np.int16, np.int32, np.float16)]


def _name(name: str) -> bytes:
    raw = name.encode() + b"\0"
    return struct.pack("<H", len(raw)) + raw


def write_ctranslate2(path: Path, tensors: Mapping[str, npt.NDArray[Any]], *, version: int = 6) -> None:
    """Write a Whisper whose output layer is its embeddings."""
    out = struct.pack("<I", version) + _name("WhisperSpec") + struct.pack("<II", 3, len(tensors))
    for name, t in tensors.items():
        out += _name(name) + struct.pack("<B", t.ndim) + struct.pack(f"<{t.ndim}I", *t.shape)
        out += struct.pack("<BI", _TYPES.index(t.dtype), t.nbytes) + t.tobytes()
    out += struct.pack("<I", 1) + _name("decoder/projection/weight") + _name("decoder/embeddings/weight")
    path.write_bytes(out)
