"""YAML files that others may have written: bounded, and plain data only.

A few lines of YAML can stand for gigabytes (aliases of aliases), name classes to build, or nest deeper than a
parser can go. What a file stands for is counted before any of it is built.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError

from pipeline.errors import ConfigError
from pipeline.plain_files import open_file

MAX_FILE_BYTES = 1 << 19
"""The largest rulebook that is shipped has a fifth of it."""
MAX_NODES = 50_000
"""As written. A rulebook of 60 clauses has some 5,000, and takes a second or two to read."""
MAX_VALUES = 200_000
"""With every alias written out."""
MAX_DEPTH = 40
MAX_BRACKETS = 200
MAX_DIGITS = 15
# Of a longer message the rest is the file's own text.
MESSAGE_CHARS = 120
_REPEATED_KEY = re.compile(r'found duplicate key "([^"]*)"')
_CORE = "tag:yaml.org,2002:"
_KINDS = {"str", "int", "float", "bool", "null", "map", "seq", "merge"}


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file: its bytes and what it says, with the places of keys and values."""

    content: bytes
    root: Any


class _WrongError(Exception):
    """What is wrong, and at which line and column, from 0."""

    def __init__(self, message: str, mark: Any) -> None:
        super().__init__(message)
        self.place = (mark.line, mark.column) if mark is not None else (0, 0)


def read_small(path: Path) -> bytes:
    """Read a file of at most 512 KiB that a person wrote.

    Raises
    ------
    ConfigError
        When it cannot be read, is no plain file or is larger.
    """
    try:
        with open_file(path) as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from error
    if len(content) > MAX_FILE_BYTES:
        raise ConfigError(f"{path}: is larger than {MAX_FILE_BYTES >> 10} KiB; expected a file people write")
    return content


def load_yaml(path: Path) -> Document:
    """Read a YAML 1.2 file of plain data: text, finite numbers, true, false, null, lists and mappings.

    Raises
    ------
    ConfigError
        When it cannot be read, is not YAML or UTF-8, repeats a key, holds other data, or has more than
        50,000 values (200,000 with aliases written out) or 40 levels. The message is
        ``path:line:column: what``.
    """
    content = read_small(path)
    try:
        return Document(content, _load(content.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        line, column = _place(content[: error.start].decode("utf-8", "replace"))
        message = f"the file is not UTF-8 (byte {error.start})"
    except _WrongError as error:
        (line, column), message = error.place, str(error)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        message = _in_a_line(str(error.problem or error.context))
    except YAMLError as error:
        # What its reader says has a position in the text instead of a mark.
        at = getattr(error, "position", 0)
        line, column = _place(content.decode("utf-8-sig")[: at if isinstance(at, int) else 0])
        message = "a character that YAML does not permit" if at else _in_a_line(str(error))
    raise ConfigError(f"{path}:{line + 1}:{column + 1}: {message}")


class _Composer(Composer):
    """Stops at too many or too deep nodes while they are parsed, which takes far longer than to read them."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader=loader)
        self.warn_double_anchors = False
        self._nodes = self._level = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        mark = self.parser.peek_event().start_mark
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise _WrongError(f"more than {MAX_NODES} values; expected a file people write", mark)
        if self._level >= MAX_DEPTH:
            raise _WrongError(f"nested deeper than {MAX_DEPTH} levels", mark)
        self._level += 1
        node = super().compose_node(parent, index)
        self._level -= 1
        return node


class _Constructor(RoundTripConstructor):
    """Counts what a document stands for before any of it is built."""

    def construct_document(self, node: Any) -> Any:
        _Count().add(node)
        return super().construct_document(node)


def _load(text: str) -> Any:
    _check_brackets(text)
    yaml = YAML(typ="rt", pure=True)
    yaml.Composer, yaml.Constructor = _Composer, _Constructor
    return yaml.load(text)


def _check_brackets(text: str) -> None:
    """Refuse brackets by the thousand: the scanner takes quadratic time before it gives them to anyone."""
    level = 0
    for found in re.finditer(r"[\[\]{}]", text):
        level += 1 if found[0] in "[{" else -1
        if level > MAX_BRACKETS:
            line, column = _place(text[: found.start()])
            raise _WrongError(
                f"nested deeper than {MAX_DEPTH} levels", StringMark("", 0, line, column, "", 0)
            )


class _Count:
    """Counts what nodes stand for, each node looked at once."""

    def __init__(self) -> None:
        self._sizes: dict[int, int] = {}
        self._open: set[int] = set()

    def add(self, node: Any) -> int:
        if id(node) in self._open:
            raise _WrongError("stands inside itself", node.start_mark)
        if id(node) not in self._sizes:
            self._open.add(id(node))
            self._sizes[id(node)] = self._size(node)
            self._open.remove(id(node))
        return self._sizes[id(node)]

    def _size(self, node: Any) -> int:
        kind = str(node.tag or "").removeprefix(_CORE)
        if kind not in _KINDS:
            raise _WrongError(
                f"{_described(kind)}; expected text, a number, a list or a mapping", node.start_mark
            )
        if isinstance(node.value, str):
            _check_scalar(kind, node)
            return 1
        size = 1
        for item in node.value:
            for part in item if isinstance(item, tuple) else (item,):
                size += self.add(part)
            if isinstance(item, tuple) and not isinstance(item[0].value, str):
                raise _WrongError("a list or mapping as a key; expected text", item[0].start_mark)
            if size > MAX_VALUES:
                raise _WrongError(f"stands for more than {MAX_VALUES} values", node.start_mark)
        return size


def _check_scalar(kind: str, node: Any) -> None:
    text = node.value
    if kind in ("int", "float") and sum(char.isalnum() for char in text) > MAX_DIGITS:
        raise _WrongError(f"a number of more than {MAX_DIGITS} digits", node.start_mark)
    if kind == "float":
        try:
            finite = math.isfinite(float(text.replace("_", "").lower().replace(".inf", "inf")))
        except ValueError:
            finite = False
        if not finite:
            raise _WrongError(f"{shorten(text, 40)!r} is not a finite number", node.start_mark)


def _described(kind: str) -> str:
    if kind == "timestamp":
        return "a date without quotes"
    return f"the tag {shorten(kind, 60)!r}"


def _place(before: str) -> tuple[int, int]:
    return before.count("\n"), len(before) - before.rfind("\n") - 1


def _in_a_line(problem: str) -> str:
    """Say in one short line what is wrong; of a key that is repeated not the whole value."""
    first = (problem.splitlines() or ["not YAML"])[0]
    repeated = _REPEATED_KEY.match(first)
    return f"the key {repeated[1]!r} stands twice" if repeated else shorten(first, MESSAGE_CHARS)
