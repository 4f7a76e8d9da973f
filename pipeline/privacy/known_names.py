"""Names that are known, by the call log or from elsewhere in the call, wherever they are said again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.call import Role, Utterance
from pipeline.privacy.everyday import ENGLISH_WORDS
from pipeline.privacy.introduced import GIVEN, HAN, POSTS, Name
from pipeline.wording.matching import find_all
from pipeline.wording.phrases import compile_phrase
from pipeline.wording.pinyin import syllables
from pipeline.wording.surnames import TITLES, han, sounds


def by_sound(surname: str, utterances: Sequence[Utterance]) -> Iterator[Name]:
    """A known surname before a title or after 姓, as phrases are matched, however it was written."""
    titled = compile_phrase(f"{surname}({'|'.join(TITLES)})")
    for match in find_all([titled], utterances):
        utterance = next(u for u in utterances if u.idx == match.utterance_idx)
        at = _place(utterance, match.quote, match.start_s)
        if at is not None and len(han(match.quote)) == len(surname) + 2:
            yield Name(utterance, at, at + len(surname))
    for utterance in utterances:
        yield from _titled_by(surname, utterance)
    wanted = sounds("姓" + surname)
    for utterance in utterances:
        if utterance.role is Role.AGENT:
            continue
        for start, end in _sounding(wanted, utterance.text):
            yield Name(utterance, start + 1, end)


def confirmed(surname: str, utterance: Utterance) -> Iterator[Name]:
    """A name in full that begins with the call log's surname, where the agent asks for the person."""
    if utterance.role is Role.AGENT:
        asked = re.compile(
            rf"(?:是|找)(?P<name>{re.escape(surname)}(?!{POSTS}|同志){GIVEN})(?:本人)?(?:吗|吧|嘛|么)"
        )
        yield from (Name(utterance, *m.span("name")) for m in asked.finditer(utterance.text))


def _titled_by(surname: str, utterance: Utterance) -> Iterator[Name]:
    """A title with a known surname shortly before it, a given name in between allowed."""
    titles, wanted = {sounds(title) for title in TITLES}, sounds(surname)
    for clause in re.finditer(rf"[{HAN}]+", utterance.text):
        heard = sounds(clause.group())
        if len(heard) != len(clause.group()):
            continue
        for title in range(1, len(heard) - 1):
            if heard[title : title + 2] not in titles:
                continue
            for at in range(max(0, title - len(wanted) - 2), title - len(wanted) + 1):
                if heard[at : at + len(wanted)] == wanted:
                    yield Name(utterance, clause.start() + at, clause.start() + title)
                    break


def said_in_full(name: str, utterance: Utterance) -> Iterator[Name]:
    """A whole known name, by sound."""
    wanted = syllables(name)
    for clause in re.finditer(rf"[{HAN}]+", utterance.text):
        heard = syllables(clause.group())
        for at in range(len(heard) - len(wanted) + 1):
            if heard[at : at + len(wanted)] == wanted and len(heard) == len(clause.group()):
                yield Name(utterance, clause.start() + at, clause.start() + at + len(name))


def written_in_letters(names: Sequence[str], utterance: Utterance) -> Iterator[Name]:
    """Names in Latin letters: whole ones, and parts of them that are no other word."""
    for name in names:
        words = re.findall(r"[A-Za-z]+", name)
        if not words or (len(words) == 1 and len(words[0]) < 3):
            continue
        whole = re.compile(rf"(?<![A-Za-z]){r'[^A-Za-z0-9]+'.join(words)}(?![A-Za-z])", re.IGNORECASE)
        yield from (Name(utterance, *match.span()) for match in whole.finditer(utterance.text))
        parts = [word for word in words if len(word) > 2 and word.istitle() and word not in ENGLISH_WORDS]
        for part in parts if len(words) > 1 else ():
            for match in re.finditer(rf"(?<![A-Za-z]){part}(?![A-Za-z])", utterance.text):
                yield Name(utterance, *match.span())


def _sounding(wanted: tuple[str, ...], text: str) -> Iterator[tuple[int, int]]:
    for clause in re.finditer(rf"[{HAN}]+", text):
        heard = sounds(clause.group())
        if len(heard) != len(clause.group()):
            continue
        for at in range(len(heard) - len(wanted) + 1):
            if heard[at : at + len(wanted)] == wanted:
                yield clause.start() + at, clause.start() + at + len(wanted)


def _place(utterance: Utterance, quote: str, start_s: float) -> int | None:
    """Where a quote stands in its utterance; of several places the one nearest to its time."""
    length_s = max(utterance.end_s - utterance.start_s, 1e-9)
    about = (start_s - utterance.start_s) / length_s * len(utterance.text)
    places = [m.start() for m in re.finditer(re.escape(quote), utterance.text)]
    return min(places, key=lambda at: abs(at - about), default=None)
