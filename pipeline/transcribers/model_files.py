"""CTranslate2's Whisper files, read and written variable by variable.

Layout (binary version 6, ``ctranslate2/specs/model_spec.py``): version, name and revision of the
specification, then for each variable its name, rank, shape, type and bytes, then the aliases.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import WeightsError

_BINARY_VERSION = 6
_SPECIFICATION = "WhisperSpec"
_TYPES: tuple[type[np.generic], ...] = (np.float32, np.int8, np.int16, np.int32, np.float16)
"""By CTranslate2's number of the type; the sixth, bfloat16, numpy does not have."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One tensor of a model; ``kind`` is CTranslate2's number of its type, ``content`` its bytes by rows.

    What comes from a file stays in the file until it is used.
    """

    name: str
    shape: tuple[int, ...]
    kind: int
    content: bytes | memoryview

    @property
    def tensor(self) -> npt.NDArray[Any]:
        """The numbers themselves.

        Raises
        ------
        IndexError
            For a type that numpy does not have.
        """
        return np.frombuffer(self.content, dtype=_TYPES[self.kind]).reshape(self.shape)

    def rows(self, numbers: npt.NDArray[np.intp]) -> Variable:
        """Return some of the tensor's rows, in the order given, whatever their type."""
        rows = np.frombuffer(self.content, dtype=np.uint8).reshape(self.shape[0], -1)
        return Variable(self.name, (len(numbers), *self.shape[1:]), self.kind, rows[numbers].tobytes())


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A Whisper as CTranslate2 stores it.

    Attributes
    ----------
    path : Path
        Where it was read.
    revision : int
        Of CTranslate2's specification of Whisper.
    aliases : tuple of (str, str)
        Other names of variables, and whose.
    """

    path: Path
    revision: int
    variables: tuple[Variable, ...]
    aliases: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, path: Path) -> ModelFile:
        """Read a file.

        Raises
        ------
        WeightsError
            When the file is not a Whisper in binary version 6, or ends early.
        """
        try:
            with path.open("rb") as file:
                left = _Left(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)))
            (version,) = left.unpacked("<I")
            if version != _BINARY_VERSION:
                raise WeightsError(
                    f"{path}: CTranslate2 binary version {version}; expected {_BINARY_VERSION}"
                )
            if (spec := left.name()) != _SPECIFICATION:
                raise WeightsError(f"{path}: a CTranslate2 {spec!r}; expected {_SPECIFICATION!r}")
            revision, count = left.unpacked("<II")
            variables = tuple(left.variable() for _ in range(count))
            (aliases,) = left.unpacked("<I")
            named = tuple((left.name(), left.name()) for _ in range(aliases))
        except (UnicodeDecodeError, EOFError, ValueError) as error:
            raise WeightsError(f"{path}: not a whole CTranslate2 file: {error!r}") from error
        return cls(path, revision, variables, named)

    def tensors(self) -> dict[str, npt.NDArray[Any]]:
        """Return the tensors by name; an alias names its variable's.

        Raises
        ------
        WeightsError
            For a type that numpy does not have, or an alias of nothing.
        """
        try:
            found = {variable.name: variable.tensor for variable in self.variables}
            return found | {alias: found[name] for alias, name in self.aliases}
        except (IndexError, KeyError, ValueError) as error:
            raise WeightsError(f"{self.path}: not a whole CTranslate2 file: {error!r}") from error

    def written(self) -> bytes:
        """Return the file's bytes."""
        parts: list[bytes | memoryview] = [struct.pack("<I", _BINARY_VERSION), _named(_SPECIFICATION)]
        parts.append(struct.pack("<II", self.revision, len(self.variables)))
        for variable in self.variables:
            rank = len(variable.shape)
            parts += [_named(variable.name), struct.pack(f"<B{rank}I", rank, *variable.shape)]
            parts += [struct.pack("<BI", variable.kind, len(variable.content)), variable.content]
        parts.append(struct.pack("<I", len(self.aliases)))
        parts += [_named(name) for pair in self.aliases for name in pair]
        return b"".join(parts)


class _Left:
    """What is left of a file to read."""

    def __init__(self, content: memoryview) -> None:
        self._content, self._at = content, 0

    def variable(self) -> Variable:
        name = self.name()
        (rank,) = self.unpacked("<B")
        shape = self.unpacked(f"<{rank}I")
        kind, size = self.unpacked("<BI")
        return Variable(name, shape, kind, self._taken(size))

    def name(self) -> str:
        """Read a length and that many bytes, the last of which is zero."""
        (length,) = self.unpacked("<H")
        return str(self._taken(length)[:-1], "utf-8")

    def unpacked(self, layout: str) -> tuple[int, ...]:
        return struct.unpack(layout, self._taken(struct.calcsize(layout)))

    def _taken(self, size: int) -> memoryview:
        taken = self._content[self._at : self._at + size]
        if len(taken) < size:
            raise EOFError(f"{len(taken)} of {size} bytes")
        self._at += size
        return taken


def _named(name: str) -> bytes:
    raw = name.encode("utf-8") + b"\0"
    return struct.pack("<H", len(raw)) + raw
