"""YAML to rulebook: strict, every error at once with its line, column and what is permitted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from pipeline.checks import KINDS, Check
from pipeline.checks.conditions import CONDITIONS
from pipeline.dialogue import parse_dialogue
from pipeline.errors import ConfigError
from pipeline.rulebook.positions import Key, Problem, load_yaml, place_of, value_at
from pipeline.rulebook.rules import Example, Rule, Rulebook
from pipeline.scoring import DIMENSIONS

SEEN_CHARS = 60


class _Examples(BaseModel):
    model_config = ConfigDict(extra="forbid")

    passing: tuple[str, ...] = Field(default=(), alias="pass")
    failing: tuple[str, ...] = Field(default=(), alias="fail")


class _Head(BaseModel):
    """The keys every rule has, whatever its kind."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(pattern=r"^[A-Z]{2,5}-\d{2,3}$")]
    title: Annotated[str, Field(min_length=1)]
    title_zh: Annotated[str, Field(min_length=1)] | None = None
    dimension: Literal[*DIMENSIONS]  # type: ignore[valid-type]
    check: str
    points: Annotated[float, Field(strict=True, gt=0)] | None = None
    critical: Literal[True] | None = None
    applies_when: tuple[str, ...] = ()
    excused_when: tuple[str, ...] = ()
    examples: _Examples = _Examples()


class _Book(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(min_length=1)]
    rules: Annotated[list[object], Field(min_length=1)]


HEAD_KEYS = tuple(_Head.model_fields)


def read_rulebook(path: Path) -> Rulebook:
    """Read one rulebook.

    Raises
    ------
    ConfigError
        When the file cannot be read, is not YAML or has errors: all of them, one a line, as
        ``path:line:column: what (seen …; permitted …)``.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    root = load_yaml(path, content)
    if not isinstance(root, CommentedMap):
        raise ConfigError(f"{path}:1:1: a rulebook is a mapping (permitted {', '.join(_Book.model_fields)})")
    problems = _validate(_Book, root, root, ())
    listed = root.get("rules")
    rules = []
    for index, _ in enumerate(listed if isinstance(listed, CommentedSeq) else ()):
        rule, found = _rule(root, index)
        problems += found
        rules += [rule] if rule else []
    problems += _duplicates(root)
    if problems:
        ordered = sorted({(p.place, p.message) for p in problems})
        raise ConfigError("\n".join(f"{path}:{line}:{col}: {text}" for (line, col), text in ordered))
    return Rulebook(
        name=str(root["name"]),
        title=str(root["title"]),
        source=str(root["source"]),
        path=str(path),
        content_hash=sha256(content).hexdigest(),
        rules=tuple(rules),
    )


def _rule(root: CommentedMap, index: int) -> tuple[Rule | None, list[Problem]]:
    at: tuple[Key, ...] = ("rules", index)
    node = value_at(root, at)
    if not isinstance(node, CommentedMap):
        return None, [Problem(place_of(root, at), f"a rule is a mapping ({_seen(node)})")]
    head = {k: v for k, v in node.items() if k in HEAD_KEYS}
    options = {k: v for k, v in node.items() if k not in HEAD_KEYS}
    problems = _validate(_Head, head, root, at)
    if ("points" in node) == ("critical" in node):
        problems.append(Problem(place_of(root, at), "a rule has either points or critical: true"))
    kind = KINDS.get(str(node.get("check")))
    if kind is None:
        if "check" in node:
            seen = f"unknown kind of check ({_seen(node['check'])}; permitted {', '.join(sorted(KINDS))})"
            problems.append(Problem(place_of(root, (*at, "check")), seen))
        return None, problems
    problems += _validate(kind, options, root, at)
    problems += [p for key in ("applies_when", "excused_when") for p in _conditions(root, (*at, key))]
    examples, found = _examples(root, at)
    problems += found
    return (None if problems else _build(_Head.model_validate(head), kind, options, examples)), problems


def _build(
    head: _Head, kind: type[Check], options: Mapping[str, object], examples: Mapping[str, tuple[Example, ...]]
) -> Rule:
    return Rule(
        id=head.id,
        title=head.title,
        title_zh=head.title_zh or head.title,
        dimension=head.dimension,
        points=head.points or 0.0,
        critical=bool(head.critical),
        check=kind.model_validate(options),
        applies_when=head.applies_when,
        excused_when=head.excused_when,
        passing=examples["pass"],
        failing=examples["fail"],
    )


def _validate(
    model: type[BaseModel], data: Mapping[str, object], root: CommentedMap, at: tuple[Key, ...]
) -> list[Problem]:
    """Validate with pydantic and give each error its place in the file."""
    try:
        model.model_validate(data)
    except ValidationError as error:
        permitted = [f.alias or name for name, f in model.model_fields.items()]
        permitted += HEAD_KEYS if issubclass(model, Check) else ()
        return [_problem(dict(e), root, at, permitted) for e in error.errors()]
    return []


def _problem(
    error: Mapping[str, object], root: CommentedMap, at: tuple[Key, ...], permitted: Iterable[str]
) -> Problem:
    location = error["loc"]
    keys = (*at, *location) if isinstance(location, tuple) else at
    kind, context = error["type"], error.get("ctx")
    path = ".".join(str(k) for k in keys[len(at) :])
    if kind == "extra_forbidden":
        nested = len(keys) > len(at) + 1
        among = "pass, fail" if nested else ", ".join(sorted(permitted))
        text = f"unknown key {keys[-1]!r} (permitted {among})"
        return Problem(place_of(root, keys, key=True), text)
    if kind == "missing":
        return Problem(place_of(root, keys), f"missing key {keys[-1]!r}")
    message = str(error["msg"]).removeprefix("Value error, ")
    allowed = (
        f"; permitted {context['expected']}" if isinstance(context, dict) and "expected" in context else ""
    )
    where = f"{path}: " if path else ""
    seen = _seen(value_at(root, keys))
    return Problem(place_of(root, keys), f"{where}{message} ({seen}{allowed})" if path else message)


def _conditions(root: CommentedMap, at: tuple[Key, ...]) -> list[Problem]:
    names = value_at(root, at)
    if not isinstance(names, CommentedSeq):
        return []
    among = ", ".join(sorted(CONDITIONS))
    return [
        Problem(place_of(root, (*at, i)), f"unknown condition ({_seen(name)}; permitted {among})")
        for i, name in enumerate(names)
        if name not in CONDITIONS
    ]


def _examples(
    root: CommentedMap, at: tuple[Key, ...]
) -> tuple[Mapping[str, tuple[Example, ...]], list[Problem]]:
    problems: list[Problem] = []
    found: dict[str, tuple[Example, ...]] = {"pass": (), "fail": ()}
    for wanted in found:
        keys: tuple[Key, ...] = (*at, "examples", wanted)
        sources = value_at(root, keys)
        for i, source in enumerate(sources if isinstance(sources, CommentedSeq) else ()):
            line, column = place_of(root, (*keys, i))
            # A block's text begins on the line after its marker.
            example = Example(str(source), line + 1)
            found[wanted] += (example,)
            try:
                parse_dialogue(example.source)
            except ConfigError as error:
                problems.append(Problem((line, column), f"example that should {wanted}: {error}"))
    return found, problems


def _duplicates(root: CommentedMap) -> list[Problem]:
    problems, first = [], dict[str, int]()
    rules = root.get("rules")
    for index, rule in enumerate(rules if isinstance(rules, CommentedSeq) else ()):
        if isinstance(rule, CommentedMap) and isinstance(rule.get("id"), str):
            keys: tuple[Key, ...] = ("rules", index, "id")
            line, _ = place_of(root, keys)
            if (seen := first.setdefault(rule["id"], line)) != line:
                problems.append(
                    Problem(place_of(root, keys), f"id {rule['id']!r} is already used on line {seen}")
                )
    return problems


def _seen(value: object) -> str:
    text = repr(value if not isinstance(value, (CommentedMap, CommentedSeq)) else f"a {_shape(value)}")
    return f"seen {text if len(text) <= SEEN_CHARS else text[:SEEN_CHARS] + '…'}"


def _shape(value: object) -> str:
    return "mapping" if isinstance(value, CommentedMap) else "list"
