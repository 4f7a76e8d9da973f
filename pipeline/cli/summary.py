"""What the commands that write say at their end."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from pipeline.cli.app import program, say
from pipeline.reports.plain import counted

MANY_FAILURES = 20
"""More than these scroll away what a person came to read."""

FAILURE_CHARS = 1000

if TYPE_CHECKING:
    from pipeline.audit import HearingSummary, JudgingSummary
    from pipeline.call import Failure
    from pipeline.errors import ConfigError
    from pipeline.store import Store


def heard_line(heard: HearingSummary) -> str:
    """What hearing did, in a line."""
    parts = [f"heard {counted(heard.heard, 'call')} ({heard.audio_s / 60:.1f} min)"]
    if heard.known:
        parts.append(f"{heard.known} already stored")
    if heard.failures:
        parts.append(f"{len(heard.failures)} failed")
    return ", ".join(parts)


def heard_fields(heard: HearingSummary) -> dict[str, object]:
    """What hearing did, for programs: the failures counted and listed."""
    return {**asdict(heard), "failed": len(heard.failures)}


def judged_line(judged: JudgingSummary) -> str:
    """What judging did, in a line."""
    line = f"made {counted(judged.judgements, 'judgement')}"
    if judged.to_review:
        line += f", {judged.to_review} of them without a score: heard too badly, or too little decided"
    if judged.without_rulebook:
        line += f"; {judged.without_rulebook} calls name no standards and none was given with --rulebook"
    return line


def print_night(store: Store, heard: HearingSummary, judged: JudgingSummary) -> None:
    """Show scorecards, what was done, where it is, and what failed."""
    from pipeline.rulebook import shipped_rulebooks

    print_scorecards(store, ["agent_id"])
    typer.echo(f"{heard_line(heard)}; {judged_line(judged)}")
    typer.echo(f"tables: {store.out}/<table>/call_date=YYYY-MM-DD/part-*.parquet")
    out = shlex.quote(str(store.out))
    worth_a_look = _lowest(store)
    if judged.without_rulebook and not judged.judgements:
        names = ", ".join(shipped_rulebooks())
        say(f"next:   {program()} judge {out} --rulebook NAME, one of {names} or a file")
    elif worth_a_look:
        say(f"next:   {program()} show {shlex.quote(worth_a_look)} --out {out}")
    print_failures(heard.failures, store)
    print_unjudged(judged)


def _lowest(store: Store) -> str | None:
    """The call with the lowest score, or the first one when none is scored."""
    for table, order in (("scores", ["score", "call_id"]), ("calls", ["call_id"])):
        if store.dates(table):
            rows = store.frame(table).sort_values(order)
            return str(rows["call_id"].iloc[0])
    return None


def print_scorecards(store: Store, groups: Sequence[str]) -> None:
    """Show the stored scorecards, added up by ``groups``."""
    from rich.console import Console

    from pipeline.nightly import auditing
    from pipeline.reports.terminal import scorecard_table

    if store.dates("scorecards"):
        Console().print(scorecard_table(auditing.stored_scorecards(store, groups)))


def print_mended(store: Store) -> None:
    """Say what an earlier run left, and which damaged parts were set aside."""
    if store.stopped is not None:
        say(f"note: the last run was stopped ({store.stopped}); this one went on from there")
    for path in store.set_aside():
        say(f"note: a damaged part was set aside as {path}; what it held was made anew")


def print_failures(failures: Sequence[Failure], store: Store) -> None:
    """Say what failed, as `failure_lines` does, on standard error."""
    others = f"each with its reason is in the table {store.out / 'failures'} and in what --json prints"
    for line in failure_lines(failures, others):
        say(line)


def failure_lines(failures: Sequence[Failure], others: str) -> Iterator[str]:
    """Yield what failed, an input a line: of many the first, and where the others are."""
    for failure in failures[:MANY_FAILURES]:
        where = "" if failure.path in failure.reason else f"{failure.path}: "
        yield f"failed: [{failure.stage}] {shorten_middle(f'{where}{failure.reason}')}"
    if len(failures) > MANY_FAILURES:
        yield f"failed: {len(failures) - MANY_FAILURES} more, {len(failures)} in all; {others}"


def shorten_middle(text: str) -> str:
    """Return a text as long as a message may be: names and cells of a recording's sender have any length."""
    if len(text) <= FAILURE_CHARS:
        return text
    half = FAILURE_CHARS // 2
    return f"{text[:half]} … {text[-half:]}"


def print_unjudged(judged: JudgingSummary) -> None:
    """Say which calls could not be read back, and which standards have no rulebook."""
    from pipeline.rulebook import shipped_rulebooks

    for reason in judged.unreadable:
        say(f"failed: [store] {reason}")
    if judged.unknown_standards:
        say(
            f"note: {judged.calls_of_unknown_standards} calls name standards without a rulebook, which were "
            f"passed over: {', '.join(judged.unknown_standards)}; known are {', '.join(shipped_rulebooks())}"
        )


def no_rulebook(names: Sequence[str]) -> ConfigError:
    """Return the error that none of the standards ``names`` has a rulebook."""
    from pipeline.errors import ConfigError
    from pipeline.rulebook import shipped_rulebooks

    return ConfigError(
        f"the calls' standards name {', '.join(names)}, and there is no such rulebook; known are "
        f"{', '.join(shipped_rulebooks())}: give one with --rulebook"
    )
