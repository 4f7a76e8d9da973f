"""Where the time of a night went: per stage and per call, as values, for programs and for the terminal."""

from __future__ import annotations

from dataclasses import dataclass

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.profiling import RECOGNISER, Stage, StageTime, added_up
from pipeline.reports.plain import plain_text

SLOWEST = 5


@dataclass(frozen=True, slots=True)
class CallTimes:
    """What hearing one call took.

    Attributes
    ----------
    call_id : str
    audio_s : float or None
        Length of its recording; None when it failed.
    times : tuple of StageTime
    """

    call_id: str
    audio_s: float | None
    times: tuple[StageTime, ...]

    @property
    def processor_s(self) -> float:
        """Of all stages but what its process needed once, whichever call came first."""
        return sum(t.processor_s for t in self.times if t.stage is not Stage.STARTING)

    @property
    def pace(self) -> float:
        """Processor seconds per second of recording."""
        return self.processor_s / self.audio_s if self.audio_s else 0.0


@dataclass(frozen=True, slots=True)
class StageShare:
    """What a stage took of a night.

    Attributes
    ----------
    stage : str
    clock_s, processor_s : float
        Of all processes together.
    share : float
        Of the night's processor seconds, 0..1.
    ms_per_call, ms_per_audio_s : float or None
        Processor milliseconds per heard call and per second of their recordings; None when none was heard.
    """

    stage: str
    clock_s: float
    processor_s: float
    share: float
    ms_per_call: float | None
    ms_per_audio_s: float | None


@dataclass(frozen=True, slots=True)
class NightProfile:
    """What a night took.

    Attributes
    ----------
    calls : tuple of CallTimes
        Every call that was heard now, or failed in hearing.
    others : tuple of StageTime
        The rest: finding the recordings, starting the processes that hear, writing, judging, adding up.
    """

    calls: tuple[CallTimes, ...]
    others: tuple[StageTime, ...]

    @property
    def heard(self) -> list[CallTimes]:
        """Calls that did not fail, the slowest per second of their recording first."""
        return sorted((c for c in self.calls if c.audio_s), key=lambda c: c.pace, reverse=True)

    @property
    def processor_s(self) -> float:
        """Of the whole night."""
        return sum(t.processor_s for t in self._times())

    @property
    def stages(self) -> tuple[StageShare, ...]:
        """Every stage that took time, in the order in which they come."""
        heard, whole_s = self.heard, self.processor_s
        audio_s = sum(c.audio_s or 0.0 for c in heard)
        return tuple(
            StageShare(
                stage=t.stage.value,
                clock_s=t.clock_s,
                processor_s=t.processor_s,
                share=t.processor_s / whole_s if whole_s else 0.0,
                ms_per_call=1000 * t.processor_s / len(heard) if heard else None,
                ms_per_audio_s=1000 * t.processor_s / audio_s if audio_s else None,
            )
            for t in self._times()
        )

    @property
    def recogniser_share(self) -> float | None:
        """Of the processor seconds of hearing, starting left out: what the recogniser took, 0..1."""
        whole_s = sum(c.processor_s for c in self.calls)
        own_s = sum(t.processor_s for c in self.calls for t in c.times if t.stage in RECOGNISER)
        return own_s / whole_s if whole_s else None

    def fields(self) -> dict[str, object]:
        """The numbers as JSON takes them."""
        return {
            "processor_s": round(self.processor_s, 3),
            "recogniser_share": _rounded(self.recogniser_share, 4),
            "stages": [
                {
                    "stage": s.stage,
                    "clock_s": round(s.clock_s, 3),
                    "processor_s": round(s.processor_s, 3),
                    "share": round(s.share, 4),
                    "ms_per_call": _rounded(s.ms_per_call, 3),
                    "ms_per_audio_s": _rounded(s.ms_per_audio_s, 3),
                }
                for s in self.stages
            ],
            "slowest": [
                {
                    "call_id": c.call_id,
                    "audio_s": _rounded(c.audio_s, 3),
                    "processor_s": round(c.processor_s, 3),
                    "s_per_audio_s": round(c.pace, 4),
                }
                for c in self.heard[:SLOWEST]
            ],
        }

    def _times(self) -> tuple[StageTime, ...]:
        """All stages, without counting a call's time again where its process was waited for."""
        calls = added_up(c.times for c in self.calls)
        clock_s, processor_s = sum(t.clock_s for t in calls), sum(t.processor_s for t in calls)
        others = [
            StageTime(t.stage, max(0.0, t.clock_s - clock_s), max(0.0, t.processor_s - processor_s))
            if t.stage is Stage.STARTING
            else t
            for t in self.others
        ]
        return added_up([calls, others])


def profile_table(profile: NightProfile) -> Table:
    """Return a profile as a table that fits 80 columns."""
    view = Table.grid()
    view.add_row(_stage_table(profile))
    if (share := profile.recogniser_share) is not None:
        view.add_row(Text(f"recogniser: {share:.1%} of hearing (features, encoder, language, decoder)"))
    if slowest := profile.heard[:SLOWEST]:
        view.add_row(_slowest_table(slowest))
    legend = "s: of processors, all processes together; ms per heard call, and per second of its recording"
    view.add_row(Text(legend, style="dim"))
    return view


def _stage_table(profile: NightProfile) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("stage", no_wrap=True)
    for name in ("s", "share", "ms per call", "ms per s"):
        table.add_column(name, justify="right", no_wrap=True)
    for s in profile.stages:
        table.add_row(
            s.stage,
            f"{s.processor_s:.2f}",
            f"{s.share:.1%}",
            _ms(s.ms_per_call, ".1f"),
            _ms(s.ms_per_audio_s, ".2f"),
        )
    table.add_section()
    table.add_row("all", f"{profile.processor_s:.2f}", "100.0%" if profile.processor_s else "–", "", "")
    return table


def _slowest_table(calls: list[CallTimes]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("slowest calls", overflow="fold", max_width=40)
    for name in ("recording", "s", "s per s"):
        table.add_column(name, justify="right", no_wrap=True)
    for c in calls:
        table.add_row(
            Text(plain_text(c.call_id)), f"{c.audio_s:.1f} s", f"{c.processor_s:.2f}", f"{c.pace:.3f}"
        )
    return table


def _ms(value: float | None, form: str) -> str:
    return "–" if value is None else f"{value:{form}}"


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
