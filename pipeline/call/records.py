"""What the telephone system says of a call before it is heard, and of an input that cannot become one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One recorded call as the telephone system describes it; the audio is a pointer until it is heard.

    Attributes
    ----------
    call_id : str
        Unique within a night.
    path : Path
        The recording: of both parties, or of the agent's leg when ``customer_path`` is given.
    customer_path : Path or None
        The customer's leg, for calls kept as two one-channel files.
    started_at : datetime or None
        Start of the call with its UTC offset, at the desk.
    direction : str or None
        ``"inbound"`` or ``"outbound"``.
    ring_s : float or None
        Seconds of ringing before the answer, by the call log.
    hangup_side : str or None
        ``"agent"`` or ``"customer"``.
    agent_channel : str or None
        ``"left"`` or ``"right"``; the recording's other channel is the customer's.
    standards : tuple of str
        Rulebooks this call's desk works under.
    shift_started_at : datetime or None
        When the agent's shift began, with its UTC offset.
    """

    call_id: str
    path: Path
    customer_path: Path | None = None
    started_at: datetime | None = None
    agent_id: str | None = None
    agent_name: str | None = None
    team: str | None = None
    direction: str | None = None
    customer_name: str | None = None
    ring_s: float | None = None
    hangup_side: str | None = None
    agent_channel: str | None = None
    standards: tuple[str, ...] = ()
    shift_started_at: datetime | None = None

    @property
    def call_date(self) -> str:
        """``YYYY-MM-DD`` of the start at the desk, or ``"unknown"``."""
        return self.started_at.date().isoformat() if self.started_at else "unknown"


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be processed: what, at which stage, and why.

    Attributes
    ----------
    tried : str or None
        What was tried, as text that stays the same while another try would come to the same; None where one
        might not, as the machine may be why.
    """

    path: str
    stage: str
    reason: str
    tried: str | None = field(default=None, compare=False)
