"""Options that say which stored calls a command is about."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from pipeline.errors import ConfigError

FirstDay = Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.", show_default=False)]
LastDay = Annotated[str | None, typer.Option("--until", help="Last day, YYYY-MM-DD.", show_default=False)]
Standards = Annotated[
    list[str] | None,
    typer.Option(
        "--standard",
        help="Only findings under this rulebook; may be repeated. Without it all of them.",
        show_default=False,
    ),
]
OwnRulebooks = Annotated[
    list[str] | None,
    typer.Option(
        "--rulebook",
        help="Rulebook file of your own, for the titles of its clauses; may be repeated.",
        show_default=False,
    ),
]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_period(first: str | None, last: str | None) -> tuple[str | None, str | None]:
    """Return the first and the last day.

    Raises
    ------
    ConfigError
        When one is no day, or the last is before the first.
    """
    for option, text in (("--from", first), ("--until", last)):
        if text is not None and not _DAY.fullmatch(text):
            raise ConfigError(f"{option} is {text!r}; expected a day as YYYY-MM-DD")
    if first and last and last < first:
        raise ConfigError(f"--until {last} is before --from {first}; expected a day from then on")
    return first, last
