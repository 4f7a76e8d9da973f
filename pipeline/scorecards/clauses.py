"""How often each clause was decided and failed per scorecard, in columns: a year has millions of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.tables import SCHEMAS

WORST_CLAUSES = 3

# Between the date and the id of an example, so that examples sort by date and then by id.
_BETWEEN = "\0"
_LISTED = SCHEMAS["scorecards"].field("clauses").type
_WORST = SCHEMAS["scorecards"].field("worst_clauses").type
_Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Clauses:
    """Columns of equal length, one entry per clause and scorecard.

    Attributes
    ----------
    card : array of int
        Place of the scorecard.
    rule_id : pyarrow.Array
        The clause.
    decided, failed : array of int
        Calls.
    example_date, example_id : pyarrow.Array
        Of the first failing call; null where none failed.
    """

    card: _Whole
    rule_id: pa.Array
    decided: _Whole
    failed: _Whole
    example_date: pa.Array
    example_id: pa.Array

    @classmethod
    def of_lists(cls, lists: pa.ListArray) -> Clauses:
        """Return what the column ``clauses`` of as many scorecards holds."""
        flat = pc.list_flatten(lists)
        columns = {name: pc.struct_field(flat, name) for name in _names(_LISTED)}
        return cls(
            pc.list_parent_indices(lists).to_numpy(),
            columns["rule_id"],
            columns["decided"].to_numpy(),
            columns["failed"].to_numpy(),
            columns["example_call_date"],
            columns["example_call_id"],
        )

    @classmethod
    def concat(cls, parts: Sequence[Clauses], cards: Sequence[int]) -> Clauses:
        """Return the clauses of scorecards put one after the other, so many in each part."""
        before = np.cumsum([0, *cards])
        return cls(
            np.concatenate([part.card + first for part, first in zip(parts, before, strict=False)]),
            pa.concat_arrays([part.rule_id for part in parts]),
            np.concatenate([part.decided for part in parts]),
            np.concatenate([part.failed for part in parts]),
            pa.concat_arrays([part.example_date for part in parts]),
            pa.concat_arrays([part.example_id for part in parts]),
        )

    def added_up(self, group_of_card: _Whole) -> Clauses:
        """Add up the clauses of scorecards that become one; sorted by scorecard and clause."""
        rules, rule = _coded(self.rule_id)
        examples, example = _coded(pc.binary_join_element_wise(self.example_date, self.example_id, _BETWEEN))
        keys, entry = np.unique(group_of_card[self.card] * len(rules) + rule, return_inverse=True)
        # Codes are in order, and what has no example comes after all that have.
        first = np.full(len(keys), len(examples))
        np.minimum.at(first, entry, np.where(example < 0, len(examples), example))
        dates, ids = _parted(examples)
        known = pa.array(first, mask=first == len(examples))
        return Clauses(
            keys // max(1, len(rules)),
            rules.take(pa.array(keys % max(1, len(rules)))),
            np.bincount(entry, self.decided, len(keys)).astype(np.int64),
            np.bincount(entry, self.failed, len(keys)).astype(np.int64),
            dates.take(known),
            ids.take(known),
        )

    def lists(self, cards: int) -> pa.ListArray:
        """Return the column ``clauses`` of so many scorecards; they must have been added up."""
        return self._lists(_LISTED, np.arange(len(self.card)), cards)

    def worst(self, cards: int) -> pa.ListArray:
        """Return the clauses failed most surely: one failure in one call is not worse than nine in ten."""
        failed = np.flatnonzero(self.failed)
        surely = _at_least(self.failed[failed], self.decided[failed])
        # A stable sort keeps the order by clause where two are failed as surely.
        order = failed[np.lexsort((-surely, self.card[failed]))]
        card = self.card[order]
        place = np.arange(len(order)) - np.searchsorted(card, card)
        return self._lists(_WORST, order[place < WORST_CLAUSES], cards)

    def _lists(self, kind: pa.ListType, entries: _Whole, cards: int) -> pa.ListArray:
        decided, failed = self.decided[entries], self.failed[entries]
        places = pa.array(entries)
        columns = {
            "rule_id": self.rule_id.take(places),
            "decided": decided,
            "failed": failed,
            "example_call_id": self.example_id.take(places),
            "example_call_date": self.example_date.take(places),
            "failure_rate": failed / decided,
        }
        fields = list(kind.value_type)
        structs = pa.StructArray.from_arrays(
            [pa.array(columns[field.name], field.type) for field in fields], fields=fields
        )
        bounds = np.searchsorted(self.card[entries], np.arange(cards + 1)).astype(np.int32)
        return pa.ListArray.from_arrays(pa.array(bounds), structs, type=kind)


def _names(kind: pa.ListType) -> list[str]:
    return [field.name for field in kind.value_type]


def _parted(examples: pa.Array) -> tuple[pa.Array, pa.Array]:
    parts = pc.split_pattern(examples, _BETWEEN, max_splits=1)
    return pc.list_element(parts, 0), pc.list_element(parts, 1)


def _coded(texts: pa.Array) -> tuple[pa.Array, _Whole]:
    """Return the different texts, sorted, and for each text its place among them; -1 for none."""
    encoded = texts.dictionary_encode()
    order = pc.sort_indices(encoded.dictionary)
    place = np.empty(len(order) + 1, np.int64)
    place[order.to_numpy()], place[-1] = np.arange(len(order)), -1
    return encoded.dictionary.take(order), place[encoded.indices.fill_null(len(order)).to_numpy()]


def _at_least(failed: _Whole, decided: _Whole) -> NDArray[Any]:
    """Lower end of a rate's 95 % interval (Wilson 1927, J. Am. Stat. Assoc. 22:209)."""
    z, rate = 1.96, failed / decided
    centre = rate + z * z / (2 * decided)
    spread = z * np.sqrt(rate * (1 - rate) / decided + z * z / (4 * decided**2))
    below: NDArray[Any] = (centre - spread) / (1 + z * z / decided)
    return below
