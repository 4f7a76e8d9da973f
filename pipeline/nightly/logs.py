"""The log of a night: events with fields, one a line, and never text, names or numbers of a call.

A call appears as a hash of its id, as it does in the names of part files: a recording's name may hold a
caller's number.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Literal, TextIO

import structlog

from pipeline.store.files import make_private, writing

LogFormat = Literal["json", "text"]
Log = Any
"""A structlog logger: ``log.info(event, field=value)``."""


def log_file(folder: Path, day: date) -> Path:
    """Return the log of a day."""
    return folder / f"night-{day.isoformat()}.log"


@contextmanager
def night_log(path: Path | None, form: LogFormat) -> Iterator[Log]:
    """Open a log for its owner only, appended to; standard error where ``path`` is None.

    Raises
    ------
    WriteError
        When it cannot be opened.
    """
    if path is None:
        yield _logger(sys.stderr, form)
        return
    # The folder that holds that of the logs may be that of the tables.
    make_private(path.parent, root=path.parent.parent)
    with writing(path):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        yield _logger(file, form)


def silent_log() -> Log:
    """Return a log that nobody reads."""
    return structlog.wrap_logger(structlog.ReturnLogger(), processors=[_drop])


def _drop(_logger: object, _name: str, _event: object) -> Any:
    raise structlog.DropEvent


def _logger(file: TextIO, form: LogFormat) -> Log:
    render: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"])
    )
    return structlog.wrap_logger(
        structlog.WriteLogger(file),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger("info"),
    )
