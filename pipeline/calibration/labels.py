"""Labels: what careful graders say of a clause on a call, one row each, as a spreadsheet exports them."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.call import Verdict
from pipeline.errors import ConfigError
from pipeline.spreadsheets import undo_neutral
from pipeline.tables import unescape

REQUIRED = ("call_id", "rule_id", "verdict")
OPTIONAL = ("call_date", "standard", "grader")
WORDS = {verdict.value: verdict for verdict in Verdict} | {
    "n/a": Verdict.NOT_APPLICABLE,
    "not applicable": Verdict.NOT_APPLICABLE,
    "通过": Verdict.PASS,
    "合格": Verdict.PASS,
    "不通过": Verdict.FAIL,
    "不合格": Verdict.FAIL,
    "不适用": Verdict.NOT_APPLICABLE,
    "无法判断": Verdict.UNDETERMINED,
}
LISTED = 20


@dataclass(frozen=True, slots=True)
class Label:
    """One grader's verdict on one clause of one call.

    Attributes
    ----------
    verdict : Verdict
        ``undetermined`` where the grader cannot tell.
    call_date, standard : str or None
        Where the call's id comes on several days, or the clause in several standards.
    grader : str or None
        Who says so.
    """

    call_id: str
    rule_id: str
    verdict: Verdict
    call_date: str | None = None
    standard: str | None = None
    grader: str | None = None


def read_labels(path: Path) -> tuple[Label, ...]:
    """Read labels from a CSV file in UTF-8 or GB18030.

    Columns ``call_id``, ``rule_id`` and ``verdict`` (pass, fail, not_applicable, undetermined; 通过, 不通过,
    不适用, 无法判断) are needed; ``call_date``, ``standard`` and ``grader`` are read, others left alone. A
    row with neither a verdict nor a grader is one that nobody has graded yet, and is passed over.

    Raises
    ------
    ConfigError
        With every row that cannot be used, by the line of the file; or when the file cannot be read.
    """
    return read_graded(path)[0]


def read_graded(path: Path) -> tuple[tuple[Label, ...], int]:
    """Read labels as `read_labels` does, and count the rows that nobody has graded yet."""
    frame = _read(path)
    missing = [name for name in REQUIRED if name not in frame]
    if missing:
        seen = ", ".join(map(str, frame.columns[:LISTED]))
        raise ConfigError(f"{path}: no column {', '.join(missing)}; columns seen: {seen}")
    labels: list[Label] = []
    wrong: list[str] = []
    waiting = 0
    for line, row in _rows(frame):
        verdict = WORDS.get(row["verdict"].casefold())
        empty = [name for name in ("call_id", "rule_id") if not row[name]]
        if empty:
            wrong.append(f"{path}:{line}: {' and '.join(empty)} is empty")
        elif not row["verdict"] and not row.get("grader"):
            waiting += 1
        elif verdict is None:
            expected = "pass, fail, not_applicable or undetermined"
            wrong.append(f"{path}:{line}: the verdict is {row['verdict']!r}; expected {expected}")
        else:
            optional = (row.get(name) or None for name in OPTIONAL)
            labels.append(Label(unescape(row["call_id"]), row["rule_id"], verdict, *optional))
    wrong += _twice(path, labels)
    if wrong:
        more = [f"and {len(wrong) - LISTED} more"] if len(wrong) > LISTED else []
        raise ConfigError("\n".join([*wrong[:LISTED], *more]))
    if not labels and waiting:
        raise ConfigError(f"{path}: none of {waiting} rows is graded yet; expected a verdict and who says so")
    if not labels:
        raise ConfigError(f"{path}: has no labels; expected a row for each graded clause of a call")
    return tuple(labels), waiting


def _read(path: Path) -> pd.DataFrame:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            # Blank lines are kept, so that rows can be named by their line.
            frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, skip_blank_lines=False)
        except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
            raise ConfigError(f"{path}: not valid CSV: {error}") from error
        frame.columns = [str(name).strip().casefold() for name in frame.columns]
        return frame
    raise ConfigError(f"{path}: cannot be read as text; expected CSV in UTF-8 or GB18030")


def _rows(frame: pd.DataFrame) -> Iterator[tuple[int, dict[str, str]]]:
    for line, values in enumerate(frame.itertuples(index=False), start=2):
        row = {
            name: "" if pd.isna(v) else undo_neutral(str(v).strip())
            for name, v in zip(frame.columns, values, strict=True)
        }
        if any(row.values()):
            yield line, row


def _twice(path: Path, labels: list[Label]) -> list[str]:
    counted = Counter((x.call_id, x.call_date, x.standard, x.rule_id, x.grader) for x in labels)
    return [
        f"{path}: {count} labels of {rule_id} for call {call_id!r} by {grader or 'one grader'}; expected one"
        for (call_id, _, _, rule_id, grader), count in counted.items()
        if count > 1
    ]
