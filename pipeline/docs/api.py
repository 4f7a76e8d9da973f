"""The page of the public names: ``import pipeline``, from the docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from inspect import cleandoc

from docstring_parser import Docstring, DocstringStyle, parse

import pipeline
from pipeline.docs.markdown import code, page, table

SECTIONS = {
    "Stored calls": ("StoreReader", "Call", "CallRecord", "Utterance", "Event", "EventKind", "Measurement"),
    "Small values": ("Role", "Span", "Verdict"),
    "Judging": ("load_rulebook", "with_options", "judge_call", "judge", "score"),
    "What judging says": ("Judgement", "Finding", "Score"),
    "Rulebooks": ("Rulebook", "Rule"),
    "Adding up": ("read_scorecards", "Scorecards", "merge"),
    "Two rulebooks compared": ("compare", "Comparison"),
    "Beside graders": (
        "read_labels",
        "Label",
        "stored_findings",
        "calibrate",
        "Calibration",
        "sweep_clause",
        "Sweep",
    ),
    "Against exact truth": ("evaluate",),
    "Figures": ("draw_timeline",),
}
"""Every public name once, in the order of use."""

_INTRODUCTION = """\
What notebooks and programs import from `pipeline`, the package that the command `callaudit` is built on. Each
name is loaded when it is first used. What is not here may change from one version to the next.

```python
from pathlib import Path
from pipeline import StoreReader, judge_call, load_rulebook, with_options

store = StoreReader(Path("demo-out"))  # from any folder; nothing is opened yet
call = store.read_call("dev-005")
for judgement in store.judgements_of(call):  # as stored
    print(judgement.score.standard, judgement.score.score)

book = with_options(load_rulebook("dinghao-380"), "OPS-01", at_most=220)
judge_call(call, book).score.score  # as it would be
store.frame("findings")  # any table, as a pandas DataFrame
```

Values are frozen. Calls, findings, scores, judgements, scorecards, calibrations, sweeps and comparisons show
themselves in a notebook as tables. Times are seconds from the start of the recording; what could not be
measured is `None` with a reason, never 0. Whatever is wrong with what you give is a
`pipeline.errors.CallauditError` whose message says what was seen and what was expected."""

_READING = (
    *("dates", "count", "read_call", "read_calls", "standards", "judgements_of", "read_judgements"),
    *("frame", "tables", "table", "failures", "damaged"),
)
"""Of a store's methods those for readers; the others are for whatever writes."""

_CALL = re.compile(r":(?:func|meth|class|mod|attr):`~?([^`]+)`")


def api_page() -> str:
    """Return the page of every public name."""
    names = [name for section in SECTIONS.values() for name in section]
    overview = table(
        ("name", "what it is"),
        [(f"[{code(n)}](#{_anchor(n, names)})", _summary(_parsed(getattr(pipeline, n)))) for n in names],
    )
    blocks = [_INTRODUCTION, overview]
    for title, section in SECTIONS.items():
        blocks += [f"## {title}", *(block for name in section for block in _described(name))]
    return page("Public names", *blocks)


def _anchor(name: str, names: Sequence[str]) -> str:
    """Return what a heading is linked by: of those that differ in case only the later is numbered."""
    before = [n.lower() for n in names[: names.index(name)]].count(name.lower())
    return f"{name.lower()}-{before}" if before else name.lower()


def _parsed(owner: object) -> Docstring:
    doc = owner.__doc__
    if not doc:
        raise ValueError(f"{owner!r} has no docstring; expected one for docs/api.md")
    return parse(cleandoc(doc), style=DocstringStyle.NUMPYDOC)


def _described(name: str) -> Iterator[str]:
    """Yield the blocks of one name: what it is, what it takes, what it holds and what it can."""
    owner = getattr(pipeline, name)
    yield f"### {name}"
    if isinstance(owner, type):
        yield from _class(owner)
    else:
        yield from _function(owner, name)


def _function(owner: object, name: str) -> Iterator[str]:
    yield f"```python\n{_signature(owner, name)}\n```"
    parts = _parsed(owner)
    yield _prose(parts)
    if parts.params:
        yield "**Takes**\n\n" + "\n".join(_item(p.arg_name, p.description) for p in parts.params)
    returns = parts.returns
    if returns is not None and returns.description:
        yield f"**Returns** {_line(returns.description)}"
    if parts.raises:
        yield "**Raises**\n\n" + "\n".join(_item(r.type_name or "", r.description) for r in parts.raises)


def _class(owner: type) -> Iterator[str]:
    parts = _parsed(owner)
    yield _prose(parts)
    if issubclass(owner, Enum):
        yield "Values: " + ", ".join(code(str(member.value)) for member in owner) + "."
        return
    described = {name.strip(): p.description for p in parts.params for name in p.arg_name.split(",")}
    if is_dataclass(owner):
        rows = [
            (code(f.name), code(str(f.type)), _line(described.get(f.name))) for f in fields(owner) if f.init
        ]
        yield table(("attribute", "type", "meaning"), rows)
    else:
        yield f"```python\n{_signature(owner, owner.__name__)}\n```"
    methods = [
        (name, member)
        for base in reversed(owner.mro())
        for name, member in vars(base).items()
        if not name.startswith("_")
        and (owner is not pipeline.StoreReader or name in _READING)
        and (inspect.isfunction(member) or isinstance(member, property))
    ]
    if methods:
        yield table(("and", "what it does"), [(_method(n, m), _summary(_parsed(m))) for n, m in methods])


def _method(name: str, member: object) -> str:
    if isinstance(member, property):
        return code(f".{name}")
    return code(f".{_signature(inspect.unwrap(member), name, arrow=False)}")  # type: ignore[arg-type]


def _signature(owner: object, name: str, *, arrow: bool = True) -> str:
    """Return how something is called; in a line of a table (not ``arrow``) without types."""
    signature = inspect.signature(owner)  # type: ignore[arg-type]
    shown: list[str] = []
    for p in signature.parameters.values():
        if p.kind is p.KEYWORD_ONLY and "*" not in shown:
            shown.append("*")
        if p.name != "self":
            shown.append(_parameter(p, typed=arrow))
    returns = signature.return_annotation
    end = f" -> {returns}" if arrow and returns not in (inspect.Signature.empty, "None") else ""
    line = f"{name}({', '.join(shown)}){end}"
    if len(line) <= 100 or not arrow:
        return line
    return f"{name}(\n    " + ",\n    ".join(shown) + f",\n){end}"


def _parameter(parameter: inspect.Parameter, *, typed: bool) -> str:
    text = f"**{parameter.name}" if parameter.kind is parameter.VAR_KEYWORD else parameter.name
    if typed and parameter.annotation is not parameter.empty:
        text += f": {parameter.annotation}"
    if parameter.default is parameter.empty:
        return text
    return f"{text} = {parameter.default!r}" if typed else f"{text}={parameter.default!r}"


def _summary(parts: Docstring) -> str:
    return _line(parts.short_description)


def _prose(parts: Docstring) -> str:
    return "\n\n".join(_marked(t) for t in (parts.short_description, parts.long_description) if t)


def _item(name: str, text: str | None) -> str:
    line = _line(text)
    return f"- {code(name)}: {line}" if line else f"- {code(name)}"


def _line(text: str | None) -> str:
    return " ".join(_marked(text or "").split())


def _marked(text: str) -> str:
    return _CALL.sub(lambda found: code(found[1]), text).replace("``", "`")
