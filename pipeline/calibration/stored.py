"""Stored findings on labelled calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.calibration.clauses import Judged
from pipeline.calibration.labels import Label
from pipeline.store import StoreReader


def stored_findings(store: StoreReader, labels: Sequence[Label]) -> Iterator[Judged]:
    """Yield every stored finding on the calls that have labels, for :func:`calibrate`.

    Parameters
    ----------
    store : StoreReader
        Only read.
    labels : sequence of Label
        As :func:`read_labels` returns them.

    Raises
    ------
    StoreError
        When a part is damaged.
    """
    wanted = {label.call_id for label in labels}
    for day in store.dates("scores"):
        for standard in store.standards(day):
            for judgement in store.read_judgements(day, standard):
                if judgement.call_id in wanted:
                    yield from (Judged(judgement.call_id, day, f) for f in judgement.findings)
