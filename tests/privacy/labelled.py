"""Sentences with personal data marked, and how many of them are found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.call import Call, CallRecord, Role, Utterance
from pipeline.privacy.entities import EntityKind
from pipeline.privacy.finding import find

_MARK = re.compile(r"\{(?P<kind>[^|{}]+)\|(?P<text>[^{}]+)\}")
_ROLES = {"a": Role.AGENT, "c": Role.CUSTOMER, "u": Role.UNKNOWN}


@dataclass(frozen=True)
class Label:
    kind: EntityKind
    utterance: int
    start: int
    end: int


@dataclass(frozen=True)
class Labelled:
    call: Call
    labels: tuple[Label, ...]


def read_labelled(path: Path) -> Iterator[Labelled]:
    """Read the calls of a file of sentences."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    for block in "\n".join(lines).split("\n\n"):
        rows = [line.split(" ", 1) for line in block.splitlines() if line.strip()]
        if rows:
            yield _labelled(rows)


def _labelled(rows: Sequence[list[str]]) -> Labelled:
    name, utterances, labels, now_s = None, [], [], 0.0
    for who, marked in rows:
        if who == "log":
            name = marked
            continue
        text, at = "", 0
        for mark in _MARK.finditer(marked):
            text += marked[at : mark.start()]
            start = len(text)
            text += mark["text"]
            labels.append(Label(EntityKind(mark["kind"]), len(utterances), start, len(text)))
            at = mark.end()
        text += marked[at:]
        length_s = 0.25 * len(text)
        utterances.append(
            Utterance(
                idx=len(utterances), role=_ROLES[who], start_s=now_s, end_s=now_s + length_s, text=text,
                raw_text=text, chars=len(text), speech_s=length_s, confidence=0.9, language="zh",
            )
        )  # fmt: skip
        now_s += length_s + 0.5
    call = Call(
        record=CallRecord("c", Path("c.wav"), customer_name=name),
        sha256="",
        hearing_key="",
        duration_s=now_s,
        channels=2,
        separated=True,
        hearing_quality=1.0,
        utterances=tuple(utterances),
    )
    return Labelled(call, tuple(labels))


@dataclass(frozen=True)
class Outcome:
    wanted: Counter[EntityKind]
    got: Counter[EntityKind]
    found: Counter[EntityKind]
    right: Counter[EntityKind]
    named: int
    wrong: tuple[str, ...]

    @property
    def recall(self) -> float:
        return self.got.total() / self.wanted.total()

    @property
    def precision(self) -> float:
        return self.right.total() / self.found.total()


def measure(some: Sequence[Labelled]) -> Outcome:
    """An entity is got when all of it is taken out, and right when it is all or part of what was to be."""
    wanted, got, found_, right = (Counter[EntityKind]() for _ in range(4))
    named, wrong = 0, []
    for one in some:
        found, _ = find(one.call)
        texts = [u.text for u in one.call.utterances]
        for label in one.labels:
            own = [f for f in found if f.entity.utterance == label.utterance]
            covered = {at for f in own for at in range(f.start, f.end)}
            need = [at for at in range(label.start, label.end) if texts[label.utterance][at].isalnum()]
            wanted[label.kind] += 1
            if set(need) <= covered:
                got[label.kind] += 1
            else:
                wrong.append(f"missed {label.kind}: {texts[label.utterance]}")
        for f in found:
            own = [
                b for b in one.labels
                if b.utterance == f.entity.utterance and b.start < f.end and f.start < b.end
            ]  # fmt: skip
            found_[f.entity.kind] += 1
            right[f.entity.kind] += bool(own)
            named += any(b.kind is f.entity.kind for b in own)
            text = texts[f.entity.utterance or 0]
            if not own:
                wrong.append(f"wrong {f.entity.kind}: {text} [{text[f.start : f.end]}]")
            elif not any(b.kind is f.entity.kind for b in own):
                wrong.append(f"other kind {f.entity.kind}: {text} [{text[f.start : f.end]}]")
    return Outcome(wanted, got, found_, right, named, tuple(wrong))
