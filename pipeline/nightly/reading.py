"""A night's configuration: YAML in, checked values out, every error at once with its place."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.intake import FilePattern, choose_pattern
from pipeline.intake.clock import read_zone
from pipeline.nightly.shapes import NightKeys, SourceKeys
from pipeline.rulebook import Rulebook, load_rulebook, shipped_rulebooks
from pipeline.rulebook.complaints import complaints, unknown
from pipeline.rulebook.positions import Keys, Problem, Source, open_source
from pipeline.speech.tone_plans import TonePlan, load_tone_plan
from pipeline.wording.desk_words import DeskWords, load_desk_words

EXPECTED = "a night's configuration is a mapping (out, sources, standards, …)"
RULEBOOKS = (".yaml", ".yml")


@dataclass(frozen=True)
class NightSource:
    """One source, ready to be read and heard.

    Attributes
    ----------
    recordings : str
        As intake takes it.
    """

    name: str
    recordings: str
    pattern: FilePattern | None
    timezone: str
    words: DeskWords
    tone_plan: TonePlan
    own_ids: bool
    keep_personal_data: bool
    follow_links: bool


@dataclass(frozen=True)
class DeskStandards:
    """Rulebooks of the calls that fit all conditions; None fits every call."""

    source: tuple[str, ...] | None
    team: tuple[str, ...] | None
    agent_id: tuple[str, ...] | None
    direction: str | None
    rulebooks: tuple[str, ...]


@dataclass(frozen=True)
class NightConfig:
    """What a night does.

    Attributes
    ----------
    path : Path
        The file it was read from.
    out, logs, metrics, clips
        Absolute paths.
    keys : NightKeys
        Everything that is a plain number or choice.
    rulebooks : tuple of Rulebook
        Those that desks are judged under, each once.
    """

    path: Path
    out: Path
    sources: tuple[NightSource, ...]
    standards: tuple[DeskStandards, ...]
    rulebooks: tuple[Rulebook, ...]
    clips: tuple[Path, ...]
    logs: Path
    metrics: Path | None
    keys: NightKeys


def load_night(path: Path) -> NightConfig:
    """Read a night's configuration with everything it names, except the recordings and weights.

    Raises
    ------
    ConfigError
        When it cannot be read or has errors: all of them, one a line, as ``path:line:column: what``.
    """
    source = open_source(path, expected=EXPECTED)
    problems = [source.problem(c.keys, c.message, key=c.key) for c in complaints(NightKeys, source.root)]
    if problems:
        raise ConfigError("\n".join(map(str, sorted(problems))))
    reading = _Reading(source, NightKeys.model_validate(source.root))
    config = reading.config()
    if reading.problems:
        raise ConfigError("\n".join(map(str, sorted(set(reading.problems)))))
    return config


def missing_folders(config: NightConfig) -> Iterator[str]:
    """Yield a line for each folder of a configuration that is not there, or cannot be written.

    Recordings may come from a share that is mounted later, so that this is asked only when one checks.
    """
    for source in config.sources:
        fixed = Path(source.recordings)
        while glob.has_magic(str(fixed)) and not fixed.exists():
            fixed = fixed.parent
        if not fixed.exists():
            yield f"source {source.name}: {fixed} is not there; is it mounted, and spelled as it is?"
    for folder in config.clips:
        if not folder.is_dir():
            yield f"retention.clips: {folder} is not there; clips in another folder would stay for ever"
    if config.metrics is not None and not config.metrics.parent.is_dir():
        yield f"metrics: {config.metrics.parent} is not there; make it, or give the node exporter's folder"
    for name, folder in (("out", config.out), ("logs", config.logs)):
        # What is missing is made, as far as the nearest folder that is there allows it.
        there = next(path for path in (folder, *folder.parents) if path.exists())
        if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
            yield f"{name}: {folder} cannot be made or written; {there} is not this user's to write in"


class _Reading:
    """Opens what a configuration of the right shape names, and keeps every problem with its place."""

    def __init__(self, source: Source, keys: NightKeys) -> None:
        self._source, self._keys = source, keys
        self._folder = source.path.absolute().parent
        self._books: dict[str, Rulebook] = {}
        self.problems: list[Problem] = []

    def config(self) -> NightConfig:
        """Return the configuration; of no use when there are problems."""
        keys, out = self._keys, self._local(("out",), self._keys.out)
        self._expect_names_once()
        return NightConfig(
            path=self._source.path.absolute(),
            out=out,
            sources=tuple(self._night_source(i, s) for i, s in enumerate(keys.sources)),
            standards=tuple(self._standards()),
            rulebooks=tuple(self._books.values()),
            clips=tuple(map(self._path, keys.retention.clips or ())),
            logs=self._path(keys.logs.folder) if keys.logs.folder else out / "logs",
            metrics=self._metrics(keys.metrics) if keys.metrics else None,
            keys=keys,
        )

    def _expect_names_once(self) -> None:
        names = [s.name for s in self._keys.sources]
        for i, name in enumerate(names):
            if name in names[:i]:
                self._problem(("sources", i, "name"), f"another source is called {name!r}")

    def _night_source(self, at: int, source: SourceKeys) -> NightSource:
        def tried(key: str, read: Callable[[str], object]) -> object:
            value = getattr(source, key)
            try:
                return None if value is None else read(value)
            except ConfigError as error:
                self._problem(("sources", at, key), f"{key}: {error}")
                return None

        pattern = tried("file_names", choose_pattern)
        words = tried("lexicon", lambda name: load_desk_words(self._file(name)))
        plan = tried("tone_plan", lambda name: load_tone_plan(self._file(name)))
        tried("timezone", read_zone)
        return NightSource(
            name=source.name,
            recordings=str(self._local(("sources", at, "recordings"), source.recordings)),
            pattern=pattern if isinstance(pattern, FilePattern) else None,
            timezone=source.timezone,
            words=words if isinstance(words, DeskWords) else DeskWords(),
            tone_plan=plan if isinstance(plan, TonePlan) else TonePlan(),
            own_ids=source.own_ids,
            keep_personal_data=source.keep_personal_data,
            follow_links=source.follow_links,
        )

    def _standards(self) -> Iterator[DeskStandards]:
        known = {s.name for s in self._keys.sources}
        for at, given in enumerate(self._keys.standards):
            for i, name in enumerate(given.source or ()):
                if name not in known:
                    message = f"no such source: {unknown(name, known)}"
                    self._problem(("standards", at, "source", i), message)
            books = tuple(
                self._rulebook(("standards", at, "rulebooks", i), n) for i, n in enumerate(given.rulebooks)
            )
            yield DeskStandards(given.source, given.team, given.agent_id, given.direction, books)

    def _rulebook(self, keys: Keys, name: str) -> str:
        """Load a rulebook; return the name by which calls of its desk carry it."""
        carried = str(self._path(name)) if name.endswith(RULEBOOKS) else name
        if ";" in carried:
            self._problem(keys, f"the path of a rulebook cannot have ';' in it: {carried}")
        elif name.endswith(RULEBOOKS) or name in shipped_rulebooks():
            try:
                book = self._books.get(carried) or load_rulebook(carried)
            except ConfigError as error:
                self._problem(keys, f"rulebook {name!r}: {error}")
            else:
                self._expect_other_names(keys, carried, book)
                self._books[carried] = book
        else:
            self._problem(keys, f"no such rulebook: {unknown(name, shipped_rulebooks())}, or a .yaml file")
        return carried

    def _expect_other_names(self, keys: Keys, carried: str, book: Rulebook) -> None:
        """Two files of one rulebook's name would overwrite each other's findings."""
        for other, known in self._books.items():
            if known.name == book.name and other != carried:
                self._problem(keys, f"rulebook {book.name!r} is that of {other} too; give one another name")

    def _metrics(self, text: str) -> Path:
        path = self._path(text)
        if path.suffix != ".prom":
            message = f"metrics: {text}: the node exporter reads files that end in .prom; give it such a name"
            self._problem(("metrics",), message)
        return path

    def _file(self, name: str) -> str:
        """Return the path of a file beside the configuration, or the name of what is shipped."""
        path = self._path(name)
        return str(path) if path.is_file() else name

    def _local(self, keys: Keys, text: str) -> Path:
        if text.startswith("s3:/"):
            self._problem(keys, f"{text}: nights work on folders of this machine; callaudit run takes S3")
        return self._path(text)

    def _path(self, text: str) -> Path:
        return Path(os.path.normpath(self._folder / Path(text).expanduser()))

    def _problem(self, keys: Keys, message: str) -> None:
        self.problems.append(self._source.problem(keys, message))
