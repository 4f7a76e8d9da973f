"""Judgements of one day under one rulebook as the bytes of two part files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.errors import StoreError
from pipeline.store.files import encode
from pipeline.tables import Judgement, finding_table, score_table


@dataclass(frozen=True, slots=True)
class JudgedPart:
    """How the calls of one day were judged under one rulebook, ready to be written.

    Attributes
    ----------
    standard : str
        The rulebook's name.
    judgements : int
        How many calls were judged; with none, what is stored is to be removed.
    findings, scores : bytes
        Parquet files, in order of the calls' ids.
    """

    standard: str
    judgements: int
    findings: bytes = b""
    scores: bytes = b""

    @classmethod
    def of(cls, standard: str, judgements: Iterable[Judgement]) -> JudgedPart:
        """Encode judgements.

        Raises
        ------
        StoreError
            When one is of another rulebook, or a value has no place in the tables.
        """
        ordered = sorted(judgements, key=lambda j: j.call_id)
        others = {j.score.standard for j in ordered} - {standard}
        if others:
            raise StoreError(f"judgements under {', '.join(sorted(others))}; expected only {standard}")
        if not ordered:
            return cls(standard, 0)
        return cls(standard, len(ordered), encode(finding_table(ordered)), encode(score_table(ordered)))
