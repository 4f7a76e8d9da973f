"""How much personal data is found in sentences as a recogniser writes them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import made_calls as made
import pytest
from privacy.labelled import measure, read_labelled

from pipeline.call import Role
from pipeline.privacy.entities import EntityKind
from pipeline.privacy.finding import find

HERE = Path(__file__).parent
FILES = [HERE / "sentences.txt", HERE / "unseen.txt", HERE / "desks.txt"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_recall_and_precision(path: Path):
    outcome = measure(list(read_labelled(path)))
    assert outcome.recall >= (0.95 if path.stem == "desks" else 0.97), outcome.wrong
    assert outcome.precision >= 0.90, outcome.wrong
    for kind in EntityKind:
        assert outcome.got[kind] >= 0.9 * outcome.wanted[kind], outcome.wrong


def test_the_sentences_hold_every_kind_and_enough_of_both_sorts():
    some = [labelled for path in FILES for labelled in read_labelled(path)]
    kinds = {label.kind for labelled in some for label in labelled.labels}
    assert kinds == set(EntityKind)
    assert len(some) >= 250
    assert sum(not labelled.labels for labelled in some) >= 100


def test_what_is_not_marked_is_counted_as_wrong():
    (labelled,) = read_labelled(HERE / "one_unmarked.txt")
    outcome = measure([labelled])
    assert outcome.precision == 0.5
    assert outcome.recall == 1.0


def test_long_texts_take_no_long_time():
    """Patterns that backtrack would take minutes here."""

    noise = [
        "one two a.b.c. " * 200,
        "市区县路" * 300,
        "一二三四" * 400,
        "姓王先生" * 300,
        "at dot com " * 200,
    ]
    for text in noise:
        said = (made.utterance(0, Role.CUSTOMER, 0.0, text),)
        find(replace(made.call(), utterances=said))
