"""What a recording's name tells: metadata, and which party's leg it is.

A pattern is a list of rules; the first whose expression matches decides. Expressions run on RE2, whose time
is linear in the length of the name, so a user's expression cannot hang a night: no look-around and no
back-references. They are searched for in the path relative to what the user pointed at, with ``/`` between
folders and without the extension, so a folder's name can tell something too; anchor with ``^`` and ``$``.

The named groups are the manifest's columns except ``path`` and ``customer_path``, with ``date`` and ``time``
as an alternative to ``started_at``, and ``leg`` for one-channel recordings of one party. Any other name is an
error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline.call import Role
from pipeline.errors import ConfigError, IntakeError
from pipeline.intake.metadata import CELL_NAMES, Cells

GROUPS = (*(name for name in CELL_NAMES if name != "customer_path"), "date", "time", "leg")
_SEPARATORS = "-_. "


@dataclass(frozen=True, slots=True)
class NameRule:
    """One form of file name.

    Attributes
    ----------
    regex : str
        RE2 expression with named groups from ``GROUPS``.
    direction : str
        ``inbound`` or ``outbound`` where this form of name implies it, else empty.
    agent_legs, customer_legs : tuple of str
        What the group ``leg`` reads, in lower case, on the agent's and on the customer's recording.

    Raises
    ------
    ConfigError
        When the expression is not valid, with the position; or a group is unknown or contradicts another.
    """

    regex: str
    direction: str = ""
    agent_legs: tuple[str, ...] = ("agent",)
    customer_legs: tuple[str, ...] = ("customer", "caller")

    def __post_init__(self) -> None:
        """Reject an expression that could not be used."""
        groups = set(_compile(self.regex).groupindex)
        unknown = sorted(groups - set(GROUPS))
        if unknown:
            raise ConfigError(
                f"file-name pattern {self.regex}: unknown group {', '.join(unknown)}; "
                f"expected {', '.join(GROUPS)}"
            )
        if not groups:
            raise ConfigError(
                f"file-name pattern {self.regex} has no named group, such as (?P<agent_id>[0-9]+); "
                f"expected some of {', '.join(GROUPS)}"
            )
        if ("date" in groups) != ("time" in groups):
            raise ConfigError(f"file-name pattern {self.regex}: groups date and time go together")
        if {"date", "started_at"} <= groups:
            raise ConfigError(f"file-name pattern {self.regex}: give started_at, or date and time, not both")
        shared = set(self.agent_legs) & set(self.customer_legs)
        if shared:
            raise ConfigError(
                f"leg {', '.join(sorted(shared))} cannot be both the agent's and the customer's"
            )


@dataclass(frozen=True, slots=True)
class FilePattern:
    """How a telephone system names its files.

    Attributes
    ----------
    name : str
        For messages.
    rules : tuple of NameRule
        Tried in order.
    example : str
        A name that fits, for messages.
    required : bool
        Whether a file whose name fits no rule is a failure; otherwise it is a call without this metadata.
    """

    name: str
    rules: tuple[NameRule, ...]
    example: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class ParsedName:
    """What a name told.

    Attributes
    ----------
    leg : Role or None
        Whose leg the file is; None when it holds the whole call.
    name : str
        The name without what tells legs apart: the same for both legs of a call.
    """

    cells: Cells
    leg: Role | None
    name: str


def _position(regex: str, reason: str) -> int:
    """Locate what RE2 complains about, counting from 1."""
    fragment = reason.partition(": ")[2]
    if fragment and fragment != regex and fragment in regex:
        return regex.index(fragment) + 1
    try:
        re.compile(regex)
    except re.error as error:
        return (error.pos or 0) + 1
    except (RecursionError, OverflowError):  # RE2 has refused it already; only its place is asked for
        return 1
    return 1


@lru_cache(maxsize=256)
def _compile(regex: str) -> Any:
    import re2  # type: ignore[import-untyped,unused-ignore]

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(regex, options)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        reason = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        raise ConfigError(
            f"file-name pattern {regex!r}, position {_position(regex, reason)}: {reason}"
        ) from error


def _without(name: str, start: int, end: int) -> str:
    """Cut ``[start, end)`` and the separator that set it off."""
    before, after = name[:start].rstrip(_SEPARATORS), name[end:]
    if not before or before.endswith("/"):
        after = after.lstrip(_SEPARATORS + "/")
    return (before + after).rstrip("/")


def _party(rule: NameRule, leg: str) -> Role:
    if leg.lower() in rule.agent_legs:
        return Role.AGENT
    if leg.lower() in rule.customer_legs:
        return Role.CUSTOMER
    expected = (
        f"{', '.join(rule.agent_legs)} for the agent's or {', '.join(rule.customer_legs)} for the customer's"
    )
    raise IntakeError(f"leg {leg!r} is not known; expected {expected}")


def parse_name(name: str, *, pattern: FilePattern) -> ParsedName | None:
    """Read a name by a pattern.

    Parameters
    ----------
    name : str
        Relative path without extension, ``/`` between folders.

    Returns
    -------
    ParsedName or None
        None when no rule matches.

    Raises
    ------
    IntakeError
        When the leg is neither the agent's nor the customer's.
    """
    for rule in pattern.rules:
        compiled = _compile(rule.regex)
        match = compiled.search(name)
        if match is None:
            continue
        found = {group: text or "" for group, text in match.groupdict().items()}
        leg = found.pop("leg", "")
        moment = " ".join(filter(None, (found.pop("date", ""), found.pop("time", ""))))
        cells = Cells(**{"started_at": moment, "direction": rule.direction, **found})
        if not leg:
            return ParsedName(cells, None, name)
        shared = _without(name, *match.span(compiled.groupindex["leg"]))
        return ParsedName(cells, _party(rule, leg), shared)
    return None
