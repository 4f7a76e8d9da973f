"""Heard calls as rows of the four hearing tables, and back without loss."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from pipeline.call import (
    Call,
    CallRecord,
    ChannelForm,
    Event,
    EventKind,
    Measurement,
    Role,
    Utterance,
)
from pipeline.errors import StoreError
from pipeline.tables.columns import Row, fields_for, fields_of, role_of, rows_of, table_of

_SCALARS = (str, int, float, type(None))


@dataclass(frozen=True, slots=True)
class CallTables:
    """The four hearing tables of one or more calls."""

    calls: pa.Table
    utterances: pa.Table
    events: pa.Table
    measurements: pa.Table


def call_tables(call: Call) -> CallTables:
    """Return one call as rows of the four hearing tables.

    Raises
    ------
    StoreError
        When a value has no place in the tables: a NaN, a start without its UTC offset, an attribute
        that is not a scalar.
    """
    key = {"call_id": call.record.call_id, "sha256": call.sha256, "hearing_key": call.hearing_key}
    return CallTables(
        calls=table_of("calls", [_call_row(call)]),
        utterances=table_of("utterances", [key | fields_of(u) for u in call.utterances]),
        events=table_of("events", [key | _event_row(e) for e in call.events]),
        measurements=table_of("measurements", [key | fields_of(m) for m in call.measurements]),
    )


def calls_from_tables(tables: CallTables) -> Iterator[Call]:
    """Yield the calls of ``tables``, which share one date, in the order of the calls table.

    Raises
    ------
    StoreError
        When a call's rows come from different recordings or hearings.
    """
    utterances = _by_call(tables.utterances)
    events = _by_call(tables.events)
    measurements = _by_call(tables.measurements)
    for row in rows_of(tables.calls):
        call_id, key = row["call_id"], (row["sha256"], row["hearing_key"])
        for table, rows in (("utterances", utterances), ("events", events), ("measurements", measurements)):
            if any((r["sha256"], r["hearing_key"]) != key for r in rows[call_id]):
                raise StoreError(f"call {call_id}: its {table} belong to another hearing; hear it again")
        yield Call(
            record=_record(row),
            sha256=row["sha256"],
            hearing_key=row["hearing_key"],
            duration_s=row["duration_s"],
            channels=row["channels"],
            separated=row["separated"],
            hearing_quality=row["hearing_quality"],
            removed_texts=row["removed_texts"],
            utterances=tuple(_utterance(r) for r in utterances[call_id]),
            events=tuple(_event(r) for r in events[call_id]),
            measurements=tuple(_measurement(r) for r in measurements[call_id]),
            form=None if row["channel_form"] is None else ChannelForm(row["channel_form"]),
        )


def _by_call(table: pa.Table) -> defaultdict[str, list[Row]]:
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows_of(table):
        grouped[row["call_id"]].append(row)
    return grouped


def _call_row(call: Call) -> Row:
    record = call.record
    start = record.started_at
    if start is not None and start.utcoffset() is None:
        raise StoreError(f"call {record.call_id}: its start {start} has no UTC offset; expected one")
    if any(not s or ";" in s for s in record.standards):
        raise StoreError(f"call {record.call_id}: standards {record.standards} hold an empty name or a ';'")
    return fields_of(record) | {
        "path": str(record.path),
        "customer_path": None if record.customer_path is None else str(record.customer_path),
        "started_at": None if start is None else start.astimezone(UTC),
        "started_at_local": None if start is None else start.isoformat(),
        "standards": ";".join(record.standards) or None,
        "shift_started_at": None if record.shift_started_at is None else record.shift_started_at.isoformat(),
        "sha256": call.sha256,
        "hearing_key": call.hearing_key,
        "duration_s": call.duration_s,
        "channels": call.channels,
        "channel_form": call.form,
        "separated": call.separated,
        "hearing_quality": call.hearing_quality,
        "removed_texts": call.removed_texts,
    }


def _record(row: Row) -> CallRecord:
    local, customer_path, standards = row["started_at_local"], row["customer_path"], row["standards"]
    shift = row["shift_started_at"]
    return CallRecord(
        call_id=row["call_id"],
        path=Path(row["path"]),
        customer_path=None if customer_path is None else Path(customer_path),
        started_at=None if local is None else datetime.fromisoformat(local),
        agent_id=row["agent_id"],
        agent_name=row["agent_name"],
        team=row["team"],
        direction=row["direction"],
        customer_name=row["customer_name"],
        ring_s=row["ring_s"],
        hangup_side=row["hangup_side"],
        agent_channel=row["agent_channel"],
        standards=() if standards is None else tuple(standards.split(";")),
        shift_started_at=None if shift is None else datetime.fromisoformat(shift),
    )


def _event_row(event: Event) -> Row:
    attributes = dict(event.attributes)
    if len(attributes) != len(event.attributes):
        raise StoreError(f"a {event.kind} event has an attribute twice: {event.attributes}")
    odd = [
        n
        for n, v in event.attributes
        if not isinstance(v, _SCALARS) or (isinstance(v, float) and not math.isfinite(v))
    ]
    if odd:
        raise StoreError(f"a {event.kind} event's {', '.join(odd)} is no finite scalar: {event.attributes}")
    text = json.dumps(attributes, ensure_ascii=False)
    return fields_of(event) | {"attributes": text}


def _utterance(row: Row) -> Utterance:
    return Utterance(**fields_for(Utterance, row) | {"role": Role(row["role"])})


def _event(row: Row) -> Event:
    attributes = tuple(json.loads(row["attributes"]).items())
    return Event(EventKind(row["kind"]), role_of(row), row["start_s"], row["end_s"], attributes)


def _measurement(row: Row) -> Measurement:
    return Measurement(**fields_for(Measurement, row) | {"role": role_of(row), "method": row["method"] or ""})
