"""The file names telephone systems write.

``asterisk``
    Asterisk, FreePBX and Issabel: ``prefix-number-number-YYYYMMDD-HHMMSS-uniqueid``. FreePBX's dialplan puts
    the called number first and the calling one second. The prefix gives the direction and tells which of the
    two is the agent's extension:

    ============================  =========  ====================================================
    prefix                        direction  agent_id
    ============================  =========  ====================================================
    out                           outbound   second number: the extension that dialled
    external                      inbound    first number: the extension that was called
    in, q, rg, generic            inbound    second number if it is an extension and the first is
                                             not (``in-<caller>-<extension>``); FreePBX's own
                                             ``in-<line>-<caller>`` and ``q-<queue>-<caller>`` do
                                             not name the extension
    exten, internal, any other    none       whichever number alone is an extension
    ============================  =========  ====================================================

    An extension has 2 to 6 digits, and for ``in`` and the like the other number 7 or more, so that a queue
    or a five-digit service number is not taken for an agent. Legs ``-in``/``-out`` may follow.
``aws-post-call``
    The AWS post-call analytics sample: ``…_GUID_id_AGENT_name_DT_YYYY-MM-DDTHH-MM-SS``, also with
    ``DATETIME`` and further fields. The name is the agent's id and name.
``in-out``
    Asterisk's Monitor: ``-in`` holds what was received from the monitored channel, the one that dialled; on
    an inbound desk that is the customer. ``-out`` holds what was sent to it: the agent.
``in-out-outbound``
    The same where agents dial: ``-in`` is the agent.
``agent-caller``
    ``_agent`` with ``_caller`` or ``_customer``.

Names are matched in any case. The three presets for legs leave a file without such an ending a whole call.
"""

from __future__ import annotations

from pipeline.errors import ConfigError
from pipeline.intake.filenames import FilePattern, NameRule

_START = r"(?i)(?:^|/)"
_EXTENSION = r"(?P<agent_id>[0-9]{2,6})"
_LONG = r"\+?[0-9*#]{7,}"
_ANY = r"[^-/]*"
_WHEN = r"-(?P<date>[0-9]{8})-(?P<time>[0-9]{6})-(?:[^-/]+-)?[0-9]+\.[0-9]+(?:[-_](?P<leg>in|out))?$"

# The agent's and the customer's legs: whose is which depends on who dialled.
_CUSTOMER_DIALLED = (("out",), ("in",))
_AGENT_DIALLED = (("in",), ("out",))
_MONITOR = r"(?i)[-_.](?P<leg>in|out)$"


def _asterisk(numbers: str, *, prefix: str, direction: str) -> NameRule:
    legs = _AGENT_DIALLED if direction == "outbound" else _CUSTOMER_DIALLED
    return NameRule(f"{_START}(?:{prefix})-{numbers}{_WHEN}", direction, *legs)


_QUEUED = "in|q|rg|generic"
_OTHER = "[a-z][a-z0-9_]*"

PRESETS: tuple[FilePattern, ...] = (
    FilePattern(
        "asterisk",
        (
            _asterisk(f"{_ANY}-{_EXTENSION}", prefix="out", direction="outbound"),
            _asterisk(f"{_ANY}-{_ANY}", prefix="out", direction="outbound"),
            _asterisk(f"{_EXTENSION}-{_ANY}", prefix="external", direction="inbound"),
            _asterisk(f"{_LONG}-{_EXTENSION}", prefix=f"external|{_QUEUED}", direction="inbound"),
            _asterisk(f"{_ANY}-{_ANY}", prefix=f"external|{_QUEUED}", direction="inbound"),
            _asterisk(f"{_EXTENSION}-{_LONG}", prefix=_OTHER, direction=""),
            _asterisk(f"{_LONG}-{_EXTENSION}", prefix=_OTHER, direction=""),
            _asterisk(f"{_ANY}-{_ANY}", prefix=_OTHER, direction=""),
        ),
        example="out-13800001111-8001-20261009-091230-1791508350.42.wav",
    ),
    FilePattern(
        "aws-post-call",
        (
            NameRule(
                r"(?i)(?:^|[/_])AGENT_(?P<agent_id>(?P<agent_name>[^_/]+))_(?:[^/]*_)?(?:DT|DATETIME)_"
                r"(?P<started_at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}-[0-9]{2}-[0-9]{2})(?:_[^/]*)?$"
            ),
        ),
        example="Auto1_GUID_102_AGENT_ChrisL_DT_2022-03-22T12-23-49.wav",
    ),
    FilePattern(
        "in-out",
        (NameRule(_MONITOR, "", *_CUSTOMER_DIALLED),),
        example="1791508350.42-in.wav with 1791508350.42-out.wav",
        required=False,
    ),
    FilePattern(
        "in-out-outbound",
        (NameRule(_MONITOR, "outbound", *_AGENT_DIALLED),),
        example="1791508350.42-in.wav with 1791508350.42-out.wav",
        required=False,
    ),
    FilePattern(
        "agent-caller",
        (NameRule(r"(?i)[-_.](?P<leg>agent|caller|customer)$"),),
        example="20261009_001_agent.wav with 20261009_001_caller.wav",
        required=False,
    ),
)


def choose_pattern(text: str) -> FilePattern:
    """Return the preset of that name, or a pattern of one rule when the text is an expression.

    Parameters
    ----------
    text : str
        A preset's name, or an RE2 expression; one with a named group is taken for an expression.

    Raises
    ------
    ConfigError
        When it is neither, naming the presets, or the expression is not valid, naming the position.
    """
    for preset in PRESETS:
        if preset.name == text:
            return preset
    if "(" not in text:
        names = ", ".join(preset.name for preset in PRESETS)
        raise ConfigError(
            f"file-name pattern {text!r} is not known; expected {names}, "
            "or a regular expression with named groups such as (?P<agent_id>[0-9]+)"
        )
    return FilePattern(text, (NameRule(text),))
