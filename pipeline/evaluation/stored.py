"""What an audit stored about its calls: the columns that measuring needs, and no more."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.call import ChannelForm, Role, Scalar, Verdict
from pipeline.errors import StoreError
from pipeline.spans import Span, Spans

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoredUtterance:
    """An utterance as stored; times in seconds."""

    role: Role
    span: Span
    text: str
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as stored; ``role`` is None for the call's own, ``attributes`` are named scalars."""

    kind: str
    role: Role | None
    span: Span
    attributes: tuple[tuple[str, Scalar], ...] = ()

    def get(self, name: str) -> Scalar:
        """Return the attribute's value, or None when the event does not carry it."""
        return dict(self.attributes).get(name)


@dataclass(frozen=True, slots=True)
class StoredMeasurement:
    """A measurement as stored; without a value, ``reason`` says why."""

    name: str
    role: Role | None
    value: float | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding as stored."""

    standard: str
    rule_id: str
    verdict: Verdict
    reason: str
    critical: bool = False


@dataclass(frozen=True, slots=True)
class StoredCall:
    """One call's stored facts and findings, each in order of time."""

    call_id: str
    duration_s: float
    utterances: tuple[StoredUtterance, ...]
    events: tuple[StoredEvent, ...]
    measurements: tuple[StoredMeasurement, ...]
    findings: tuple[StoredFinding, ...]
    form: ChannelForm | None = None

    def utterances_of(self, role: Role) -> tuple[StoredUtterance, ...]:
        """Return one role's utterances, by start."""
        return tuple(u for u in self.utterances if u.role is role)

    def events_of(self, kind: str) -> tuple[StoredEvent, ...]:
        """Return the events of one kind, by start."""
        return tuple(e for e in self.events if e.kind == kind)

    def spans_of(self, kind: str, role: Role | None = None) -> Spans:
        """Return the spans of one kind of event, of one role when given, by start."""
        return tuple(e.span for e in self.events if e.kind == kind and (role is None or e.role is role))

    def measurement(self, name: str, role: Role) -> StoredMeasurement | None:
        """Return the measurement of that name and role, or None when none is stored."""
        return next((m for m in self.measurements if m.name == name and m.role is role), None)

    def call_measurement(self, name: str) -> StoredMeasurement | None:
        """Return the call's own measurement of that name, or None when none is stored."""
        return next((m for m in self.measurements if m.name == name and m.role is None), None)


@dataclass(frozen=True, slots=True)
class StoredCalls:
    """All stored calls by id, and how many inputs failed."""

    calls: tuple[StoredCall, ...]
    failures: int


def read_stored(out: Path) -> StoredCalls:
    """Read the stored tables under ``out``.

    Raises
    ------
    StoreError
        There is no ``calls`` table, a column is missing, or a call is stored twice.
    """
    calls = _read(out, "calls", ("call_id", "duration_s", "channel_form"))
    if not calls:
        raise StoreError(f"{out}: no stored calls; expected {out / 'calls'}/call_date=…/part-*.parquet")
    ids = [str(row["call_id"]) for row in calls]
    twice = sorted({call_id for call_id in ids if ids.count(call_id) > 1})
    if twice:
        raise StoreError(f"{out / 'calls'}: stored more than once: {', '.join(twice)}")
    utterances = _by_call(
        _read(out, "utterances", ("call_id", "role", "start_s", "end_s", "text", "language"))
    )
    events = _by_call(_read(out, "events", ("call_id", "kind", "role", "start_s", "end_s", "attributes")))
    measurements = _by_call(_read(out, "measurements", ("call_id", "name", "role", "value", "reason")))
    findings = _by_call(
        _read(out, "findings", ("call_id", "standard", "rule_id", "verdict", "reason", "critical"))
    )
    stored = (
        StoredCall(
            call_id=call_id,
            duration_s=float(row["duration_s"]),
            utterances=_utterances(utterances[call_id]),
            events=_events(events[call_id]),
            measurements=tuple(
                StoredMeasurement(m["name"], _role(m["role"]), m["value"], m["reason"])
                for m in measurements[call_id]
            ),
            findings=tuple(
                StoredFinding(
                    f["standard"], f["rule_id"], Verdict(f["verdict"]), f["reason"] or "", f["critical"]
                )
                for f in findings[call_id]
            ),
            form=ChannelForm(row["channel_form"]) if row["channel_form"] else None,
        )
        for call_id, row in zip(ids, calls, strict=True)
    )
    failures = len(_read(out, "failures", ("reason",)))
    return StoredCalls(tuple(sorted(stored, key=lambda call: call.call_id)), failures)


def _utterances(rows: Sequence[Row]) -> tuple[StoredUtterance, ...]:
    found = (
        StoredUtterance(
            Role(row["role"]), Span(row["start_s"], row["end_s"]), row["text"] or "", row["language"]
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda utterance: utterance.span))


def _events(rows: Sequence[Row]) -> tuple[StoredEvent, ...]:
    found = (
        StoredEvent(
            row["kind"],
            _role(row["role"]),
            Span(row["start_s"], row["end_s"]),
            tuple(json.loads(row["attributes"] or "{}").items()),
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda event: event.span))


def _role(name: str | None) -> Role | None:
    return Role(name) if name else None


def _by_call(rows: Sequence[Row]) -> defaultdict[str, list[Row]]:
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[str(row["call_id"])].append(row)
    return grouped


def _read(out: Path, table: str, columns: Sequence[str]) -> list[Row]:
    """Read the columns of a table; a table without parts has no rows."""
    from pyarrow import ArrowException, dataset

    parts = sorted(str(part) for part in (out / table).glob("*/part-*.parquet"))
    if not parts:
        return []
    try:
        rows: list[Row] = dataset.dataset(parts, format="parquet").to_table(columns=list(columns)).to_pylist()
    except (ArrowException, OSError) as error:
        raise StoreError(
            f"{out / table}: cannot read columns {', '.join(columns)}: {str(error).splitlines()[0]}"
        ) from error
    return rows
