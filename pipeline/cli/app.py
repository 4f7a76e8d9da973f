"""The ``callaudit`` command and how errors become messages and exit codes.

Exit codes: 0 done, 1 some calls failed, 2 usage or configuration error, 3 an error that nobody expected, 4 a
night cut by its deadline, 5 stopped because another writer is at work or the tables cannot be written (the
same command goes on from there).
With ``CALLAUDIT_TRACEBACK=1`` in the environment, the last is shown with its traceback.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import traceback
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from pipeline import __version__
from pipeline.errors import CallauditError, LockedError, WriteError
from pipeline.reports.plain import plain_text

DONE, SOME_FAILED, USAGE, UNEXPECTED = 0, 1, 2, 3
STOPPED = 5

COMMANDS = (
    *("run", "hear", "judge", "scorecards", "show", "report", "workbook", "review", "rules"),
    *("sample", "calibrate", "evaluate", "nightly", "purge", "status", "verify", "doctor"),
)
"""Every command and group in the order of help and documentation, whichever module is imported first."""


class _InOrder(TyperGroup):
    # Releases of typer differ in where the class of a context comes from.
    def list_commands(self, ctx: Any) -> list[str]:
        return sorted(super().list_commands(ctx), key=COMMANDS.index)


app = typer.Typer(
    name="callaudit",
    cls=_InOrder,
    help="Audit recorded customer-service calls offline: hear, judge, score.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"callaudit {__version__}")
        raise typer.Exit


@app.callback()
def callaudit(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    """Audit recorded customer-service calls offline: hear, judge, score."""


def say(message: object, *, lines: bool = False) -> None:
    """Print a message on standard error; what it quotes from outside cannot command the terminal."""
    typer.echo(plain_text(message, lines=lines), err=True)


def program() -> str:
    """Return how this command was called, for messages that say what to type next.

    A command that was started by its path, such as ``.venv/bin/callaudit``, may not be found by its name.
    """
    called = sys.argv[0]
    if Path(called).name != "callaudit":
        return "callaudit"
    found = shutil.which("callaudit")
    by_name = found is not None and Path(found).absolute() == Path(called).absolute()
    return "callaudit" if by_name else shlex.quote(called)


def main() -> None:
    """Run the command line; errors become one message and an exit code."""
    try:
        app()
    except (LockedError, WriteError) as error:
        say(f"callaudit: stopped: {error}", lines=True)
        sys.exit(STOPPED)
    except CallauditError as error:
        say(f"callaudit: {error}", lines=True)
        sys.exit(USAGE)
    except Exception as error:
        if os.environ.get("CALLAUDIT_TRACEBACK") == "1":
            say(traceback.format_exc(), lines=True)
        say(
            f"callaudit: unexpected {type(error).__name__}: {error}; this is a defect, please report it "
            "with the traceback that CALLAUDIT_TRACEBACK=1 shows"
        )
        sys.exit(UNEXPECTED)
