"""Written calls of desks that no pattern was written for, with a careful person's verdict on some clauses.

A file holds dialogue after dialogue: a line ``=== name``, the dialogue as rulebooks write their examples,
and lines ``= pass``, ``= fail`` and ``= na`` (not applicable) with the clauses judged so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.call import Call, Verdict
from pipeline.dialogue import dialogue_call

_VERDICTS = {"pass": Verdict.PASS, "fail": Verdict.FAIL, "na": Verdict.NOT_APPLICABLE}


@dataclass(frozen=True)
class Exam:
    name: str
    call: Call
    labels: Mapping[str, Verdict]


def read_exams(path: Path) -> Iterator[Exam]:
    """Read the labelled dialogues of a file."""
    for part in path.read_text(encoding="utf-8").split("=== ")[1:]:
        name, *lines = part.splitlines()
        spoken = "\n".join(line for line in lines if not line.startswith("= "))
        labels: dict[str, Verdict] = {}
        for line in lines:
            if line.startswith("= "):
                verdict, *clauses = line[2:].split()
                twice = labels.keys() & set(clauses)
                if twice:
                    raise ValueError(f"{name}: {', '.join(sorted(twice))} labelled twice")
                labels |= dict.fromkeys(clauses, _VERDICTS[verdict])
        yield Exam(name, dialogue_call(spoken, call_id=name), labels)
