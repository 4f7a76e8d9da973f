"""Tone plans: which tones a telephone network gives while it rings and when the line is busy.

A plan is data (``configs/tones.yaml``, or a file of the user's own), since every network has its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from pipeline.errors import ConfigError
from pipeline.yaml_files import load_yaml

PACKAGE = Path(__file__).parents[1]
FOLDERS = (PACKAGE / "configs", PACKAGE.parent / "configs")
FILE = "tones.yaml"

MAX_FREQUENCIES = 2
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ProgressTone:
    """One tone of a network.

    Attributes
    ----------
    frequencies_hz : tuple of float
        One or two that sound together, 300-3400 Hz.
    cadence_s : tuple of float
        Seconds on, off, on, off … of one cycle.
    """

    frequencies_hz: tuple[float, ...]
    cadence_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class TonePlan:
    """The tones of one network: ``ringback`` while the other side rings, ``busy`` when it is engaged."""

    ringback: ProgressTone = ProgressTone((450.0,), (1.0, 4.0))
    busy: ProgressTone = ProgressTone((450.0,), (0.35, 0.35))


_Hertz = Annotated[float, Field(ge=300, le=3400)]
_Seconds = Annotated[float, Field(gt=0, le=10)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Tone(_Strict):
    frequencies_hz: Annotated[tuple[_Hertz, ...], Field(min_length=1, max_length=MAX_FREQUENCIES)]
    cadence_s: Annotated[tuple[_Seconds, ...], Field(min_length=2)]

    def tone(self, name: str, where: str) -> ProgressTone:
        if len(self.cadence_s) % 2:
            raise ConfigError(
                f"{where}: {name} has {len(self.cadence_s)} times; expected on and off in pairs"
            )
        return ProgressTone(tuple(sorted(self.frequencies_hz)), self.cadence_s)


class _Plan(_Strict):
    ringback: _Tone
    busy: _Tone

    def plan(self, where: str) -> TonePlan:
        return TonePlan(self.ringback.tone("ringback", where), self.busy.tone("busy", where))


def load_tone_plan(name_or_path: str) -> TonePlan:
    """Load a tone plan by the name of a shipped one, or from a file that holds one.

    Raises
    ------
    ConfigError
        When there is no such plan (the message lists those there are) or it has errors.
    """
    path = Path(name_or_path)
    if path.is_file():
        return _check(_Plan, load_yaml(path).root, path).plan(str(path))
    shipped = next(folder / FILE for folder in FOLDERS if (folder / FILE).is_file())
    plans = _check(dict[str, _Plan], load_yaml(shipped).root, shipped)
    if name_or_path not in plans:
        raise ConfigError(
            f"no tone plan {name_or_path!r}; known are {', '.join(sorted(plans))}, or give the path of a file"
        )
    return plans[name_or_path].plan(f"{shipped}: {name_or_path}")


def _check(kind: type[_T], content: object, path: Path) -> _T:
    try:
        return TypeAdapter(kind).validate_python(content)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in item['loc']) or 'file'}: {item['msg']}"
            for item in error.errors()[:3]
        )
        raise ConfigError(f"{path}: not a tone plan: {wrong}") from error
