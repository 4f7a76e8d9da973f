"""Two rulebooks compared on stored calls: ``judge --compare``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import DONE, SOME_FAILED, say
from pipeline.reports.plain import counted, plain_json, plain_text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pipeline.audit.comparing import CallComparison, ClauseChange, Comparison
    from pipeline.rulebook import Rulebook
    from pipeline.store import StoreReader

Compare = Annotated[
    str | None,
    typer.Option(
        "--compare",
        help="Write nothing; say what changes from --rulebook, or from the rulebook that this one extends, "
        "to this rulebook.",
        show_default=False,
    ),
]

_SHOWN = {"not_applicable": "n/a", "undetermined": "open", "none": "no rule"}
_CALLS_NAMED = 3
_NAMES_CHARS = 32


def show_comparison(store: StoreReader, books: Sequence[Rulebook], other: str, *, as_json: bool) -> int:
    """Show what changes from the one rulebook in ``books``, or what ``other`` extends, to ``other``.

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    ConfigError
        When it is not clear which two rulebooks to compare, or one has errors.
    """
    from rich.console import Console

    from pipeline.audit.comparing import compare
    from pipeline.errors import ConfigError
    from pipeline.rulebook import load_rulebook

    after = load_rulebook(other)
    if not books and after.extends is None:
        raise ConfigError(f"--compare {other}: it extends no rulebook; give the other one with --rulebook")
    if len(books) > 1:
        raise ConfigError(f"--compare {other}: compares two rulebooks; give --rulebook once")
    before = books[0] if books else load_rulebook(after.extends or "")
    compared = compare(store, before, after, named=() if books else (before.name, after.name))
    if as_json:
        typer.echo(plain_json(json.dumps(comparison_fields(compared), ensure_ascii=False)))
    else:
        for part in comparison_view(compared):
            Console(highlight=False).print(part)
    for reason in compared.unreadable:
        say(f"failed: [store] {reason}")
    return SOME_FAILED if compared.unreadable else DONE


def comparison_view(compared: Comparison) -> Iterator[RenderableType]:
    """Yield what a comparison comes to: clauses, agents, then every call that changes."""
    from rich.padding import Padding
    from rich.text import Text

    changed = [call for call in compared.calls if call.changed]
    before, after = (f"{book.name} ({book.path})" for book in (compared.before, compared.after))
    yield Text(
        plain_text(f"{before} → {after}: {len(changed)} of {counted(len(compared.calls), 'call')} change")
    )
    if not changed:
        return
    yield _clauses(compared)
    yield _agents(compared)
    for call in changed:
        yield Text(
            plain_text(f"{call.call_id}  {call.agent_id or '–'}  {call.call_date}  {_scores(call)}"), "bold"
        )
        for change in call.changes:
            for indent, line in enumerate(_change(change), start=1):
                yield Padding(Text(plain_text(line)), (0, 0, 0, 2 * min(indent, 2)), expand=False)


def comparison_fields(compared: Comparison) -> dict[str, object]:
    """Return a comparison for programs: agents, and the calls that change."""
    return {
        "before": {"name": compared.before.name, "content_hash": compared.before.content_hash},
        "after": {"name": compared.after.name, "content_hash": compared.after.content_hash},
        "calls": len(compared.calls),
        "unreadable": compared.unreadable,
        "agents": [asdict(agent) for agent in compared.agents()],
        "changed": [asdict(call) for call in compared.calls if call.changed],
    }


def _clauses(compared: Comparison) -> RenderableType:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for head in ("clause", "before → after", "calls", "such as", "title"):
        # Ids of calls and titles have any length: they fold, so that verdicts keep their room.
        table.add_column(head, overflow="fold", no_wrap=head in ("clause", "before → after", "calls"))
    for clause, before, after, calls in compared.clauses():
        rule = compared.after.rule(clause) or compared.before.rule(clause)
        row = (clause, _arrow(before, after), str(len(calls)), _named(calls), rule.title if rule else "")
        table.add_row(*_texts(row))
    return table


def _named(calls: Sequence[CallComparison]) -> str:
    """Name the first calls, only one where ids are long: all of them follow below the table."""
    names = [call.call_id for call in calls[:_CALLS_NAMED]]
    together = ", ".join(names)
    return together if len(together) <= _NAMES_CHARS else names[0]


def _agents(compared: Comparison) -> RenderableType:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for head in ("agent", "calls", "changed", "mean before", "mean after"):
        table.add_column(head, justify="left" if head == "agent" else "right")
    for a in compared.agents():
        row = (a.agent_id or "–", str(a.calls), str(a.changed), _number(a.before), _number(a.after))
        table.add_row(*_texts(row))
    return table


def _texts(cells: tuple[str, ...]) -> list[str]:
    from rich.markup import escape

    return [escape(plain_text(cell)) for cell in cells]


def _scores(call: CallComparison) -> str:
    return f"{_number(call.before.score)} → {_number(call.after.score)}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _arrow(before: str, after: str) -> str:
    return f"{_SHOWN.get(before, before)} → {_SHOWN.get(after, after)}"


def _change(change: ClauseChange) -> list[str]:
    """Say a change, and its reasons in lines of their own."""
    before, after = (found.reason if found else "" for found in (change.before, change.after))
    lines = [f"{change.rule_id} {_arrow(*change.verdicts)}"]
    if before == after:
        return [*lines, before]
    return [*lines, *(f"{when}: {reason}" for when, reason in (("was", before), ("now", after)) if reason)]
