"""YAML to rulebook: strict, every error at once with its file, line, column and what is permitted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pipeline.checks import KINDS, Check
from pipeline.checks.conditions import CONDITIONS
from pipeline.checks.review_moment import ReviewMoment
from pipeline.dialogue import parse_dialogue
from pipeline.errors import ConfigError
from pipeline.rulebook.complaints import complaints, unknown
from pipeline.rulebook.layers import Entry, Layers, open_layers
from pipeline.rulebook.locating import locate
from pipeline.rulebook.positions import Problem, Source, items_at, value_at
from pipeline.rulebook.rules import LEAST_DECIDED, REVIEW_BELOW, Example, Rule, Rulebook, UnobservableClause
from pipeline.rulebook.shapes import (
    HEAD_KEYS,
    WANTED,
    WORTH,
    Book,
    ExtendingBook,
    Head,
    Unobservable,
)
from pipeline.yaml_files import read_small


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says.

    Attributes
    ----------
    rulebook : Rulebook or None
        None when anything is wrong.
    rules : tuple of (Entry, Rule)
        The rules that are right, with the places of their keys.
    problems : tuple of Problem
        Every error in the file and in those it extends, in order.
    """

    rulebook: Rulebook | None
    rules: tuple[tuple[Entry, Rule], ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A rulebook, and the files it was loaded from with what they held."""

    rulebook: Rulebook
    files: tuple[tuple[Path, bytes], ...]

    def is_current(self) -> bool:
        """Whether the files still hold the same."""
        try:
            return all(read_small(path) == content for path, content in self.files)
        except ConfigError:
            return False


# A command, a notebook and a night of several sources ask for a rulebook again and again, and to parse its
# YAML takes a second.
_loaded: dict[Path, _Loaded] = {}


def load_rulebook(name_or_path: str | Path) -> Rulebook:
    """Load a rulebook by its name or from a file.

    One whose files are as they were when it was last loaded is the same object.

    Parameters
    ----------
    name_or_path : str or Path
        ``dinghao-380``, or a path that ends in ``.yaml`` or ``.yml``.

    Raises
    ------
    ConfigError
        When there is no such rulebook (the message lists those there are), its file cannot be read or is
        not YAML, or it has errors: all of them, one a line, as ``path:line:column: what (permitted …)``.
    """
    path = locate(name_or_path)
    known = _loaded.get(path)
    if known is not None and known.is_current():
        return known.rulebook
    layers = open_layers(path)
    reading = _examined(layers)
    if reading.rulebook is None:
        raise ConfigError("\n".join(str(problem) for problem in reading.problems))
    _loaded[path] = _Loaded(reading.rulebook, tuple((s.path, s.content) for s in layers.sources))
    return reading.rulebook


def examine(path: Path) -> Reading:
    """Read a rulebook and say everything that is wrong with it.

    Raises
    ------
    ConfigError
        When a file cannot be read or is not YAML.
    """
    return _examined(open_layers(path))


def _examined(layers: Layers) -> Reading:
    problems = [*layers.problems, *(p for source in layers.sources for p in _book_problems(source))]
    rules: list[tuple[Entry, Rule]] = []
    for entry in layers.rules:
        found = list(_rule_problems(entry))
        problems += found
        if not found:
            rules.append((entry, _rule(entry)))
    for entry in layers.unobservable:
        problems += [
            entry.problem(c.keys, c.message, key=c.key) for c in complaints(Unobservable, entry.values)
        ]
    if not problems and not rules:
        problems.append(layers.sources[0].problem(("rules",), "no rule is left"))
    ordered = tuple(sorted(set(problems)))
    return Reading(None if ordered else _rulebook(layers, [r for _, r in rules]), tuple(rules), ordered)


def _book_problems(source: Source) -> Iterator[Problem]:
    """Problems of the book's own keys; its lists' items are looked at one by one."""
    own = {key: value for key, value in source.root.items() if key != "not_observable"}
    model = ExtendingBook if "extends" in own else Book
    for found in complaints(model, own):
        yield source.problem(found.keys, found.message, key=found.key)
    if not isinstance(value_at(source.root, ("not_observable",)) or [], list):
        yield source.problem(("not_observable",), "not_observable is a list of clauses")


def _rule_problems(entry: Entry) -> Iterator[Problem]:
    values = entry.values
    head = {key: value for key, value in values.items() if key in HEAD_KEYS}
    for found in complaints(Head, head):
        yield entry.problem(found.keys, found.message, key=found.key)
    yield from _worth_problems(entry)
    kind = KINDS.get(str(values.get("check")))
    if kind is not None:
        options = {key: value for key, value in values.items() if key not in HEAD_KEYS}
        for found in complaints(kind, options, also=HEAD_KEYS):
            yield entry.problem(found.keys, found.message, key=found.key)
    elif "check" in values:
        yield entry.problem(("check",), f"unknown kind of check {unknown(values['check'], KINDS)}")
    for key in ("applies_when", "excused_when"):
        for i, name in enumerate(_items(values.get(key))):
            if not isinstance(name, str) or name not in CONDITIONS:
                yield entry.problem((key, i), f"unknown condition {unknown(name, CONDITIONS)}")
    yield from _example_problems(entry)


def _items(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _worth_problems(entry: Entry) -> Iterator[Problem]:
    given = [key for key in WORTH if key in entry.values]
    if len(given) != 1:
        yield entry.problem((), "a rule has exactly one of points, critical: true and review: true")
        return
    review = given == ["review"]
    if review != (entry.values.get("check") == ReviewMoment.kind):
        yield entry.problem(
            ("check",), f"review: true goes with check: {ReviewMoment.kind}, and only with it"
        )
    if "how" in entry.values and (entry.values["how"] == "H") != review:
        yield entry.problem(("how",), "how: H goes with review: true, and only with it")


def _example_problems(entry: Entry) -> Iterator[Problem]:
    for wanted, index, text in _examples(entry):
        try:
            parse_dialogue(text)
        except ConfigError as error:
            yield entry.problem(("examples", wanted, index), f"example under {wanted}: {error}")


def _examples(entry: Entry) -> Iterator[tuple[str, int, str]]:
    for wanted in WANTED:
        for index, text in enumerate(items_at(entry.values.get("examples"), (wanted,))):
            yield wanted, index, str(text)


def _rule(entry: Entry) -> Rule:
    """Build a rule from an entry in which nothing is wrong."""
    head = Head.model_validate({k: v for k, v in entry.values.items() if k in HEAD_KEYS})
    kind: type[Check] = KINDS[head.check]
    examples = []
    for wanted, index, text in _examples(entry):
        at = entry.problem(("examples", wanted, index), "")
        # A block's text begins on the line after its marker.
        examples.append(Example(text, at.place[0] + 1, WANTED[wanted], at.path))
    return Rule(
        id=head.id,
        title=head.title,
        title_zh=head.title_zh or head.title,
        dimension=head.dimension,
        points=head.points or 0.0,
        critical=bool(head.critical),
        check=kind.model_validate({k: v for k, v in entry.values.items() if k not in HEAD_KEYS}),
        how=head.how or ("H" if head.review else "A"),
        review=bool(head.review),
        applies_when=head.applies_when,
        excused_when=head.excused_when,
        coaching=head.coaching or "",
        coaching_zh=head.coaching_zh or head.coaching or "",
        examples=tuple(examples),
    )


def _rulebook(layers: Layers, rules: list[Rule]) -> Rulebook:
    """Build a rulebook of files in which nothing is wrong."""
    own, *extended = layers.sources
    hashes = [sha256(source.content) for source in layers.sources]
    titles = next(s.root for s in layers.sources if "title" in s.root)
    review_below, least_decided = layers.given("review_below"), layers.given("least_decided")
    clauses = [Unobservable.model_validate(entry.values) for entry in layers.unobservable]
    return Rulebook(
        name=str(own.root["name"]),
        title=str(titles["title"]),
        title_zh=str(titles.get("title_zh") or titles["title"]),
        source=str(layers.given("source")),
        path=str(own.path),
        content_hash=(sha256(b"".join(h.digest() for h in hashes)) if extended else hashes[0]).hexdigest(),
        rules=tuple(rules),
        extends=str(extended[0].path) if extended else None,
        not_observable=tuple(
            UnobservableClause(c.id, c.title, c.title_zh or c.title, c.how, c.why) for c in clauses
        ),
        review_below=REVIEW_BELOW if review_below is None else float(str(review_below)),
        least_decided=LEAST_DECIDED if least_decided is None else float(str(least_decided)),
    )
