"""What judging reads in the place of personal data: made-up values of the same shape.

A rule wants to know that a number was read out, how long it is, whether it was said before and with which
digits; that a name was used and sounds like the customer's. All that was kept, and a stand-in has it, so that
rules judge a redacted text as they judge the full one. What they quote of it is hidden again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.call import Call, Event, EventKind, Utterance, once_per_call
from pipeline.privacy.digits import HAN_DIGITS, digit_runs
from pipeline.privacy.entities import Entity, EntityKind, Form, entities_of, placeholder
from pipeline.privacy.finding import unlike
from pipeline.privacy.made_up import free_surnames, made_up_digits, made_up_surname
from pipeline.privacy.shapes import MASK
from pipeline.privacy.values import read

_NUMBERS = frozenset(
    (EntityKind.MOBILE, EntityKind.LANDLINE, EntityKind.IDENTITY, EntityKind.CARD, EntityKind.NUMBER)
)
_HAN_OF = {digit: char for char, digit in reversed(HAN_DIGITS.items())} | {"1": "一", "2": "二", "0": "零"}
_WORD_OF = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_MASKS = "甲乙丙丁戊己庚辛壬癸"
# A quote may begin or end inside a stand-in; this much of one shows.
_SHOWS = 3


@dataclass(frozen=True, slots=True)
class StandIns:
    """The text that stands for each entity of a call, in order, and the customer's made-up name."""

    texts: tuple[str, ...]
    customer_name: str | None


@once_per_call
def with_stand_ins(call: Call) -> Call:
    """Return a redacted call as judging reads it; a call that is not redacted is returned as it is."""
    entities = entities_of(call)
    if not entities:
        return call
    made = stand_ins(call)
    by_utterance: dict[int | None, list[tuple[Entity, str]]] = {}
    for entity, text in zip(entities, made.texts, strict=True):
        by_utterance.setdefault(entity.utterance, []).append((entity, text))
    utterances = tuple(
        _filled(u, by_utterance[u.idx]) if u.idx in by_utterance else u for u in call.utterances
    )
    texts = {u.idx: u.text for u in utterances}
    return replace(
        call,
        record=replace(call.record, customer_name=made.customer_name),
        utterances=utterances,
        events=tuple(_quoting(e, texts) if e.kind is EventKind.READING else e for e in call.events),
    )


def hide(call: Call, text: str) -> str:
    """Return a text about a redacted call with every stand-in taken out again.

    Parameters
    ----------
    call : Call
        The redacted call, not the one with stand-ins.
    text : str
        A quote or a reason.
    """
    if not text or not entities_of(call):
        return text
    marks = _marks(call)
    if not marks:
        return text
    within = next((mark for made, mark in marks.items() if len(text) > 1 and text in made), None)
    if within is not None:
        return within
    pattern = re.compile("|".join(map(re.escape, marks)))
    return _hide_ends(pattern.sub(lambda m: marks[m.group()], text), marks)


@once_per_call
def _marks(call: Call) -> Mapping[str, str]:
    """What stands for each stand-in, the longest first; a surname also without the given name."""
    marks: dict[str, str] = {}
    made = stand_ins(call)
    for entity, text in zip(entities_of(call), made.texts, strict=True):
        marks[text] = placeholder(entity.kind)
        surname = text[: entity.shape.count("姓")]
        if surname:
            marks[surname] = placeholder(entity.kind)
    return dict(sorted(marks.items(), key=lambda pair: -len(pair[0])))


def _hide_ends(text: str, marks: Mapping[str, str]) -> str:
    for made, mark in marks.items():
        for size in range(len(made) - 1, _SHOWS - 1, -1):
            if text.startswith(made[-size:]):
                text = mark + text[size:]
                break
            if text.endswith(made[:size]):
                text = text[:-size] + mark
                break
    return text


@once_per_call
def stand_ins(call: Call) -> StandIns:
    """Make up a value for each distinct one of a redacted call and write it in the shape of each mention."""
    entities = entities_of(call)
    spoken = "".join(u.text for u in call.utterances)
    used = {"".join(d.value for d in run.digits) for u in call.utterances for run in digit_runs(u.text)}
    digits: dict[int, str] = {}
    for entity in entities:
        if entity.kind in _NUMBERS and entity.value not in digits:
            made = made_up_digits(entity.value, entity.length, entity.kind, entity.form, frozenset(used))
            digits[entity.value] = made
            used.add(made)
    surnames = _surnames([e for e in entities if e.kind is EntityKind.NAME], spoken)
    texts = tuple(_written(e, digits.get(e.value, ""), surnames) for e in entities)
    logged = next((t for e, t in zip(entities, texts, strict=True) if e.utterance is None), None)
    return StandIns(texts, logged)


def _surnames(names: Sequence[Entity], spoken: str) -> dict[tuple[int, float, str], str]:
    """Made-up surnames, by what is known of the true ones; none occurs in the call."""
    keys = {_name_key(e): e for e in names}
    theirs = next((e for e in names if e.unlike == 0.0), None)
    made: dict[tuple[int, float, str], str] = {}
    taken = set(spoken)
    base = ""
    if theirs is not None and theirs.form is not Form.PLAIN:
        wanted = {(e.unlike, e.form, e.length) for e in names if e.unlike}
        base = _base(theirs, frozenset(wanted), taken)
        made[_name_key(theirs)] = base
        taken |= set(base)
    for key, entity in keys.items():
        if key not in made:
            made[key] = made_up_surname(base, entity.unlike, entity.form, max(1, entity.length), taken)
            taken |= set(made[key])
    return made


def _base(theirs: Entity, wanted: frozenset[tuple[float, Form, int]], taken: set[str]) -> str:
    """A surname for the customer for which others exist that are as unlike it as the call's others are."""
    best, least = "", float("inf")
    for at in range(12):
        free = free_surnames(theirs.form, theirs.length, taken)
        base = free[at * len(free) // 12]
        off = 0.0
        for grade, form, length in wanted:
            near = made_up_surname(base, grade, form, max(1, length), taken | set(base))
            off += abs(unlike(base, near) - grade)
        if off < least:
            best, least = base, off
        if least == 0.0:
            break
    return best


def _name_key(entity: Entity) -> tuple[int, float, str]:
    return entity.value, entity.unlike, entity.form


def _written(entity: Entity, digits: str, surnames: Mapping[tuple[int, float, str], str]) -> str:
    if entity.kind in _NUMBERS:
        return "".join(_digits(entity, digits))
    if entity.kind is EntityKind.NAME:
        count = entity.shape.count("姓")
        rest = entity.shape[count:].replace("A", "Q").replace("a", "q")
        return (surnames[_name_key(entity)] if count else "") + rest
    mask = _MASKS[entity.value % len(_MASKS)]
    figures = f"{entity.value + 1:0>2}"[::-1]
    shape = entity.shape.replace(MASK, mask).replace("A", "Q").replace("a", "q")
    shape = re.sub("0", lambda m: figures[m.start() % 2], shape)
    return re.sub("零", lambda m: _HAN_OF[figures[m.start() % 2]], shape)


def _digits(entity: Entity, digits: str) -> Iterator[str]:
    places = iter(read(entity.said))
    for char in entity.shape:
        if char not in "0零w" and char != MASK:
            yield char
            continue
        place = next(places, None)
        # A misheard digit is another than the value's, the next one up.
        value = digits[place] if place is not None and place < len(digits) else "7"
        if char == "0":
            yield value
        elif char == MASK:
            yield MASK
        else:
            yield _HAN_OF.get(value, "零") if char == "零" else _WORD_OF[int(value) if value.isdigit() else 0]


def _filled(utterance: Utterance, made: Sequence[tuple[Entity, str]]) -> Utterance:
    text, moved = utterance.text, 0
    for entity, stand_in in made:
        start, end = entity.start + moved, entity.end + moved
        if text[start:end] == placeholder(entity.kind):
            text = text[:start] + stand_in + text[end:]
            moved += len(stand_in) - (end - start)
    return replace(utterance, text=text)


def _quoting(event: Event, texts: Mapping[int, str]) -> Event:
    """Return a reading with its quote as it stands in the text with stand-ins."""
    kept = dict(event.attributes)
    idx, start, end = kept.get("utterance"), kept.get("quote_start"), kept.get("quote_end")
    if not (isinstance(idx, int) and isinstance(start, int) and isinstance(end, int)):
        return event
    kept["quote"] = texts.get(idx, "")[start:end]
    return replace(event, attributes=tuple(sorted(kept.items())))
