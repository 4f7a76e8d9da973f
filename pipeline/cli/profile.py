"""``--profile``: what a night takes, collected while it runs and told at its end."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from pipeline.profiling import Account, charged_to

if TYPE_CHECKING:
    from pipeline.audit import Outcome
    from pipeline.reports.profile import CallTimes, NightProfile


class Profiling:
    """Collects stage times of a night.

    Parameters
    ----------
    wanted : bool
        Otherwise nothing is collected and nothing told.
    """

    def __init__(self, *, wanted: bool) -> None:
        self._account = Account() if wanted else None
        self._calls: list[CallTimes] = []

    def charged(self) -> AbstractContextManager[None]:
        """Charge what is done inside to the night."""
        return charged_to(self._account)

    def note(self, outcome: Outcome) -> None:
        """Keep what one call took."""
        from pipeline.call import Call
        from pipeline.reports.profile import CallTimes

        if outcome.times is not None:
            audio_s = outcome.result.duration_s if isinstance(outcome.result, Call) else None
            self._calls.append(CallTimes(outcome.task.record.call_id, audio_s, outcome.times))

    def fields(self) -> dict[str, object]:
        """What to add to a command's JSON: ``profile``, or nothing."""
        profile = self._profile()
        return {} if profile is None else {"profile": profile.fields()}

    def show(self) -> None:
        """Print the table, when wanted."""
        from rich.console import Console

        from pipeline.reports.profile import profile_table

        if (profile := self._profile()) is not None:
            Console().print(profile_table(profile))

    def _profile(self) -> NightProfile | None:
        from pipeline.reports.profile import NightProfile

        if self._account is None:
            return None
        return NightProfile(tuple(self._calls), self._account.times)
