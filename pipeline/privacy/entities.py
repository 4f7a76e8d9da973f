"""What is kept of personal data that was taken out of a text: where it was, of which kind, and its shape.

Neither the value nor anything computed from it alone (a digest of eleven digits is as good as the digits) is
kept. What is kept says how long it is, whether two of a call are the same, and whether its form is valid.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.call import Call, Event, EventKind, Role, once_per_call
from pipeline.spans import Span


class EntityKind(StrEnum):
    """Kinds of personal data; the value is what stands in the text, in brackets."""

    MOBILE = "手机号"
    LANDLINE = "座机号"
    IDENTITY = "身份证号"
    CARD = "银行卡号"
    EMAIL = "邮箱"
    ADDRESS = "地址"
    NAME = "姓名"
    NUMBER = "号码"


class Form(StrEnum):
    """What the digits of a number, or the first character of a name, are."""

    PLAIN = "plain"
    MOBILE = "mobile number"
    IDENTITY = "identity number"
    IDENTITY_MISHEARD = "identity number, wrong check digit"
    DATED = "birth date at its seventh digit"
    CARD = "card number"
    SURNAME = "surname"
    LIKE_A_SURNAME = "sounds like a surname"


@dataclass(frozen=True, slots=True)
class Entity:
    """One place where personal data were said.

    Attributes
    ----------
    kind : EntityKind
    role : Role or None
        Who said it; None for the name in the call log.
    start_s, end_s : float
        Where it is in the recording: by the share of its characters in its utterance's voice activity.
    utterance : int or None
        ``Utterance.idx``; None for the name in the call log.
    start, end : int
        Place of the bracketed kind in the redacted text.
    shape : str
        The original with every character masked: ``0`` a written digit, ``零`` one as a Han character, ``w``
        a word for a digit, ``姓`` a surname, ``A`` and ``a`` letters, ``某`` any other; separators, fillers
        and the parts of an address that every address has stand for themselves.
    value : int
        Number of the distinct value within the call: the same number is the same value.
    length : int
        Digits, or characters of a name, that the value has in all.
    said : str
        Which of the value's digits are said here, in order: ``0-10``, ``0-3,?,5-10``; ``?`` is one that the
        value does not have, as when it was misheard.
    form : Form
    unlike : float
        Of names: how unlike the surname sounds to the customer's, 0..2 (:mod:`pipeline.wording.sounds`).
    """

    kind: EntityKind
    role: Role | None
    start_s: float
    end_s: float
    utterance: int | None
    start: int
    end: int
    shape: str
    value: int
    length: int
    said: str = ""
    form: Form = Form.PLAIN
    unlike: float = 0.0

    @property
    def span(self) -> Span:
        """Its interval."""
        return Span(self.start_s, self.end_s)


def placeholder(kind: EntityKind) -> str:
    """Return what stands in a text in the place of such data."""
    return f"[{kind}]"


def entity_event(entity: Entity) -> Event:
    """Return an entity as an event, which is how it is stored."""
    attributes = {
        "entity": entity.kind.value,
        "end": entity.end,
        "form": entity.form.value,
        "length": entity.length,
        "said": entity.said,
        "shape": entity.shape,
        "start": entity.start,
        "unlike": entity.unlike,
        "utterance": entity.utterance,
        "value": entity.value,
    }
    return Event(
        EventKind.PERSONAL_DATA, entity.role, entity.start_s, entity.end_s, tuple(sorted(attributes.items()))
    )


@once_per_call
def entities_of(call: Call) -> tuple[Entity, ...]:
    """Return the personal data that were taken out of a call's texts, in order."""
    return tuple(_entity(event) for event in call.events_of(EventKind.PERSONAL_DATA))


def _entity(event: Event) -> Entity:
    kept = dict(event.attributes)
    utterance = kept["utterance"]
    return Entity(
        kind=EntityKind(str(kept["entity"])),
        role=event.role,
        start_s=event.start_s,
        end_s=event.end_s,
        utterance=None if utterance is None else int(utterance),
        start=int(kept["start"] or 0),
        end=int(kept["end"] or 0),
        shape=str(kept["shape"] or ""),
        value=int(kept["value"] or 0),
        length=int(kept["length"] or 0),
        said=str(kept["said"] or ""),
        form=Form(str(kept["form"])),
        unlike=float(kept["unlike"] or 0.0),
    )
