"""A rulebook over the one it extends: which rules there are, and from which file each of their keys is.

- A rule with the id of an inherited one changes only the keys it gives. ``points``, ``critical`` and
  ``review`` replace each other, another ``check`` drops the inherited options, and a list (``phrases``,
  ``examples``) is replaced as a whole.
- ``disable`` takes inherited clauses out; a disabled id may be given anew, and then inherits nothing.
- Other rules are added after the inherited ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml.comments import CommentedMap

from pipeline.errors import ConfigError
from pipeline.rulebook.complaints import shown, unknown
from pipeline.rulebook.locating import locate
from pipeline.rulebook.positions import Key, Keys, Problem, Source, items_at, open_source
from pipeline.rulebook.shapes import COACHING, HEAD_KEYS, WORTH

Origin = tuple[Source, Keys]
MAX_LAYERS = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a list, such as a rule, as it stands after all files were laid over each other.

    Attributes
    ----------
    home : tuple of Source and keys
        The item in the file that had the last word on it.
    values : mapping
        What it holds, as YAML.
    origins : mapping
        For each of its keys the item that key is from.
    """

    home: Origin
    values: Mapping[str, object]
    origins: Mapping[str, Origin]

    def problem(self, keys: Sequence[Key], message: str, *, key: bool = False) -> Problem:
        """Return a problem with what ``keys`` lead to, in the file it is from."""
        source, at = self.origins.get(str(keys[0]), self.home) if keys else self.home
        return source.problem((*at, *keys), message, key=key)


@dataclass(frozen=True, slots=True)
class Layers:
    """A file over those it extends.

    Attributes
    ----------
    sources : tuple of Source
        The file itself, then what it extends, then what that extends.
    rules, unobservable : tuple of Entry
        What is left of the lists ``rules`` and ``not_observable``.
    """

    sources: tuple[Source, ...]
    rules: tuple[Entry, ...]
    unobservable: tuple[Entry, ...]
    problems: tuple[Problem, ...]

    def given(self, key: str) -> object:
        """Return a key of the book from the first file that gives it, or None."""
        return next((s.root[key] for s in self.sources if key in s.root), None)


def open_layers(path: Path, *, above: tuple[Source, ...] = ()) -> Layers:
    """Read a file and what it extends; ``above`` are the files that extend this one.

    Raises
    ------
    ConfigError
        When one of the files cannot be read or is not YAML.
    """
    source = open_source(path)
    base = _base(source, above)
    disabled, problems = _disabled(source, base)
    rules, found = _merged(source, "rules", [e for e in base.rules if e.values.get("id") not in disabled])
    kept = [e for e in base.unobservable if e.values.get("id") not in disabled]
    unobservable, also_found = _merged(source, "not_observable", kept)
    problems = (*base.problems, *problems, *found, *also_found)
    return Layers((source, *base.sources), rules, unobservable, problems)


def _base(source: Source, above: tuple[Source, ...]) -> Layers:
    """Open what a file extends; nothing when it extends nothing or that is no rulebook."""
    named = source.root.get("extends")
    if not isinstance(named, str):
        return Layers((), (), (), ())
    try:
        path = locate(named, beside=source.path.parent)
    except ConfigError as error:
        return Layers((), (), (), (source.problem(("extends",), str(error)),))
    chain = (*above, source)
    paths = [s.path.resolve() for s in chain]
    if path.resolve() in paths:
        circle = " → ".join(str(s.path) for s in chain[paths.index(path.resolve()) :])
        return Layers((), (), (), (source.problem(("extends",), f"extends itself: {circle} → {path}"),))
    if len(chain) >= MAX_LAYERS:
        return Layers((), (), (), (source.problem(("extends",), f"more than {MAX_LAYERS} files in a row"),))
    if not _is_there(path):
        return Layers((), (), (), (source.problem(("extends",), f"there is no file {path}"),))
    return open_layers(path, above=chain)


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is longer than names may be
        return False


def _disabled(source: Source, base: Layers) -> tuple[set[str], tuple[Problem, ...]]:
    ids = [str(e.values["id"]) for e in (*base.rules, *base.unobservable) if "id" in e.values]
    named = items_at(source.root, ("disable",))
    problems = [
        source.problem(("disable", i), f"no such clause to disable: {unknown(name, ids)}")
        for i, name in enumerate(named)
        if base.sources and name not in ids
    ]
    if "disable" in source.root and "extends" not in source.root:
        problems.append(source.problem(("disable",), "disable goes with extends", key=True))
    return {str(name) for name in named}, tuple(problems)


def _merged(
    source: Source, listed: str, base: Sequence[Entry]
) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """Lay the items of a file's list over those it inherits."""
    merged = list(base)
    inherited = {str(e.values.get("id")): i for i, e in enumerate(base)}
    first: dict[str, Problem] = {}
    problems: list[Problem] = []
    for index, node in enumerate(items_at(source.root, (listed,))):
        keys: Keys = (listed, index)
        if not isinstance(node, CommentedMap):
            problems.append(source.problem(keys, f"an item of {listed} is a mapping (seen {shown(node)})"))
            continue
        entry = Entry((source, keys), dict(node), dict.fromkeys(node, (source, keys)))
        clause = str(node.get("id"))
        if clause in first:
            message = f"id {clause!r} is already used on line {first[clause].place[0]}"
            problems.append(source.problem((*keys, "id"), message))
            merged.append(entry)
        elif clause in inherited:
            merged[inherited[clause]] = _over(base[inherited[clause]], entry)
        else:
            merged.append(entry)
        if "id" in node:
            first.setdefault(clause, source.problem((*keys, "id"), ""))
    return tuple(merged), tuple(problems)


def _over(below: Entry, entry: Entry) -> Entry:
    """Lay the keys an item gives over those of the inherited item."""
    given = entry.values
    dropped: set[str] = set()
    if any(key in given for key in WORTH):
        dropped |= {key for key in WORTH if key not in given}
        dropped |= {"how"} if ("review" in below.values) != ("review" in given) else set()
    if "check" in given and given["check"] != below.values.get("check"):
        dropped |= below.values.keys() - set(HEAD_KEYS)
    if "title" in given:
        dropped |= {"title_zh"}
    # Advice speaks of what the clause asks for, and that is another now.
    if "coaching" in given or any(key not in HEAD_KEYS for key in given):
        dropped |= set(COACHING)
    kept = {key: value for key, value in below.values.items() if key not in dropped}
    origins = {key: below.origins[key] for key in kept} | dict(entry.origins)
    return Entry(entry.home, kept | dict(given), origins)
