"""The ``calibrate`` command: the audit beside careful graders."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import DONE, app, say
from pipeline.cli.options import Json, Out, Rulebooks

if TYPE_CHECKING:
    from pipeline.calibration import Calibration, Label, Sweep
    from pipeline.call import Call, Verdict
    from pipeline.rulebook import Rulebook
    from pipeline.store import StoreReader

Labels = Annotated[
    Path,
    typer.Argument(
        help="CSV with columns call_id, rule_id and verdict; call_date, standard and grader where needed.",
        show_default=False,
    ),
]
Sweeps = Annotated[
    list[str] | None,
    typer.Option(
        "--sweep",
        help="Try other values of a clause's option: OPS-01.at_most, or OPS-25.every_s=10,15,20. May be "
        "repeated. Without it, bounds of labelled clauses on measures are tried.",
        show_default=False,
    ),
]
Clips = Annotated[
    Path | None,
    typer.Option(
        "--clips",
        help="Also cut the evidence of disagreements as MP3 files into this folder, under day and id.",
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True)
class Wanted:
    """An option of a clause to sweep; without values, those that part the measured calls."""

    rule_id: str
    option: str
    values: tuple[float, ...] = ()


@app.command()
def calibrate(
    labels: Labels,
    out: Out,
    rulebook: Rulebooks = None,
    sweep: Sweeps = None,
    clips: Clips = None,
    as_json: Json = False,
) -> None:
    """Compare stored verdicts with those of careful graders, clause by clause."""
    from rich.console import Console

    from pipeline.calibration import calibrate as compare
    from pipeline.calibration import stored_findings
    from pipeline.calibration.labels import read_graded
    from pipeline.reports.calibration import calibration_view
    from pipeline.reports.plain import counted, plain_text
    from pipeline.store import StoreReader

    wanted = [_wanted(text) for text in sweep or ()]
    graded, waiting = read_graded(labels)
    store = StoreReader(out)
    calibration = compare(graded, stored_findings(store, graded))
    swept = _sweep(store, calibration, graded, wanted, rulebook or ())
    if as_json:
        typer.echo(json.dumps(_fields(calibration, swept), ensure_ascii=False))
    else:
        Console(highlight=False).print(calibration_view(calibration, swept))
    for path in _cut(store, calibration, clips) if clips else ():
        typer.echo(plain_text(path), err=as_json)
    if waiting:
        say(f"note: {counted(waiting, 'row')} without a verdict, passed over: nobody has graded them yet")
    for why in store.damaged_ledger().values():
        say(f"note: no figure here rests on it, but {why}")
    raise typer.Exit(DONE)


def _wanted(text: str) -> Wanted:
    from pipeline.errors import ConfigError

    name, _, values = text.partition("=")
    rule_id, dot, option = name.rpartition(".")
    try:
        numbers = tuple(float(v) for v in values.split(",")) if values else ()
    except ValueError:
        numbers, dot = (), ""
    if not dot or not rule_id or not option:
        raise ConfigError(f"--sweep {text}: expected CLAUSE.OPTION or CLAUSE.OPTION=10,15,20")
    return Wanted(rule_id, option, numbers)


def _sweep(
    store: StoreReader,
    calibration: Calibration,
    labels: Sequence[Label],
    wanted: Sequence[Wanted],
    named: Sequence[str],
) -> list[Sweep]:
    """Sweep what was asked for, or the bounds of all labelled clauses on measures."""
    from pipeline.calibration import sweep_clause
    from pipeline.calibration.sweeps import swept_options
    from pipeline.errors import ConfigError
    from pipeline.rulebook import load_rulebook, shipped_rulebooks

    known = {c.standard for c in calibration.clauses} & set(shipped_rulebooks())
    books = [load_rulebook(name) for name in named or sorted(known)]
    jobs: list[tuple[Rulebook, Wanted]] = []
    for one in wanted:
        fitting = [book for book in books if book.rule(one.rule_id)]
        if not fitting:
            raise ConfigError(
                f"--sweep {one.rule_id}: no such clause; --rulebook names the rulebook that has it"
            )
        jobs += [(book, one) for book in fitting]
    if not wanted:
        labelled = {(c.standard, c.rule_id) for c in calibration.clauses if c.fails}
        jobs = [
            (book, Wanted(rule.id, option))
            for book in books
            for rule in book.rules
            if (book.name, rule.id) in labelled
            for option in swept_options(rule)
        ]
    calls = _labelled_calls(store, labels) if jobs else []
    return [
        sweep_clause(calls, _truth(labels, book, one), book, one.rule_id, one.option, one.values)
        for book, one in jobs
    ]


def _labelled_calls(store: StoreReader, labels: Sequence[Label]) -> list[Call]:
    ids = {label.call_id for label in labels}
    return [call for call in store.read_calls() if call.record.call_id in ids]


def _truth(labels: Sequence[Label], book: Rulebook, wanted: Wanted) -> dict[str, Verdict]:
    from pipeline.calibration.clauses import DECIDED

    return {
        label.call_id: label.verdict
        for label in labels
        if label.rule_id == wanted.rule_id
        and label.standard in (None, book.name)
        and label.verdict in DECIDED
    }


def _cut(store: StoreReader, calibration: Calibration, folder: Path) -> Iterator[Path]:
    """Cut what disagreements rest on, a call's all at once."""
    from pipeline.call import Verdict
    from pipeline.reports.clips import clips_folder, cut_evidence, plan_clips

    findings = defaultdict(list)
    for clause in calibration.clauses:
        for one in clause.disagreements:
            if one.judged is not None:
                findings[one.judged.call_date, one.judged.call_id].append(one.judged.finding)
    for (call_date, call_id), disputed in findings.items():
        call = store.read_call(call_id, call_date=call_date)
        clips = plan_clips(call, disputed, verdicts=tuple(Verdict))
        yield from cut_evidence(call, clips, folder / clips_folder(call_date, call_id))


def _fields(calibration: Calibration, swept: Sequence[Sweep]) -> dict[str, object]:
    return {**asdict(calibration), "sweeps": [asdict(sweep) for sweep in swept]}
