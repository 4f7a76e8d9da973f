"""Commands that only look: show, doctor, evaluate."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import DONE, SOME_FAILED, app
from pipeline.cli.options import Json, Out, Stored
from pipeline.cli.periods import OwnRulebooks
from pipeline.errors import StoreError

if TYPE_CHECKING:
    from pipeline.store import StoreReader

# So many calls are named that a wrong id may mean.
_NAMED = 3


@app.command()
def show(
    call_id: Annotated[str, typer.Argument(help="The call's id.", show_default=False)],
    out: Out,
    date: Annotated[
        str | None,
        typer.Option(
            "--date",
            help="Day of the call, YYYY-MM-DD or unknown, where its id comes on several.",
            show_default=False,
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also list what passed, with reasons, and what was not applicable.")
    ] = False,
    rulebooks: OwnRulebooks = None,
    clips: Annotated[
        Path | None,
        typer.Option(
            "--clips",
            help="Also cut the evidence of fails and open verdicts as MP3 files into this folder, under the "
            "call's day and id.",
        ),
    ] = None,
) -> None:
    """Show one call: timeline, transcript, findings, score."""
    from rich.console import Console

    from pipeline.reports.plain import plain_text
    from pipeline.reports.terminal import call_view
    from pipeline.store import StoreReader

    store = StoreReader(out)
    store.expect_store()
    try:
        call = store.read_call(call_id, call_date=date)
    except StoreError as error:
        raise StoreError(f"{error}{_failed(store, call_id) or _meant(store, call_id)}") from error
    judgements = store.judgements_of(call)
    findings = [finding for judgement in judgements for finding in judgement.findings]
    scores = [judgement.score for judgement in judgements]
    titles = _titles([score.standard for score in scores], rulebooks or ())
    Console(highlight=False).print(call_view(call, findings, scores, titles=titles, everything=everything))
    if clips is not None:
        from pipeline.reports.clips import clips_folder, cut_evidence, plan_clips

        folder = clips / clips_folder(call.record.call_date, call.record.call_id)
        for path in cut_evidence(call, plan_clips(call, findings), folder):
            typer.echo(plain_text(path))


def _failed(store: StoreReader, call_id: str) -> str:
    """Return why the recording of that name failed, for a message; otherwise nothing."""
    found = (failure for failure in store.failures() if Path(failure.path).stem == call_id)
    failure = next(found, None)
    return "" if failure is None else f"; {failure.path} failed at {failure.stage}: {failure.reason}"


def _meant(store: StoreReader, call_id: str) -> str:
    """Return which stored call an id that is not stored may mean, for a message; otherwise nothing."""
    ids: set[str] = set()
    for day in store.dates():
        with suppress(StoreError):
            ids.update(store.table("calls", day, columns=["call_id"])["call_id"].to_pylist())
    if call_id in ids:
        return ""
    begun = sorted(known for known in ids if known.startswith(call_id))
    near = begun[:_NAMED] or get_close_matches(call_id, sorted(ids), n=_NAMED)
    more = f" and {len(begun) - _NAMED} more" if len(begun) > _NAMED else ""
    return f"; did you mean {', '.join(near)}{more}?" if near else ""


def _titles(standards: list[str], rulebooks: Sequence[str]) -> dict[str, str]:
    """Clause titles of the given and shipped rulebooks among ``standards``; others are shown by id alone."""
    from pipeline.rulebook import load_rulebook, shipped_rulebooks

    given = {book.name: book for book in map(load_rulebook, rulebooks)}
    shipped = set(shipped_rulebooks()) - set(given)
    books = [given.get(n) or load_rulebook(n) for n in standards if n in given or n in shipped]
    return {rule.id: rule.title for book in books for rule in book.rules}


@app.command()
def doctor(
    weights: Annotated[str, typer.Option("--weights", help="Weights to look for and verify.")] = "base",
    as_json: Json = False,
) -> None:
    """Say what is installed.

    Also which weights are found, and what is missing.
    """
    from pipeline.cli.health import examine
    from pipeline.reports.plain import plain_text

    findings = examine(weights)
    if as_json:
        typer.echo(json.dumps([{"part": f.part, "ok": f.ok, "detail": f.detail} for f in findings]))
    else:
        for finding in findings:
            typer.echo(
                f"{'ok     ' if finding.ok else 'MISSING'}  {finding.part:<18} {plain_text(finding.detail)}"
            )
    raise typer.Exit(DONE if all(f.ok for f in findings) else SOME_FAILED)


@app.command()
def evaluate(
    out: Stored,
    truth: Annotated[Path, typer.Option("--truth", help="Folder of labelled calls (CALL_ID.json).")],
    clauses: Annotated[
        list[str] | None, typer.Option("--clause", help="Judge only these clauses; may be repeated.")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--form", help="Only calls recorded as stereo, mono, leak or dual.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="List every verdict that differs.")] = False,
    as_json: Json = False,
) -> None:
    """Measure stored tables against exact truth.

    Times, pace, words and verdicts.
    """
    from pipeline import evaluation
    from pipeline.reports.plain import plain_json

    result = evaluation.evaluate(out, truth, clauses=clauses, form=form)
    if as_json:
        typer.echo(plain_json(result.to_json()))
        return
    from rich.console import Console

    from pipeline.evaluation import report

    console = Console()
    console.print(report.measures_table(result))
    if verbose:
        console.print(report.details_table(result))
        console.print(report.clauses_table(result))
        console.print(report.disagreements_table(result.disagreements))
