"""callaudit: hear recorded calls once, judge them often.

The public names for notebooks live here; each is imported when first used, so that
``import pipeline`` and the command line stay light.

Examples
--------
>>> from pathlib import Path
>>> from pipeline import StoreReader, judge_call, load_rulebook
>>> call = StoreReader(Path("demo-out")).read_call("dev-001")  # doctest: +SKIP
>>> judge_call(call, load_rulebook("dinghao-380")).score.score  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.audit import judge_call
    from pipeline.call import (
        Call,
        CallRecord,
        Event,
        EventKind,
        Finding,
        Measurement,
        Role,
        Score,
        Utterance,
        Verdict,
    )
    from pipeline.evaluation import evaluate
    from pipeline.rulebook import judge, load_rulebook
    from pipeline.scorecards import merge
    from pipeline.scoring import score
    from pipeline.spans import Span
    from pipeline.store import StoreReader

__version__ = "0.1.0"

__all__ = [
    "Call",
    "CallRecord",
    "Event",
    "EventKind",
    "Finding",
    "Measurement",
    "Role",
    "Score",
    "Span",
    "StoreReader",
    "Utterance",
    "Verdict",
    "__version__",
    "evaluate",
    "judge",
    "judge_call",
    "load_rulebook",
    "merge",
    "score",
]

_HOMES = {
    "evaluate": "pipeline.evaluation",
    "judge": "pipeline.rulebook",
    "judge_call": "pipeline.audit",
    "load_rulebook": "pipeline.rulebook",
    "merge": "pipeline.scorecards",
    "score": "pipeline.scoring",
    "Span": "pipeline.spans",
    "StoreReader": "pipeline.store",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(_HOMES.get(name, "pipeline.call")), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Public names, imported or not, beside what modules carry."""
    return sorted({*globals(), *__all__})
