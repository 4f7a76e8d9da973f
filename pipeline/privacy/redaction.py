"""Personal data taken out of a call: what is stored of it unless it was asked to keep them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.call import Call, CallRecord, Event, EventKind, Measurement, Scalar, Utterance
from pipeline.privacy.entities import Entity, EntityKind, entity_event, placeholder
from pipeline.privacy.finding import Found, find, placed
from pipeline.wording.script import simplify
from pipeline.wording.surnames import TITLES

_TITLES = "|".join(TITLES)


def redact(call: Call) -> Call:
    """Return a call with the kind in brackets for every piece of personal data in its texts.

    Parameters
    ----------
    call : Call
        As heard, with its readings. One that is redacted already is returned as it is.

    Returns
    -------
    Call
        Its events hold what may be kept of each piece; its counts and measures are those of the full text.
    """
    if call.redacted:
        return call
    found, logged = find(call)
    by_utterance: dict[int, list[Found]] = {}
    for one in found:
        by_utterance.setdefault(one.entity.utterance or 0, []).append(one)
    only_raw = _only_in_raw(call)
    utterances: list[Utterance] = []
    entities: list[Entity] = [logged] if logged is not None else []
    for utterance in call.utterances:
        own = by_utterance.get(utterance.idx, [])
        text, kept = _replaced(utterance.text, own)
        entities += kept
        if own or utterance.idx in only_raw:
            utterance = replace(utterance, text=text, raw_text=_raw(utterance, own, text))
        utterances.append(utterance)
    secrets = _secrets(call, found)
    events = [_event(event, call, by_utterance, secrets) for event in call.events]
    events += map(entity_event, entities)
    return replace(
        call,
        record=redact_record(call.record),
        utterances=tuple(utterances),
        events=tuple(sorted(events, key=lambda e: (e.start_s, e.end_s))),
        measurements=tuple(_measurement(m, secrets) for m in call.measurements),
        redacted=True,
    )


def redact_record(record: CallRecord) -> CallRecord:
    """Return a record without the customer's name; that the log has one stays."""
    if not record.customer_name:
        return record
    return replace(record, customer_name=placeholder(EntityKind.NAME))


def _replaced(text: str, found: Sequence[Found]) -> tuple[str, list[Entity]]:
    pieces: list[str] = []
    kept: list[Entity] = []
    at = length = 0
    for one in found:
        mark = placeholder(one.entity.kind)
        pieces += [text[at : one.start], mark]
        length += one.start - at
        kept.append(placed(one, length, length + len(mark)))
        length += len(mark)
        at = one.end
    return "".join(pieces) + text[at:], kept


def _only_in_raw(call: Call) -> frozenset[int]:
    """Utterances that were repaired and in whose unrepaired text there is something: 程功 written as 成功."""
    raw = {u.idx: simplify(u.raw_text).strip() for u in call.utterances}
    if all(raw[u.idx] == u.text for u in call.utterances):
        return frozenset()
    found, _ = find(replace(call, utterances=tuple(replace(u, text=raw[u.idx]) for u in call.utterances)))
    there = {f.entity.utterance for f in found}
    return frozenset(u.idx for u in call.utterances if u.idx in there and raw[u.idx] != u.text)


def _raw(utterance: Utterance, found: Sequence[Found], redacted: str) -> str:
    """Return the recogniser's own text redacted in the same places, or the redacted text."""
    raw = utterance.raw_text.strip()
    if len(raw) != len(utterance.text) or simplify(raw) != utterance.text:
        return redacted
    return _replaced(raw, found)[0]


def _secrets(call: Call, found: Sequence[Found]) -> dict[str, str]:
    """Return what was taken out and what stands in its place, for texts that only quote."""
    texts = {u.idx: u.text for u in call.utterances}
    quoted = {texts[f.entity.utterance or 0][f.start : f.end]: f.entity for f in found}
    return {
        text: placeholder(entity.kind)
        for text, entity in sorted(quoted.items(), key=lambda pair: -len(pair[0]))
    }


def _without(text: str, secrets: dict[str, str]) -> str:
    for secret, mark in secrets.items():
        if len(secret) > 1:
            text = text.replace(secret, mark)
        else:  # a surname alone is many other words' character
            text = re.sub(rf"(?<=姓){secret}|{secret}(?={_TITLES})", mark, text)
    return text


def _measurement(measurement: Measurement, secrets: dict[str, str]) -> Measurement:
    # How roles were decided quotes what was said.
    reason = measurement.reason and _without(measurement.reason, secrets)
    return replace(measurement, method=_without(measurement.method, secrets), reason=reason)


def _event(event: Event, call: Call, found: dict[int, list[Found]], secrets: dict[str, str]) -> Event:
    quote = event.get("quote")
    if event.kind is not EventKind.READING or not isinstance(quote, str):
        kept = tuple((n, _without(v, secrets) if isinstance(v, str) else v) for n, v in event.attributes)
        return replace(event, attributes=kept)
    utterance = next((u for u in call.utterances if u.role is event.role and quote in u.text
                      and u.start_s - 0.01 <= event.start_s <= u.end_s + 0.01), None)  # fmt: skip
    if utterance is None:
        return replace(event, attributes=_changed(event, quote=_without(quote, secrets)))
    start = utterance.text.index(quote)
    end = start + len(quote)
    touched = [f for f in found.get(utterance.idx, ()) if f.start < end and start < f.end]
    if not touched:
        return event
    # What begins or ends inside personal data is quoted with the whole of them.
    first, last = min(start, touched[0].start), max(end, touched[-1].end)
    inside = [replace(f, start=f.start - first, end=f.end - first) for f in touched]
    text, _ = _replaced(utterance.text[first:last], inside)
    changed = _changed(event, quote=text, quote_end=end, quote_start=start, utterance=utterance.idx)
    return replace(event, attributes=changed)


def _changed(event: Event, **values: Scalar) -> tuple[tuple[str, Scalar], ...]:
    return tuple(sorted({**dict(event.attributes), **values}.items()))
