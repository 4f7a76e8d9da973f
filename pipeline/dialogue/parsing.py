"""The text form of a dialogue.

One line per turn, header lines first::

    @direction outbound
    @customer_name 王
    agent: 您好，请问有什么可以帮您？
    customer(+0.8): 我想查一下订单。
    agent: 请您稍等，好吗？
    customer: 好的。
    [hold 20 music]
    agent(+0.3, heard 0.4): 对不起，让您久等了。

- Speakers are ``agent``, ``customer`` and ``unknown``. A mark ``+0.8`` or ``-1.5`` sets the seconds between
  the previous turn's end and this one's start (0.6 unless told; negative overlaps); ``heard 0.4`` sets the
  recogniser's confidence; ``pace 300`` the turn's characters a minute; ``level -32`` its level in dBFS;
  ``pitch 220`` its fundamental frequency in Hz; ``language yue`` its language.
- ``[hold N dead|music|typing]``, ``[music N]``, ``[silence N]`` let N seconds pass; ``[ring N]`` before the
  first turn rings that long.
- ``@direction inbound|outbound|unknown``, ``@ring_s N``, ``@customer_name X``, ``@pace N`` (characters a
  minute, 240 unless told), ``@hangup_side agent|customer``, ``@mono`` (both parties on one channel),
  ``@started_at 2026-10-09T09:12:30+08:00``, ``@shift_started_at`` likewise, ``@announcement N`` (the
  automatic announcement ends N seconds before the first turn's gap), ``@snr N`` (of the customer, dB),
  and of the agent's voice ``@clipping N``, ``@peak_level N``, ``@pitch_spread N``, ``@pitch_position N``,
  ``@drawl N``, ``@spectral_tilt N`` (see the measures of those names).

A turn without Han characters is taken to be English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from math import isfinite
from textwrap import shorten
from typing import Any, Literal

from pipeline.call import Role
from pipeline.errors import ConfigError

PACE_CPM = 240.0
GAP_S = 0.6
CONFIDENCE = 0.95
LEVEL_DBFS = -25.0
HEADERS = (
    "direction",
    "ring_s",
    "customer_name",
    "pace",
    "hangup_side",
    "mono",
    "started_at",
    "shift_started_at",
    "announcement",
    "snr",
    "clipping",
    "peak_level",
    "pitch_spread",
    "pitch_position",
    "drawl",
    "spectral_tilt",
)
NUMBERS = {"ring_s": "ring_s", "pace": "pace_cpm", "announcement": "announcement_s", "snr": "snr_db"}
VOICE = HEADERS[HEADERS.index("clipping") :]
MARKS = {"heard": "confidence", "pace": "pace_cpm", "level": "level_dbfs", "pitch": "pitch_hz"}
PAUSES = ("hold", "silence", "music", "ring")
KINDS = ("dead", "music", "typing")

HEADER = re.compile(r"@(?P<name>\w+)(?:\s+(?P<value>\S.*?))?\s*")
TURN = re.compile(r"(?P<role>\w+)\s*(?:\((?P<marks>[^)]*)\))?\s*[:：]\s*(?P<text>\S.*)")
PAUSE = re.compile(r"\[(?P<what>\w+)\s+(?P<seconds>\d+(?:\.\d+)?)(?:\s+(?P<kind>\w+))?\]")

MAX_LINES, MAX_LINE_CHARS = 2000, 2000
# As long as a recording may be.
MAX_SECONDS = 6 * 3600.0
# Of what a number may say; others may be any that a column holds.
RANGES = {
    "ring_s": (0.0, MAX_SECONDS),
    "announcement": (0.0, MAX_SECONDS),
    "pace": (1.0, 10_000.0),
    "heard": (0.0, 1.0),
    "pitch": (1.0, 10_000.0),
}
ANY_NUMBER = (-MAX_SECONDS, MAX_SECONDS)

Filling = Literal["dead", "music", "typing", "ring"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One line of speech; ``gap_s`` to the end of the turn before it."""

    role: Role
    text: str
    gap_s: float = GAP_S
    confidence: float = CONFIDENCE
    pace_cpm: float | None = None
    level_dbfs: float = LEVEL_DBFS
    pitch_hz: float | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Seconds in which nobody speaks, and what fills them."""

    seconds: float
    filling: Filling


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A parsed dialogue; ``voice`` holds measures of the agent's voice that are not as usual."""

    source: str
    lines: tuple[Turn | Pause, ...]
    direction: str | None = "inbound"
    ring_s: float | None = None
    customer_name: str | None = None
    hangup_side: str | None = None
    pace_cpm: float = PACE_CPM
    mono: bool = False
    started_at: datetime | None = None
    shift_started_at: datetime | None = None
    announcement_s: float | None = None
    snr_db: float | None = None
    voice: tuple[tuple[str, float], ...] = ()


def parse_dialogue(source: str) -> Dialogue:
    """Read a dialogue.

    Raises
    ------
    ConfigError
        On the first line that is neither a header, a turn nor a pause; the message names the line.
    """
    dialogue = Dialogue(source, ())
    lines: list[Turn | Pause] = []
    for number, raw in enumerate(source.splitlines(), start=1):
        text = raw.strip()
        if not text or text.startswith("#"):
            continue
        if len(text) > MAX_LINE_CHARS or len(lines) == MAX_LINES:
            raise ConfigError(
                f"line {number}: too long; at most {MAX_LINES} lines of {MAX_LINE_CHARS} characters"
            )
        try:
            if text.startswith("@"):
                dialogue = _header(dialogue, text)
            else:
                lines.append(_pause(text) if text.startswith("[") else _turn(text))
        except ValueError as error:
            raise ConfigError(f"line {number}: {error} (seen {shorten(text, 200)!r})") from error
    return replace(dialogue, lines=tuple(lines))


def _header(dialogue: Dialogue, text: str) -> Dialogue:
    found = HEADER.fullmatch(text)
    name, value = (found["name"], found["value"]) if found else ("", None)
    if name not in HEADERS:
        raise ValueError(f"unknown header; permitted are {', '.join('@' + h for h in HEADERS)}")
    if name == "mono":
        return replace(dialogue, mono=True)
    if value is None:
        raise ValueError(f"@{name} needs a value")
    if name in NUMBERS:
        number: dict[str, Any] = {NUMBERS[name]: _number(value, name)}
        return replace(dialogue, **number)
    if name in VOICE:
        return replace(dialogue, voice=(*dialogue.voice, (name, _number(value))))
    if name in ("started_at", "shift_started_at"):
        time: dict[str, Any] = {name: _time(value)}
        return replace(dialogue, **time)
    if name == "direction":
        return replace(dialogue, direction=_one_of(value, ("inbound", "outbound", "unknown"), none="unknown"))
    if name == "hangup_side":
        return replace(dialogue, hangup_side=_one_of(value, ("agent", "customer")))
    return replace(dialogue, customer_name=value)


def _pause(text: str) -> Pause:
    found = PAUSE.fullmatch(text)
    if found is None or found["what"] not in PAUSES:
        raise ValueError(f"a pause is [{'|'.join(PAUSES)} seconds kind]")
    seconds, what, kind = _number(found["seconds"]), found["what"], found["kind"]
    if kind is not None and what != "hold":
        raise ValueError(f"[{what}] takes no kind")
    if what == "hold" and (kind or "dead") not in KINDS:
        raise ValueError(f"a hold's kind is one of {', '.join(KINDS)}")
    fillings: dict[str, Filling] = {"silence": "dead", "music": "music", "ring": "ring"}
    held: dict[str, Filling] = {"dead": "dead", "music": "music", "typing": "typing"}
    return Pause(seconds, fillings.get(what) or held[kind or "dead"])


def _turn(text: str) -> Turn:
    found = TURN.fullmatch(text)
    if found is None:
        raise ValueError("a turn is 'speaker: words'")
    turn = Turn(Role(_one_of(found["role"], tuple(r.value for r in Role)) or ""), found["text"])
    for mark in filter(None, (m.strip() for m in (found["marks"] or "").split(","))):
        turn = replace(turn, gap_s=_number(mark)) if mark[0] in "+-" else _marked(turn, mark)
    return turn


def _marked(turn: Turn, mark: str) -> Turn:
    name, _, value = mark.partition(" ")
    if name == "language" and value:
        return replace(turn, language=value)
    if name not in MARKS:
        known = ", ".join(f"{mark} N" for mark in MARKS)
        raise ValueError(f"unknown mark {mark!r}; permitted are +seconds, -seconds, {known}, language CODE")
    number: dict[str, Any] = {MARKS[name]: _number(value, name)}
    return replace(turn, **number)


def _number(text: str, name: str = "") -> float:
    low, high = RANGES.get(name, ANY_NUMBER)
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a number") from None
    if not (isfinite(number) and low <= number <= high):
        raise ValueError(f"{text!r} is not a number from {low:g} to {high:g}")
    return number


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.utcoffset() is None:
        raise ValueError(f"{text!r} is not a time with its UTC offset, like 2026-10-09T09:12:30+08:00")
    return time


def _one_of(value: str, permitted: tuple[str, ...], *, none: str | None = None) -> str | None:
    if value not in permitted:
        raise ValueError(f"{value!r} is not one of {', '.join(permitted)}")
    return None if value == none else value
