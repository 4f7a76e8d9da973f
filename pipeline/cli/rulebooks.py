"""How rulebooks, rules and coverage are shown, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from inspect import cleandoc
from typing import TYPE_CHECKING

from pipeline.reports.language import Language
from pipeline.reports.plain import plain_text

if TYPE_CHECKING:
    from pydantic import BaseModel
    from rich.table import Table

    from pipeline.rulebook import Rule, Rulebook
    from pipeline.rulebook.coverage import ClauseCoverage


_CHINESE: Mapping[str, str] = {
    "clause": "条款",
    "title": "标题",
    "dimension": "维度",
    "worth": "分值",
    "how": "方式",
    "check": "检查方式",
    "standard": "标准",
    "rulebook": "规则书",
    "source": "来源",
    "how it is decided": "判定办法",
    "advice to agents": "改进建议",
    "options": "选项",
    "applies when": "适用条件",
    "excused when": "免责条件",
    "always": "始终适用",
    "left out": "默认",
    "examples": "示例",
    "pass": "合格",
    "fail": "不合格",
    "review": "人工复核",
    "not applicable": "不适用",
    "judged otherwise": "判定不符",
    "critical": "一票否决",
    "points": "分",
    "patience": "耐心程度",
    "courtesy": "礼貌程度",
    "communication": "沟通能力",
    "compliance": "合规",
    "not observable": "录音中无法观察",
    "by the recording": "凭录音判定",
    "by the recording and the call's metadata": "凭录音和通话信息判定",
    "by the recording or the call's metadata": "凭录音或通话信息判定",
    "by the recording, in part by a person": "凭录音判定，部分由人判断",
    "by a person": "由人判断",
}
# Cells in a line of an explanation.
WIDTH = 79
_HOW = {
    "A": "by the recording",
    "M": "by the recording and the call's metadata",
    "A/M": "by the recording or the call's metadata",
    "A/H": "by the recording, in part by a person",
    "H": "by a person",
}
_VERDICTS = {"pass": "pass", "fail": "fail", "undetermined": "review", "not_applicable": "not applicable"}


def label(text: str, language: Language) -> str:
    """Return a label in the language; English ones are their own keys."""
    return _CHINESE[text] if language is Language.ZH else text


def worth(rule: Rule, language: Language = Language.EN) -> str:
    """Return what a rule is worth: points, critical, or review."""
    if rule.critical or rule.review:
        return label("critical" if rule.critical else "review", language)
    return f"{rule.points:g}"


def rules_table(book: Rulebook, language: Language) -> Table:
    """Return a table of a rulebook's rules, and of the clauses it cannot observe."""
    chinese = language is Language.ZH
    title = f"{book.name}: {book.title_zh if chinese else book.title}"
    heads = ("clause", "title", "dimension", "worth", "how", "check")
    table = _table(title, {label(head, language): head == "title" for head in heads})
    for rule in book.rules:
        shown = rule.title_zh if chinese else rule.title
        cells = (rule.id, shown, label(rule.dimension, language), worth(rule, language), rule.how)
        table.add_row(*_texts((*cells, rule.check.kind)))
    for clause in book.not_observable:
        shown = clause.title_zh if chinese else clause.title
        table.add_row(*_texts((clause.id, shown, "", "", clause.how, label("not observable", language))))
    return table


def explanation(book: Rulebook, rule: Rule, language: Language) -> Iterator[str]:
    """Yield the lines that explain a rule."""
    from pipeline.checks.conditions import CONDITIONS

    def head(text: str) -> str:
        return f"\n{label(text, language)}:"

    chinese = language is Language.ZH
    yield f"{rule.id}  {rule.title_zh if chinese else rule.title}"
    points = "" if rule.critical or rule.review else f" {label('points', language)}"
    decided = label(_HOW[rule.how], language)
    yield f"{label(rule.dimension, language)}, {worth(rule, language)}{points}, {decided} ({rule.how})"
    yield f"{label('rulebook', language)}: {book.name}, {book.title_zh if chinese else book.title}"
    yield f"{label('source', language)}: {book.source}"
    advice = rule.coaching_zh if chinese else rule.coaching
    if advice:
        yield f"{label('advice to agents', language)}: {advice}"
    yield head("how it is decided")
    for paragraph in cleandoc(rule.check.__doc__ or "").replace("``", "").split("\n\n"):
        yield from _wrapped(paragraph.split(), "  ")
        yield ""
    yield f"{label('options', language)}: {rule.check.kind}"
    yield from _options(rule, language)
    for text, names in (("applies when", rule.applies_when), ("excused when", rule.excused_when)):
        yield head(text) if names else f"{head(text)} {label('always', language)}"
        for name in names:
            yield f"  {name}: {cleandoc(CONDITIONS[name].__doc__ or '').splitlines()[0]}"
        if not rule.excused_when and text == "applies when":
            break
    yield from _examples(rule, language)


def _options(rule: Rule, language: Language) -> Iterator[str]:
    for name, field in type(rule.check).model_fields.items():
        value = getattr(rule.check, name)
        left_out = name not in rule.check.model_fields_set and not field.is_required()
        if left_out and value in (None, (), ""):
            continue
        yield (
            f"  {name}:"
            + ("" if isinstance(value, tuple | Mapping) and value else f" {_scalar(value)}")
            + (f" ({label('left out', language)})" if left_out else "")
        )
        yield from _nested(value, "    ")


def _nested(value: object, indent: str) -> Iterator[str]:
    """Yield the lines of a value as a rulebook writes it; a scalar has none of its own."""
    written = _written(value)
    if isinstance(written, Mapping):
        for key, item in written.items():
            deep = isinstance(_written(item), tuple | Mapping)
            yield f"{indent}{key}:" + ("" if deep else f" {_scalar(item)}")
            yield from _nested(item, indent + "  ")
    elif isinstance(written, tuple) and all(isinstance(item, str) for item in written):
        yield from _wrapped([f"{item}," for item in written[:-1]] + [*written[-1:]], indent)
    elif isinstance(written, tuple):
        for item in written:
            lines = list(_nested(item, indent + "  "))
            if lines:
                yield f"{indent}- {lines[0].strip()}"
                yield from lines[1:]
            else:
                yield f"{indent}- {_scalar(item)}"


def _wrapped(words: Iterable[str], indent: str) -> Iterator[str]:
    """Yield words in lines no wider than a terminal usually is."""
    from rich.cells import cell_len

    line = indent
    for word in words:
        if line != indent and cell_len(line) + cell_len(word) > WIDTH:
            yield line.rstrip()
            line = indent
        line += f"{word} "
    yield line.rstrip()


def _written(value: object) -> object:
    """Return the keys and values that stand for an option in a rulebook; others as they are."""
    from pydantic import BaseModel

    from pipeline.checks import Check
    from pipeline.checks.combined import Part

    if isinstance(value, Part):
        name = {"name": value.name} if value.name else {}
        return {**name, "check": value.check.kind, **_given(value.check)}
    if isinstance(value, Check):
        return {"check": value.kind, **_given(value)}
    return _given(value) if isinstance(value, BaseModel) else value


def _given(model: BaseModel) -> dict[str, object]:
    fields = type(model).model_fields
    return {name: getattr(model, name) for name in fields if name in model.model_fields_set}


def _scalar(value: object) -> str:
    source = getattr(value, "source", value)
    return f"{source:g}" if isinstance(source, float) else str(source)


def _examples(rule: Rule, language: Language) -> Iterator[str]:
    for example in rule.examples:
        shown = label(_VERDICTS[example.wanted.value], language)
        yield f"\n{label('examples', language)}, {shown} ({example.path}:{example.line}):"
        yield from (f"  {line}" for line in example.source.strip().splitlines())


def coverage_table(clauses: Sequence[ClauseCoverage], language: Language) -> Table:
    """Return a table of clauses, their checks and their examples."""
    counted = ("pass", "fail", "review", "not applicable", "judged otherwise")
    heads = {label(head, language): False for head in ("standard", "clause", "how", "check")}
    table = _table(None, heads | {label(head, language): True for head in counted})
    for c in clauses:
        counts = [str(n or "") for n in (c.passing, c.failing, c.review, c.not_applicable, c.wrong)]
        check = c.check or label("not observable", language)
        table.add_row(*_texts((c.standard, c.clause, c.how, check, *counts)))
    return table


def coverage_lines(clauses: Sequence[ClauseCoverage]) -> Iterator[str]:
    """Yield the totals, and every clause that lacks something."""
    automatic = [c for c in clauses if c.automatic]
    people = [c for c in clauses if c.how == "H"]
    covered = sum(c.covered for c in automatic)
    yield f"{covered} of {len(automatic)} automatic clauses have a check, a passing and a failing example"
    yield f"{sum(c.covered for c in people)} of {len(people)} clauses for a person have their moments shown"
    yield f"{len(clauses) - len(automatic) - len(people)} clauses are not observable in a recording"
    for c in clauses:
        if (c.automatic or c.how == "H") and not c.covered:
            yield f"{c.standard} {c.clause}: {_lacks(c)}"


def _lacks(clause: ClauseCoverage) -> str:
    wanted = (
        (("passing", clause.passing), ("failing", clause.failing))
        if clause.automatic
        else (("review", clause.review),)
    )
    lacking = [f"no {name} example" for name, count in wanted if not count]
    lacking += [f"{clause.wrong} examples judged otherwise than they should be"] if clause.wrong else []
    return ", ".join(lacking)


def _table(title: str | None, heads: Mapping[str, bool]) -> Table:
    """Make a table with these columns; those that are true may be broken over lines."""
    from rich import box
    from rich.table import Table

    shown = None if title is None else _texts([title])[0]
    table = Table(
        box=box.SIMPLE_HEAD,
        title=shown,
        title_justify="left",
        title_style="bold",
        pad_edge=False,
        collapse_padding=True,
    )
    for head, wide in heads.items():
        table.add_column(head, overflow="fold", no_wrap=not wide)
    return table


def _texts(cells: Iterable[str]) -> list[str]:
    """Cells that cannot command the terminal and are not read as markup."""
    from rich.markup import escape

    return [escape(plain_text(cell)) for cell in cells]
