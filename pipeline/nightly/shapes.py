"""Keys of a night's configuration and what they may hold; its reference is made of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator


def _like(pattern: str, expected: str) -> Callable[[str], str]:
    """Return a check of a text whose message says what is expected, not the pattern."""

    def check(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            raise ValueError(f"expected {expected}")
        return text

    return check


def _clock(value: object) -> object:
    # YAML 1.1 takes 6:30 without quotes for minutes or seconds.
    if isinstance(value, int) and not isinstance(value, bool):
        raise ValueError(f"expected {_TIME}")
    return value


_TIME = 'a time of day in quotes, such as "06:30"'
_NAME = "up to 60 letters, digits, dots, hyphens, underscores, such as desk-1"
Text = Annotated[str, AfterValidator(_like(r"(?s).*\S.*", "some text; it is empty"))]
SourceName = Annotated[str, AfterValidator(_like(r"[\w.-]{1,60}", _NAME))]
Days = Annotated[int, Field(strict=True, ge=1)]
TimeOfDay = Annotated[str, BeforeValidator(_clock), AfterValidator(_like(r"([01]\d|2[0-3]):[0-5]\d", _TIME))]
Count = Annotated[int, Field(strict=True, ge=0)]


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


Texts = Annotated[tuple[Text, ...], BeforeValidator(_several), Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceKeys(_Strict):
    """One place that recordings come from."""

    name: SourceName = Field(description="What the log, the summary and the metrics call it")
    recordings: Text = Field(description="A folder, a glob, one recording, or a manifest (.csv, .parquet)")
    file_names: Text | None = Field(
        None, description="Where metadata stands in file names, as `--file-names` takes it"
    )
    timezone: Text = Field("Asia/Shanghai", description="Time zone of start times written without one")
    lexicon: Text | None = Field(None, description="The desk's own words: a file, or one that is shipped")
    tone_plan: Text = Field("cn", description="The network's tones: a shipped plan, or a file")
    keep_personal_data: bool = Field(
        False, description="Store telephone numbers, names and the like as they were said"
    )
    follow_links: bool = Field(False, description="Also hear what links in the folder lead to outside it")
    own_ids: bool = Field(
        False, description="Put `name/` before call ids, where sources number their calls alike"
    )


class StandardsKeys(_Strict):
    """Which rulebooks calls are judged under; all conditions given must hold."""

    source: Texts | None = Field(None, description="Names of sources")
    team: Texts | None = Field(None, description="Teams, as the calls' metadata has them")
    agent_id: Texts | None = Field(None, description="Agents")
    direction: Literal["inbound", "outbound"] | None = Field(None, description="Who called whom")
    rulebooks: Texts = Field(description="Names of shipped rulebooks, or YAML files")


class RetentionKeys(_Strict):
    """How long things are kept, in days; what is not given is kept. Recordings are never touched."""

    tables_days: Days | None = Field(
        None, description="Calls, findings, scores and failures, by the calls' dates"
    )
    scorecards: bool = Field(True, description="Keep the scorecards of calls that are too old")
    clips_days: Days | None = Field(None, description="Evidence clips in `clips`, by when they were cut")
    clips: Texts | None = Field(None, description="Folders of clips that `show --clips` was given")
    logs_days: Days | None = Field(None, description="Logs and summaries of nights")

    @model_validator(mode="after")
    def _expect_clips(self) -> RetentionKeys:
        if self.clips_days is not None and self.clips is None:
            raise ValueError(
                "clips_days needs clips: name the folders that clips are cut into, as clips: clips"
            )
        return self


class LogKeys(_Strict):
    """The log of a night, without any text of a call."""

    folder: Text | None = Field(None, description="One file a day; `logs` inside `out` unless given")
    format: Literal["json", "text"] = Field("json", description="JSON lines, or text for people")


class NightKeys(_Strict):
    """A night. Relative paths lead from the folder that the file is in."""

    out: Text = Field(description="Folder of the tables")
    sources: tuple[SourceKeys, ...] = Field(min_length=1, description="Where recordings come from")
    standards: tuple[StandardsKeys, ...] = Field(
        (),
        description="Rulebooks by desk: the first entry that fits a call counts; a call whose metadata name "
        "`standards` keeps those",
    )
    engine: Literal["faster-whisper", "openai-whisper"] = Field("faster-whisper", description="Recogniser")
    weights: Text = Field("base", description="As `--weights` takes it")
    workers: Count = Field(0, description="Processes that hear calls; 0 chooses by the machine")
    threads: Count = Field(0, description="Threads of each; 0 shares the machine's cores")
    call_limit_s: Annotated[float, Field(ge=1)] | None = Field(
        None, description="Seconds one call may take; 5 minutes and 6 times its length unless given"
    )
    settled_min: Annotated[float, Field(ge=0)] = Field(
        10.0, description="Minutes since a recording was last written before it is taken"
    )
    stop_by: TimeOfDay | None = Field(
        None, description='Time of day, such as `"06:30"`, from which no more calls are begun'
    )
    min_free_gb: Annotated[float, Field(ge=0)] = Field(
        1.0,
        description="Free disk below which a night hears nothing, in 10^9 bytes; what is too old goes before",
    )
    retention: RetentionKeys = Field(RetentionKeys(), description="How long things are kept")
    logs: LogKeys = Field(LogKeys(), description="The log")
    metrics: Text | None = Field(
        None, description="File for Prometheus' node exporter (`….prom`); none is written unless given"
    )
