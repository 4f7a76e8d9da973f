"""Listening again where a rulebook's wording was nearly said, while the call is being heard."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.audit.judging import known_standards
from pipeline.call import Call
from pipeline.hearing import Hearing
from pipeline.profiling import Stage, stage
from pipeline.rulebook import doubtful_wording, load_rulebook


def listen_again(hearing: Hearing, call: Call, rulebooks: Sequence[str]) -> Call:
    """Return the call with the readings that judging it will ask for.

    Parameters
    ----------
    hearing : Hearing
    call : Call
        Just heard.
    rulebooks : sequence of str
        Names or files; when empty, those that the call's desk works under.

    Raises
    ------
    ConfigError
        When a rulebook does not exist or has errors.
    """
    with stage(Stage.STARTING):
        books = [load_rulebook(name) for name in rulebooks] or known_standards(call.record.standards).values()
    with stage(Stage.LISTENING_AGAIN):
        asked = [match for book in books for match in doubtful_wording(call, book)]
        return hearing.listen_again(call, asked)
