"""From recordings to stored calls: what ``run`` and ``hear`` have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.cli.app import say
from pipeline.cli.options import Engine, Where
from pipeline.cli.summary import no_rulebook

if TYPE_CHECKING:
    from pipeline.audit import HearingSummary, Progress
    from pipeline.executors import Cluster, Setup
    from pipeline.intake import Intake
    from pipeline.nightly.auditing import Batch
    from pipeline.rulebook import Rulebook
    from pipeline.store import Store


def find_intake(
    recordings: str,
    file_names: str | None,
    timezone: str,
    books: Sequence[Rulebook] | None,
    *,
    quiet: bool,
    follow_links: bool = False,
) -> Intake:
    """Find the calls; with an empty list of rulebooks, check those that the calls name before hearing.

    Raises
    ------
    ConfigError
        When calls name rulebooks and none of them exists, or one that exists has errors.
    """
    from pipeline.intake import choose_pattern, find_calls

    pattern = choose_pattern(file_names) if file_names else None
    intake = find_calls(recordings, pattern=pattern, timezone=timezone, follow_links=follow_links)
    if books is not None and not books:
        from pipeline.audit import known_standards

        named = sorted({name for record in intake.records for name in record.standards})
        if named and not known_standards(named):
            raise no_rulebook(named)
        if not named and intake.records and not quiet:
            say(
                "note: no rulebook is given with --rulebook and no call names a standard: calls are heard "
                "and stored, not judged"
            )
    for note in () if quiet else intake.notes:
        say(f"note: {note}")
    return intake


def choose_cluster(
    executor: Where, address: str | None, workers: int, gpus_per_worker: float
) -> Cluster | None:
    """Return the cluster to hear on; None for this machine.

    Raises
    ------
    ConfigError
        When a cluster is described that is not asked for.
    """
    from pipeline.errors import ConfigError
    from pipeline.executors import Cluster

    if executor is Where.RAY:
        return Cluster(address, workers, gpus_per_worker)
    for option, given in (("--address", address), ("--gpus-per-worker", gpus_per_worker)):
        if given:
            raise ConfigError(f"{option} {given} is for --executor ray, which was not asked for")
    return None


def choose_setup(
    engine: Engine,
    weights: str,
    lexicon: str | None,
    tone_plan: str,
    workers: int,
    threads: int,
    *,
    rulebooks: Sequence[str] = (),
    profile: bool = False,
    call_limit_s: float | None = None,
    calls: int,
    cluster: Cluster | None = None,
    keep_personal_data: bool = False,
) -> tuple[int, Setup]:
    """Return the number of workers, and how they hear.

    On a cluster a worker has one thread unless the user wants more: cores serve best as a worker each.
    """
    from pipeline.nightly.auditing import make_setup, shared_cores
    from pipeline.speech.tone_plans import load_tone_plan
    from pipeline.wording.desk_words import DeskWords, load_desk_words

    words = load_desk_words(lexicon) if lexicon else DeskWords()
    plan = load_tone_plan(tone_plan)
    if cluster is None:
        workers, threads = shared_cores(workers, threads, calls=calls, weights=weights)
    else:
        threads = threads or 1
    setup = make_setup(
        engine.value,
        weights,
        words,
        plan,
        threads=threads,
        rulebooks=rulebooks,
        profile=profile,
        call_limit_s=call_limit_s,
        keep_personal_data=keep_personal_data,
        device="cuda" if cluster is not None and cluster.gpus_per_worker else "cpu",
    )
    return workers, setup


def hear_recordings(
    batches: Sequence[Batch],
    store: Store,
    workers: int,
    cluster: Cluster | None = None,
    *,
    quiet: bool,
    note: Progress,
) -> tuple[HearingSummary, ...]:
    """Hear what is not stored yet, with a progress bar; ``note`` is told each outcome."""
    from pipeline.audit import Outcome
    from pipeline.cli.progress import night_progress
    from pipeline.nightly.auditing import hear
    from pipeline.reports.plain import plain_text

    with night_progress(sum(len(b.intake.records) for b in batches), quiet=quiet) as advance:

        def finished(outcome: Outcome) -> None:
            advance(plain_text(outcome.task.record.call_id))
            note(outcome)

        return hear(batches, store, workers=workers, cluster=cluster, progress=finished)
