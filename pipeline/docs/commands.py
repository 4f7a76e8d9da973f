"""The page of the command line: every command's help as the terminal shows it."""

from __future__ import annotations

from collections.abc import Callable
from inspect import cleandoc
from typing import Any

from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.cli.app import COMMANDS
from pipeline.docs.markdown import code, page, table

# The help is never wider than 80 columns; a narrower terminal must not change the page.
_TERMINAL = {"COLUMNS": "80"}
_EXIT_CODES = (
    ("0", "done"),
    ("1", "some calls failed, the rest is done; of `doctor` and `verify`: something is missing or wrong"),
    ("2", "usage or configuration error"),
    ("3", "unexpected error; `CALLAUDIT_TRACEBACK=1` shows where"),
    ("4", "of `nightly`: its deadline came before its end, the next night goes on"),
    ("5", "stopped: another writer is at work, or the tables cannot be written; the same command goes on"),
)

_Callback = Callable[..., Any]


def commands_page() -> str:
    """Return the page of every command, in the order that help has."""
    commands = _commands()
    overview = table(
        ("command", "what it does"),
        [
            (
                f"[{code(f'callaudit {name}')}](#callaudit-{name.replace(' ', '-')})",
                " ".join(cleandoc(command.__doc__ or "").split()),
            )
            for name, command in commands.items()
        ],
    )
    exits = table(("exit code", "meaning"), _EXIT_CODES)
    sections = [f"## callaudit {name}\n\n```text\n{_help(name)}\n```" for name in commands]
    return page("Command line", app.info.help or "", overview, exits, *sections)


def _commands() -> dict[str, _Callback]:
    """Commands by name in the order that help has; then those of groups."""
    found = {
        command.name or command.callback.__name__: command.callback
        for command in app.registered_commands
        if command.callback is not None
    }
    grouped = {
        f"{group.typer_instance.info.name} {command.name or command.callback.__name__}": command.callback
        for group in app.registered_groups
        if group.typer_instance is not None
        for command in group.typer_instance.registered_commands
        if command.callback is not None
    }
    return {name: found[name] for name in sorted(found, key=COMMANDS.index)} | grouped


def _help(name: str) -> str:
    result = CliRunner().invoke(app, [*name.split(), "--help"], prog_name="callaudit", env=_TERMINAL)
    return "\n".join(line.rstrip() for line in result.stdout.strip().splitlines())
