"""What is known of a call before it is heard: text from a manifest's cells or a file name, made values."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import Self, TypeVar

from pipeline.call import CallRecord
from pipeline.errors import IntakeError
from pipeline.intake.clock import read_time

MAX_CALL_ID_CHARS = 200
DAY_S = 86_400.0

_Value = TypeVar("_Value")

_DIRECTIONS = {
    "inbound": ("inbound", "in", "incoming", "呼入", "来电"),
    "outbound": ("outbound", "out", "outgoing", "呼出", "外呼"),
}
_SIDES = {"agent": ("agent", "坐席", "座席", "客服"), "customer": ("customer", "caller", "client", "客户")}
_CHANNELS = {"left": ("left", "l", "左"), "right": ("right", "r", "右")}


@dataclass(frozen=True, slots=True)
class Cells:
    """Metadata as text, one field per column; empty where nothing is given."""

    call_id: str = ""
    customer_path: str = ""
    started_at: str = ""
    agent_id: str = ""
    agent_name: str = ""
    team: str = ""
    direction: str = ""
    customer_name: str = ""
    ring_s: str = ""
    hangup_side: str = ""
    agent_channel: str = ""
    standards: str = ""
    shift_started_at: str = ""

    def filled_from(self, other: Cells) -> Self:
        """Take from ``other`` what is empty here."""
        texts = {name: getattr(self, name) or getattr(other, name) for name in CELL_NAMES}
        return type(self)(**texts)


CELL_NAMES = tuple(field.name for field in fields(Cells))
COLUMNS = ("call_id", "path", *CELL_NAMES[1:])
"""The manifest's columns; all but ``path`` are optional."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A call as the user pointed at it, before its files and values are checked.

    Attributes
    ----------
    path : Path
        The recording, or the agent's leg.
    name : str
        Path relative to what was pointed at, without extension and without what tells legs apart.
    origin : str
        Where the values come from, for messages: ``calls.csv row 3``; empty for a file found on disk.
    """

    path: Path
    customer_path: Path | None
    name: str
    cells: Cells
    origin: str = ""


def _choice(text: str, *, choices: Mapping[str, tuple[str, ...]]) -> str:
    for value, spellings in choices.items():
        if text.casefold() in spellings:
            return value
    raise IntakeError(f"{text!r} is not known; expected {' or '.join(choices)}")


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    # A comparison with nan is false.
    if not 0 <= value <= DAY_S:
        raise IntakeError(f"{text!r} is not a number of seconds, 0 or more and at most {DAY_S:g}")
    return value


def _names(text: str) -> tuple[str, ...]:
    names = (name.strip() for name in re.split("[;；]", text))
    return tuple(dict.fromkeys(name for name in names if name))


def read_call_id(text: str) -> str:
    """Clean and check a call id: trimmed, in Unicode's composed form, any printable characters.

    Raises
    ------
    IntakeError
        When it is empty, longer than 200 characters, or holds control characters.
    """
    call_id = unicodedata.normalize("NFC", text.strip())
    if not call_id:
        raise IntakeError("is empty")
    if len(call_id) > MAX_CALL_ID_CHARS:
        raise IntakeError(f"has {len(call_id)} characters; at most {MAX_CALL_ID_CHARS} are allowed")
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in call_id):
        raise IntakeError(f"{call_id!r} has control characters")
    return call_id


class _Reader:
    """Reads one call's cells and keeps every problem, so that a bad row is reported once and whole."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self.problems: list[str] = []

    def text(self, name: str) -> str:
        return " ".join(str(getattr(self._cells, name)).split())

    def value(self, name: str, convert: Callable[[str], _Value]) -> _Value | None:
        text = self.text(name)
        try:
            return convert(text) if text else None
        except IntakeError as error:
            self.problems.append(f"{name} {error}")
            return None


def build_record(candidate: Candidate, *, call_id: str, zone: tzinfo) -> CallRecord:
    """Make a candidate's text a record.

    Raises
    ------
    IntakeError
        Naming every column whose value is wrong, what was seen and what was expected.
    """
    reader = _Reader(candidate.cells)
    try:
        call_id = read_call_id(call_id)
    except IntakeError as error:
        reader.problems.append(f"call_id {error}")
    record = CallRecord(
        call_id=call_id,
        path=candidate.path,
        customer_path=candidate.customer_path,
        started_at=reader.value("started_at", partial(read_time, zone=zone)),
        agent_id=reader.text("agent_id") or None,
        agent_name=reader.text("agent_name") or None,
        team=reader.text("team") or None,
        direction=reader.value("direction", partial(_choice, choices=_DIRECTIONS)),
        customer_name=reader.text("customer_name") or None,
        ring_s=reader.value("ring_s", _seconds),
        hangup_side=reader.value("hangup_side", partial(_choice, choices=_SIDES)),
        agent_channel=reader.value("agent_channel", partial(_choice, choices=_CHANNELS)),
        standards=_names(reader.text("standards")),
        shift_started_at=reader.value("shift_started_at", partial(read_time, zone=zone)),
    )
    if reader.problems:
        raise IntakeError("; ".join(reader.problems))
    return record
