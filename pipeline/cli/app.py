"""The ``callaudit`` command and how errors become messages and exit codes.

Exit codes: 0 done, 1 some calls failed, 2 usage or configuration error.
"""

from __future__ import annotations

import sys

import typer

from pipeline import __version__
from pipeline.errors import CallauditError

DONE, SOME_FAILED, USAGE = 0, 1, 2

app = typer.Typer(
    name="callaudit",
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


def main() -> None:
    """Run the command line; errors raised on purpose become one message and exit code 2."""
    try:
        app()
    except CallauditError as error:
        typer.echo(f"callaudit: {error}", err=True)
        sys.exit(USAGE)
