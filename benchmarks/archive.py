"""A synthetic archive of heard calls, of any size, for measuring what a year of calls costs.

``python benchmarks/archive.py HEARD... --out STORE --calls 1000000`` makes stored calls from heard ones, day
by day and in columns, without audio. Of each new call: one of the heard calls, slower or faster and later by
a little; some utterances lost; pieces of utterances (up to a punctuation mark) exchanged for other pieces
that the same party of the same desk said; other digits; and characters replaced, mostly by homophones, as
often as the recogniser gets one wrong (benchmarks/hearing.md). Agents, teams, shifts, days, starts are new.

No two calls are the same, and the share of utterances whose text occurs only once in the archive is printed:
what is remembered by text must not help more than in a real archive. What the calls say still comes from a
few dozen scripts, and measurements are scaled, not measured. The same seed makes the same archive.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from archive_judgements import Judgements
from numpy.typing import NDArray
from pypinyin import lazy_pinyin

from pipeline.store import Store, StoreReader
from pipeline.store.bundling import CALLS_PER_GROUP, write_bundle
from pipeline.tables import HEARING_TABLES, SCHEMAS, CallTables
from pipeline.wording.spoken import spoken_units

FIRST_DAY = date(2026, 1, 1)
DESK_TIME = timezone(timedelta(hours=8))
SHIFTS_H, SHIFT_H = (8, 13), 9
AGENTS_PER_DESK, AGENTS_PER_TEAM = 25, 10
LOST, EXCHANGED, RANDOM_CHARACTER = 0.04, 0.25, 0.3
ERROR_RATE = 0.16
"""The recogniser's character error rate on agents."""

Numbers = NDArray[np.int64]
Random = np.random.Generator
_PIECE = re.compile(r"[^，。？！、,.?!]*[，。？！、,.?!]+|[^，。？！、,.?!]+")


@dataclass(frozen=True)
class Pool:
    """Things of some classes, from which one of the same class is drawn.

    Attributes
    ----------
    things : array
        Class after class.
    first, size : array of int
        Where a class begins, and how many things it has.
    """

    things: Numbers
    first: Numbers
    size: Numbers

    @classmethod
    def of(cls, classes: Sequence[Any]) -> tuple[Pool, Numbers]:
        """Return the pool of things by their class, and the class of each as a number."""
        _, number = np.unique(np.array(classes, dtype=str), return_inverse=True)
        size = np.bincount(number)
        return cls(np.argsort(number, kind="stable"), np.cumsum(size) - size, size), number

    def draw(self, classes: Numbers, random: Random) -> Numbers:
        """Return one thing of each class."""
        return self.things[
            self.first[classes] + (random.random(len(classes)) * self.size[classes]).astype(np.int64)
        ]


class Samples:
    """The heard calls that an archive is made from, as columns."""

    def __init__(self, stores: Sequence[Path]) -> None:
        readers = [StoreReader(store) for store in stores]
        tables = {
            name: pa.concat_tables([t for r in readers for t in r.tables(name)]).select(SCHEMAS[name].names)
            for name in HEARING_TABLES
        }
        self.calls = tables["calls"].combine_chunks()
        if pc.count_distinct(self.calls["call_id"]).as_py() < len(self.calls):
            raise SystemExit(f"{', '.join(map(str, stores))}: a call is in two of them; give it once")
        self.rows, self.bounds = {}, {}
        for name in HEARING_TABLES[:-1]:
            call = pc.index_in(tables[name]["call_id"], value_set=self.calls["call_id"]).to_numpy()
            self.rows[name] = tables[name].take(pa.array(np.argsort(call, kind="stable"))).combine_chunks()
            self.bounds[name] = np.searchsorted(np.sort(call), np.arange(len(self.calls) + 1))
        self.desks = [(text or "").split(";")[0] for text in self.calls["standards"].to_pylist()]
        self._cut_into_pieces()
        self._find_homophones()

    def _cut_into_pieces(self) -> None:
        said = self.rows["utterances"]
        desk = np.repeat(self.desks, np.diff(self.bounds["utterances"]))
        classes, texts, counts = [], [], []
        for of, role, text in zip(desk, said["role"].to_pylist(), said["text"].to_pylist(), strict=True):
            pieces = _PIECE.findall(text) or [text]
            texts += pieces
            classes += [f"{of} {role}"] * len(pieces)
            counts.append(len(pieces))
        self.piece_bounds = np.append(0, np.cumsum(counts))
        self.pieces, self.class_of_piece = Pool.of(classes)
        self.units = np.array([spoken_units(text) for text in texts])
        self.characters = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
        self.character_bounds = np.append(0, np.cumsum([len(text) for text in texts]))

    def _find_homophones(self) -> None:
        self.known = np.array(
            [c for c in np.unique(self.characters) if "\u4e00" <= chr(c) <= "\u9fff"], np.uint32
        )
        self.homophones, self.sound = Pool.of(lazy_pinyin([chr(c) for c in self.known]))


def spread(bounds: Numbers, wanted: Numbers) -> tuple[Numbers, Numbers]:
    """Return the rows of the wanted groups one after the other, and which of the wanted each belongs to."""
    counts = bounds[wanted + 1] - bounds[wanted]
    owner = np.repeat(np.arange(len(wanted)), counts)
    return np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts) + bounds[wanted][
        owner
    ], owner


@dataclass(frozen=True)
class Day:
    """A day of new calls, before their rows are made.

    Attributes
    ----------
    base : array of int
        The sample each call is made from.
    pace, shift_s : array
        Times are multiplied by the first and moved by the second.
    """

    day: date
    base: Numbers
    pace: NDArray[np.float64]
    shift_s: NDArray[np.float64]
    ids: pa.Array
    hashes: pa.Array

    @classmethod
    def of(cls, day: date, calls: int, samples: Samples, random: Random) -> Day:
        """Choose what the day's calls are made from."""
        ids = pa.array([f"{day:%Y%m%d}-{number:06d}" for number in range(calls)])
        digits = random.bytes(32 * calls).hex()
        hashes = pa.array([digits[64 * n : 64 * n + 64] for n in range(calls)])
        base = random.integers(0, len(samples.calls), calls)
        return cls(day, base, random.uniform(0.93, 1.07, calls), random.uniform(0.0, 1.5, calls), ids, hashes)

    def rows(self, samples: Samples, table: str) -> tuple[pa.Table, Numbers]:
        """Return rows of the samples under the new calls' keys, times moved, and whose call each is."""
        places, owner = spread(samples.bounds[table], self.base)
        rows = self.keyed(samples.rows[table], pa.array(places), owner)
        for name in {"start_s", "end_s"} & {*rows.column_names}:
            rows = changed(rows, name, rows[name].to_numpy() * self.pace[owner] + self.shift_s[owner])
        return rows, owner

    def keyed(self, samples: pa.Table, places: pa.Array, owner: Numbers) -> pa.Table:
        """Return rows of a table of samples with the new calls' keys in place of theirs."""
        keys = {"call_id": self.ids, "sha256": self.hashes}
        columns = [
            keys[name].take(pa.array(owner)) if name in keys else samples[name].take(places)
            for name in samples.column_names
        ]
        return pa.Table.from_arrays(columns, schema=samples.schema)


def changed(table: pa.Table, name: str, values: Any) -> pa.Table:
    """Return the table with another column in place of that name; NaN is none."""
    place = table.column_names.index(name)
    return table.set_column(
        place, table.field(name), pa.array(values, table.field(name).type, from_pandas=True)
    )


def calls_of(day: Day, samples: Samples, random: Random) -> pa.Table:
    """Return the rows of ``calls``."""
    count = len(day.base)
    rows = day.keyed(samples.calls, pa.array(day.base), np.arange(count))
    desk = np.unique(samples.desks, return_inverse=True)[1][day.base]
    agent = desk * AGENTS_PER_DESK + random.integers(0, AGENTS_PER_DESK, count)
    shift_h = np.array(SHIFTS_H)[agent % len(SHIFTS_H)]
    second = shift_h * 3600 + random.integers(0, SHIFT_H * 3600, count)
    midnight = datetime(day.day.year, day.day.month, day.day.day, tzinfo=DESK_TIME)
    starts = [midnight + timedelta(seconds=int(s)) for s in second]
    columns = {
        "path": [f"/archive/{call_id}.wav" for call_id in day.ids.to_pylist()],
        "started_at": [start.astimezone(UTC) for start in starts],
        "started_at_local": [start.isoformat() for start in starts],
        "agent_id": [f"A{number:04d}" for number in agent],
        "agent_name": [f"坐席{number:04d}" for number in agent],
        "team": [f"{number // AGENTS_PER_TEAM + 1}组" for number in agent],
        "shift_started_at": [(midnight + timedelta(hours=int(h))).isoformat() for h in shift_h],
        "duration_s": rows["duration_s"].to_numpy() * day.pace + day.shift_s,
    }
    for name, values in columns.items():
        rows = changed(rows, name, values)
    return rows


def utterances_of(day: Day, samples: Samples, random: Random, error_rate: float) -> pa.Table:
    """Return the rows of ``utterances``: some lost, all said a little differently."""
    places, owner = spread(samples.bounds["utterances"], day.base)
    rows, _ = day.rows(samples, "utterances")
    kept = random.random(len(rows)) >= LOST
    kept[np.flatnonzero(np.diff(owner, prepend=-1))] = True  # a call keeps its first words
    rows, places, owner = rows.filter(pa.array(kept)), places[kept], owner[kept]
    texts, units = said_anew(places, owner, samples, random, error_rate)
    first = np.searchsorted(owner, owner)
    columns = {
        "idx": np.arange(len(owner)) - first,
        "text": texts,
        "raw_text": texts,
        "chars": units,
        "speech_s": rows["speech_s"].to_numpy() * day.pace[owner],
        "confidence": np.clip(rows["confidence"].to_numpy() + random.normal(0, 0.02, len(owner)), 0, 1),
        "level_dbfs": rows["level_dbfs"].to_numpy() + random.normal(0, 1, len(owner)),
        "pitch_hz": rows["pitch_hz"].to_numpy() * random.uniform(0.95, 1.05, len(owner)),
    }
    for name, values in columns.items():
        rows = changed(rows, name, values)
    return rows


def said_anew(
    places: Numbers, owner: Numbers, samples: Samples, random: Random, error_rate: float
) -> tuple[list[str], Numbers]:
    """Return new texts for utterances of the samples, and their spoken characters."""
    pieces, utterance = spread(samples.piece_bounds, places)
    other = random.random(len(pieces)) < EXCHANGED
    pieces[other] = samples.pieces.draw(samples.class_of_piece[pieces[other]], random)
    units = np.bincount(utterance, samples.units[pieces], len(places)).astype(np.int64)
    at, piece = spread(samples.character_bounds, pieces)
    characters = samples.characters[at]
    # A call's numbers are other numbers, the same wherever they are said.
    digits = random.permuted(np.tile(np.arange(10, dtype=np.uint32), (int(owner[-1]) + 1, 1)), axis=1)
    number = np.flatnonzero((characters >= ord("0")) & (characters <= ord("9")))
    call = owner[utterance[piece[number]]]
    characters[number] = ord("0") + digits[call, characters[number] - ord("0")]
    place = np.minimum(np.searchsorted(samples.known, characters), len(samples.known) - 1)
    wrong = np.flatnonzero(
        (samples.known[place] == characters) & (random.random(len(characters)) < error_rate)
    )
    heard = samples.homophones.draw(samples.sound[place[wrong]], random)
    anything = random.random(len(wrong)) < RANDOM_CHARACTER
    heard[anything] = random.integers(0, len(samples.known), int(anything.sum()))
    characters[wrong] = samples.known[heard]
    text = characters.astype("<u4").tobytes().decode("utf-32-le")
    ends = np.cumsum(np.bincount(utterance[piece], minlength=len(places))).tolist()
    return [text[start:end] for start, end in zip([0, *ends], ends, strict=False)], units


def measurements_of(day: Day, samples: Samples) -> pa.Table:
    """Return the rows of ``measurements``, as the pace has changed them."""
    rows, owner = day.rows(samples, "measurements")
    value, per_minute = rows["value"].to_numpy(), pc.match_substring(rows["unit"], "/min").to_numpy()
    pace = day.pace[owner]
    value = np.where(
        pc.equal(rows["unit"], "s").to_numpy(), value * pace, np.where(per_minute, value / pace, value)
    )
    return changed(rows, "value", value)


def groups_of(tables: CallTables) -> Iterator[CallTables]:
    """Divide a day into the row groups of a bundle."""
    ids = tables.calls["call_id"]
    # A table's rows are in the order of the calls: where a call's begin is where the code changes.
    owners = {
        table: pc.index_in(getattr(tables, table)["call_id"], value_set=ids.combine_chunks()).to_numpy()
        for table in HEARING_TABLES
    }
    for start in range(0, len(ids), CALLS_PER_GROUP):
        bounds = {t: np.searchsorted(o, (start, start + CALLS_PER_GROUP)).tolist() for t, o in owners.items()}
        yield CallTables(
            **{t: getattr(tables, t).slice(low, high - low) for t, (low, high) in bounds.items()}
        )


def fill(
    out: Path,
    heard: Sequence[Path],
    calls: int,
    *,
    per_day: int = 4000,
    seed: int = 0,
    error_rate: float = ERROR_RATE,
    judged: bool = False,
) -> NDArray[np.uint64]:
    """Write an archive.

    Parameters
    ----------
    out : Path
        A new store.
    heard : sequence of Path
        Stores of heard calls.
    judged : bool
        Write judgements too (benchmarks/archive_judgements.py).

    Returns
    -------
    array of int
        A hash of the text of every utterance.
    """
    samples, hashes = Samples(heard), []
    judgements = Judgements(heard, samples.calls["call_id"]) if judged else None
    store = Store(out)
    with store.writing():
        for number, start in enumerate(range(0, calls, per_day)):
            random = np.random.default_rng((seed, number))
            day = Day.of(FIRST_DAY + timedelta(days=number), min(per_day, calls - start), samples, random)
            tables = CallTables(
                calls=calls_of(day, samples, random),
                utterances=utterances_of(day, samples, random, error_rate),
                events=day.rows(samples, "events")[0],
                measurements=measurements_of(day, samples),
            )
            write_bundle(out, day.day.isoformat(), groups_of(tables))
            for part in judgements.parts(day.base, day.ids, day.hashes, random) if judgements else ():
                store.write_judged(day.day.isoformat(), part)
            hashes.append(pd.util.hash_array(np.array(tables.utterances["text"].to_pylist(), dtype=object)))
    return np.concatenate(hashes)


def distinct(hashes: NDArray[np.uint64]) -> tuple[float, float]:
    """Return how many different texts there are per utterance, and how many of them occur only once."""
    _, times = np.unique(hashes, return_counts=True)
    return len(times) / len(hashes), float(np.sum(times == 1) / len(hashes))


def main() -> None:
    """Write an archive and print how varied it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("heard", type=Path, nargs="+", help="folders of heard calls")
    parser.add_argument("--out", type=Path, required=True, help="folder to write, new")
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--per-day", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--error-rate", type=float, default=ERROR_RATE, help="characters replaced, share")
    parser.add_argument("--judged", action="store_true", help="with judgements that no rulebook has made")
    options = parser.parse_args()
    started, processor = time.perf_counter(), time.process_time()
    hashes = fill(
        options.out,
        options.heard,
        options.calls,
        per_day=options.per_day,
        seed=options.seed,
        error_rate=options.error_rate,
        judged=options.judged,
    )
    took_s, processor_s = time.perf_counter() - started, time.process_time() - processor
    stored = sum(path.stat().st_size for path in options.out.rglob("*.parquet"))
    texts, once = distinct(hashes)
    cost_ms = 1000 * processor_s / options.calls
    print(f"{options.calls} calls in {took_s:.1f} s ({cost_ms:.3f} processor ms per call)")
    print(
        f"{stored / options.calls:.0f} bytes per call; {len(hashes) / options.calls:.1f} utterances per call"
    )
    print(f"different texts per utterance {texts:.3f}; texts that occur only once {once:.3f}")


if __name__ == "__main__":
    main()
