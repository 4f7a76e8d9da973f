"""Heard calls as rows of the four hearing tables, and back without loss."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.call import (
    Call,
    CallRecord,
    ChannelForm,
    Event,
    EventKind,
    Measurement,
    Role,
    Scalar,
    Utterance,
)
from pipeline.errors import StoreError
from pipeline.places import place
from pipeline.tables.columns import Row, fields_of, rows_of, table_of, unescape, values_of

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Value = TypeVar("_Value")
_SCALARS = (str, int, float, type(None))
_MEASUREMENT = tuple(f.name for f in fields(Measurement))
# A hundred calls have a few dozen different ones of these between them.
_REPEATED = dict.fromkeys(("name", "unit", "reason", "method"), str)


@dataclass(frozen=True, slots=True)
class CallTables:
    """The four hearing tables of one or more calls."""

    calls: pa.Table
    utterances: pa.Table
    events: pa.Table
    measurements: pa.Table

    def map(self, change: Callable[[pa.Table], pa.Table]) -> CallTables:
        """Return the tables, each changed in the same way."""
        return CallTables(**{field.name: change(getattr(self, field.name)) for field in fields(self)})


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
    utterances = _grouped(tables, "utterances", _utterances)
    events = _grouped(tables, "events", _events)
    measurements = _grouped(tables, "measurements", _measurements)
    for row, said, happened, taken in zip(
        rows_of(tables.calls), utterances, events, measurements, strict=True
    ):
        yield Call(
            record=_record(row),
            sha256=row["sha256"],
            hearing_key=row["hearing_key"],
            duration_s=row["duration_s"],
            channels=row["channels"],
            separated=row["separated"],
            hearing_quality=row["hearing_quality"],
            removed_texts=row["removed_texts"],
            redacted=row["redacted"],
            utterances=said,
            events=happened,
            measurements=taken,
            form=None if row["channel_form"] is None else ChannelForm(row["channel_form"]),
        )


def _grouped(
    tables: CallTables, name: str, values: Callable[[pa.Table], Iterable[_Value]]
) -> Iterator[tuple[_Value, ...]]:
    """Yield the values of each call's rows of one table, in the order of the calls table."""
    calls, table = tables.calls, getattr(tables, name)
    places = pc.index_in(table["call_id"], value_set=calls["call_id"])
    for key in ("sha256", "hearing_key"):
        same = pc.equal(table[key], pc.take(calls[key], places))
        if pc.all(same).as_py() is False:
            call_id = unescape(table["call_id"][pc.index(same, False).as_py()].as_py())
            raise StoreError(f"call {call_id}: its {name} belong to another hearing; hear it again")
    # Rows of no call are those that a stopped writer left behind.
    order = places.fill_null(len(calls)).to_numpy()
    if np.any(order[1:] < order[:-1]):
        sorting = np.argsort(order, kind="stable")
        table, order = table.take(pa.array(sorting)), order[sorting]
    made = tuple(values(table))
    bounds = np.searchsorted(order, np.arange(len(calls) + 1)).tolist()
    return (made[first:last] for first, last in pairwise(bounds))


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
        "redacted": call.redacted,
    }


def _record(row: Row) -> CallRecord:
    local, customer_path, standards = row["started_at_local"], row["customer_path"], row["standards"]
    shift = row["shift_started_at"]
    return CallRecord(
        call_id=row["call_id"],
        path=place(row["path"]),
        customer_path=None if customer_path is None else place(customer_path),
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


def _utterances(table: pa.Table) -> Iterable[Utterance]:
    return map(Utterance, *_columns(table, Utterance, role=Role))


def _events(table: pa.Table) -> Iterable[Event]:
    return map(Event, *_columns(table, Event, kind=EventKind, role=Role, attributes=_attributes))


def _attributes(text: str) -> tuple[tuple[str, Scalar], ...]:
    return tuple(json.loads(text).items())


def _measurements(table: pa.Table) -> Iterable[Measurement]:
    columns = dict(zip(_MEASUREMENT, _columns(table, Measurement, role=Role, **_REPEATED), strict=True))
    columns["method"] = [method or "" for method in columns["method"]]
    return map(Measurement, *columns.values())


def _columns(
    table: pa.Table, made: type[DataclassInstance], /, **decode: Callable[[str], Any]
) -> Iterable[list[Any]]:
    """Return the values of the columns that a frozen value of ``made`` has, in its order."""
    return (values_of(table[f.name], decode.get(f.name)) for f in fields(made))
