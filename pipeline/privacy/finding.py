"""All personal data of a heard call, each with what may be kept of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.call import Call, Utterance
from pipeline.privacy import forms, shapes
from pipeline.privacy.entities import Entity, EntityKind, Form
from pipeline.privacy.introduced import Name
from pipeline.privacy.names import find_names
from pipeline.privacy.numbers import Number, find_numbers
from pipeline.privacy.places import Place, find_places
from pipeline.privacy.values import is_same, positions, written
from pipeline.spans import Span, crop, total_s
from pipeline.wording.pinyin import syllables
from pipeline.wording.sounds import GRADES, PINYIN_SOUNDS, grades, sound_id
from pipeline.wording.spoken import spoken_tokens
from pipeline.wording.surnames import SURNAMES, han, sounds, surname_of, surname_sounds

_PLACE = re.compile(r"(\w{2})(?:路|街|大道|巷|弄|胡同|镇|村|广场|大厦)")


@dataclass(frozen=True, slots=True)
class Found:
    """Personal data in a text as it was recognised: ``[start, end)``, and the entity without its place."""

    start: int
    end: int
    entity: Entity


def find(call: Call) -> tuple[tuple[Found, ...], Entity | None]:
    """Find personal data in all of a call's utterances.

    Returns
    -------
    tuple of Found
        In order, none overlapping another.
    Entity or None
        The customer's name in the call log.
    """
    numbers = find_numbers(call.utterances)
    places = find_places(call.utterances)
    names = find_names(call.utterances, call.record)
    found = [*_of_numbers(call, numbers), *_of_places(call, places, first=len(numbers))]
    of_names, logged = _of_names(call, names, first=len(numbers) + len(places))
    kept: list[Found] = []
    # An electronic address may begin with a long number.
    found.sort(key=lambda one: one.entity.kind is not EntityKind.EMAIL)
    for one in [*found, *of_names]:
        if not any(_overlap(one, other) for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda f: (f.entity.utterance or 0, f.start))), logged


def _overlap(one: Found, other: Found) -> bool:
    same = one.entity.utterance == other.entity.utterance
    return same and one.start < other.end and other.start < one.end


def _of_numbers(call: Call, numbers: Sequence[Number]) -> Iterator[Found]:
    values: list[str] = []
    for digits in sorted((_once(n.digits) for n in numbers), key=len, reverse=True):
        if not any(is_same(digits, value) for value in values):
            values.append(digits)
    for number in numbers:
        once = _once(number.digits)
        value = next(at for at, known in enumerate(values) if is_same(once, known))
        places = positions(number.digits, values[value])
        for piece in number.pieces:
            said, places = places[: len(piece.digits)], places[len(piece.digits) :]
            text, start, end = piece.utterance.text, piece.digits[0].start, piece.digits[-1].end
            yield _found(
                call,
                piece.utterance,
                start,
                end,
                kind=number.kind,
                shape=shapes.shape_of_digits(text, piece.digits),
                value=value,
                length=len(values[value]),
                said=written(said),
                form=forms.form_of(values[value]),
            )


def _once(digits: str) -> str:
    half = len(digits) // 2
    return digits[:half] if half >= 5 and digits[:half] == digits[half:] else digits


def _of_places(call: Call, places: Sequence[Place], *, first: int) -> Iterator[Found]:
    known: list[frozenset[str]] = []
    for place in places:
        text = place.utterance.text[place.start : place.end]
        address = place.kind is EntityKind.ADDRESS
        marks = frozenset(_PLACE.findall(text)) if address else frozenset([text])
        value = next((at for at, other in enumerate(known) if marks & other), len(known))
        if value == len(known):
            known.append(marks)
        shape = shapes.shape_of_address(text) if address else shapes.shape_of_letters(text)
        yield _found(
            call,
            place.utterance,
            place.start,
            place.end,
            kind=place.kind,
            shape=shape,
            value=first + value,
            length=len(text),
        )


def _of_names(call: Call, names: Sequence[Name], *, first: int) -> tuple[list[Found], Entity | None]:
    logged = han(call.record.customer_name or "")
    surnames = [surname_of(n.text) for n in names]
    theirs = surname_of(logged) if logged else next(iter(surnames), "")
    values = {spoken: first + at for at, spoken in enumerate(dict.fromkeys(map(_heard, [theirs, *surnames])))}
    found = [
        _found(
            call,
            name.utterance,
            name.start,
            name.end,
            kind=EntityKind.NAME,
            shape=shapes.shape_of_name(name.text, surname),
            value=values[_heard(surname)],
            length=len(surname),
            form=_form_of_surname(surname),
            unlike=unlike(theirs, surname),
        )
        for name, surname in zip(names, surnames, strict=True)
    ]
    if not call.record.customer_name:
        return found, None
    entity = Entity(
        kind=EntityKind.NAME,
        role=None,
        start_s=0.0,
        end_s=0.0,
        utterance=None,
        start=0,
        end=0,
        shape="姓" * max(1, len(theirs)),
        value=values[_heard(theirs)] if theirs else first,
        length=len(theirs),
        form=_form_of_surname(theirs) if theirs else Form.PLAIN,
    )
    return found, entity


def _heard(surname: str) -> tuple[str, ...]:
    return sounds(surname) or (surname,)


def _form_of_surname(surname: str) -> Form:
    if surname and surname[0] in SURNAMES:
        return Form.SURNAME
    like = sounds(surname)[:1]
    return Form.LIKE_A_SURNAME if like and like[0] in surname_sounds() else Form.PLAIN


def unlike(one: str, other: str) -> float:
    """How unlike two surnames sound, 0..2: as much as those of their characters that are most unlike."""
    pairs = list(zip(one, other, strict=False))
    if not pairs:
        return 0.0
    return max(_unlike(a, b) for a, b in pairs)


def _unlike(one: str, other: str) -> float:
    if one == other:
        return 0.0
    return float(GRADES[grades()[sound_number(one), sound_number(other)]])


def sound_number(char: str) -> int:
    """Return the place of a character's sound in the table of grades."""
    sounds = syllables(char)
    return min(sound_id(sounds[0]), PINYIN_SOUNDS) if sounds else PINYIN_SOUNDS


def _found(
    call: Call,
    utterance: Utterance,
    start: int,
    end: int,
    *,
    kind: EntityKind,
    shape: str,
    value: int,
    length: int,
    said: str = "",
    form: Form = Form.PLAIN,
    unlike: float = 0.0,
) -> Found:
    span = locate(call, utterance, start, end)
    entity = Entity(
        kind=kind,
        role=utterance.role,
        start_s=span.start_s,
        end_s=span.end_s,
        utterance=utterance.idx,
        start=start,
        end=end,
        shape=shape,
        value=value,
        length=length,
        said=said,
        form=form,
        unlike=unlike,
    )
    return Found(start, end, entity)


def locate(call: Call, utterance: Utterance, start: int, end: int) -> Span:
    """Return where characters ``[start, end)`` are said, the utterance's voice activity spread over them."""
    tokens = spoken_tokens(utterance.text)
    total = sum(t.units for t in tokens)
    before = sum(t.units for t in tokens if t.end <= start)
    until = sum(t.units for t in tokens if t.start < end)
    active = crop(call.speech(utterance.role), utterance.span) or (utterance.span,)
    if not total:
        return utterance.span
    return Span(_moment(active, before / total), _moment(active, until / total))


def _moment(active: Sequence[Span], share: float) -> float:
    left_s = share * total_s(active)
    for span in active:
        if left_s <= span.duration_s:
            return span.start_s + left_s
        left_s -= span.duration_s
    return active[-1].end_s


def placed(found: Found, start: int, end: int) -> Entity:
    """Return the entity with its place in the redacted text."""
    return replace(found.entity, start=start, end=end)
