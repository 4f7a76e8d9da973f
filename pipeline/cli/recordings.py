"""From recordings to stored calls: what ``run`` and ``hear`` have in common."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.cli.app import say
from pipeline.cli.options import Engine
from pipeline.cli.summary import no_rulebook

if TYPE_CHECKING:
    from pipeline.audit import HearingSummary, Progress
    from pipeline.executors import Setup
    from pipeline.intake import Intake
    from pipeline.rulebook import Rulebook
    from pipeline.store import Store

# More threads than this add little to one recogniser; further cores become further workers.
THREADS_PER_WORKER = 4


def find_intake(
    recordings: str, file_names: str | None, timezone: str, books: Sequence[Rulebook] | None, *, quiet: bool
) -> Intake:
    """Find the calls; with an empty list of rulebooks, check those that the calls name before hearing.

    Raises
    ------
    ConfigError
        When calls name rulebooks and none of them exists, or one that exists has errors.
    """
    from pipeline.intake import choose_pattern, find_calls

    pattern = choose_pattern(file_names) if file_names else None
    intake = find_calls(recordings, pattern=pattern, timezone=timezone)
    if books is not None and not books:
        from pipeline.audit import known_standards

        named = sorted({name for record in intake.records for name in record.standards})
        if named and not known_standards(named):
            raise no_rulebook(named)
    for note in () if quiet else intake.notes:
        say(f"note: {note}")
    return intake


def choose_setup(
    engine: Engine,
    weights: str,
    lexicon: str | None,
    tone_plan: str,
    workers: int,
    threads: int,
    *,
    keep_personal_data: bool = False,
) -> tuple[int, Setup]:
    """Share the machine's cores between workers and their threads where the user left it open."""
    from pipeline.executors import Setup
    from pipeline.hearing import HearingOptions
    from pipeline.speech.tone_plans import load_tone_plan
    from pipeline.transcribers.base import TranscriberOptions
    from pipeline.wording.desk_words import DeskWords, load_desk_words

    words = load_desk_words(lexicon) if lexicon else DeskWords()
    plain = TranscriberOptions()
    setup = Setup(
        engine=engine.value,
        weights=weights,
        transcriber=replace(plain, prompt=words.prompt(plain.prompt)),
        hearing=HearingOptions(
            desk_words=words,
            tone_plan=load_tone_plan(tone_plan),
            keep_personal_data=keep_personal_data,
        ),
    )
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    workers = workers or max(1, cores // (threads or THREADS_PER_WORKER))
    threads = threads or max(1, cores // workers)
    return workers, replace(setup, transcriber=replace(setup.transcriber, threads=threads))


def hear_recordings(
    intake: Intake, store: Store, setup: Setup, workers: int, *, quiet: bool, note: Progress
) -> HearingSummary:
    """Hear what is not stored yet, with a progress bar; ``note`` is told each outcome."""
    from pipeline.audit import Outcome, hear_night
    from pipeline.cli.progress import night_progress
    from pipeline.executors import hear_all
    from pipeline.reports.plain import plain_text

    with night_progress(len(intake.records), quiet=quiet) as advance:

        def finished(outcome: Outcome) -> None:
            advance(plain_text(outcome.task.record.call_id))
            note(outcome)

        return hear_night(
            intake.records,
            intake.failures,
            store,
            source=intake.source,
            hearing_key=setup.hearing_key,
            executor=lambda tasks: hear_all(tasks, setup, workers=workers),
            progress=finished,
        )
