"""callaudit: hear recorded calls once, judge them often.

The public names for notebooks live here; each is imported when first used, so that
``import pipeline`` and the command line stay light. docs/api.md describes them.

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

from pipeline.version import __version__

if TYPE_CHECKING:
    from pipeline.audit import judge_call
    from pipeline.audit.comparing import Comparison, compare
    from pipeline.calibration import (
        Calibration,
        Label,
        Sweep,
        calibrate,
        read_labels,
        stored_findings,
        sweep_clause,
    )
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
    from pipeline.notebook.figures import draw_timeline
    from pipeline.rulebook import Rule, Rulebook, judge, load_rulebook, with_options
    from pipeline.scorecards import Scorecards, merge, read_scorecards
    from pipeline.scoring import score
    from pipeline.spans import Span
    from pipeline.store import StoreReader
    from pipeline.tables import Judgement

__all__ = [
    "Calibration",
    "Call",
    "CallRecord",
    "Comparison",
    "Event",
    "EventKind",
    "Finding",
    "Judgement",
    "Label",
    "Measurement",
    "Role",
    "Rule",
    "Rulebook",
    "Score",
    "Scorecards",
    "Span",
    "StoreReader",
    "Sweep",
    "Utterance",
    "Verdict",
    "__version__",
    "calibrate",
    "compare",
    "draw_timeline",
    "evaluate",
    "judge",
    "judge_call",
    "load_rulebook",
    "merge",
    "read_labels",
    "read_scorecards",
    "score",
    "stored_findings",
    "sweep_clause",
    "with_options",
]

_HOMES = {
    "calibrate": "pipeline.calibration",
    "Calibration": "pipeline.calibration",
    "compare": "pipeline.audit.comparing",
    "Comparison": "pipeline.audit.comparing",
    "draw_timeline": "pipeline.notebook.figures",
    "evaluate": "pipeline.evaluation",
    "judge": "pipeline.rulebook",
    "judge_call": "pipeline.audit",
    "Judgement": "pipeline.tables",
    "Label": "pipeline.calibration",
    "load_rulebook": "pipeline.rulebook",
    "merge": "pipeline.scorecards",
    "read_labels": "pipeline.calibration",
    "read_scorecards": "pipeline.scorecards",
    "Rule": "pipeline.rulebook",
    "Rulebook": "pipeline.rulebook",
    "score": "pipeline.scoring",
    "Scorecards": "pipeline.scorecards",
    "Span": "pipeline.spans",
    "stored_findings": "pipeline.calibration",
    "StoreReader": "pipeline.store",
    "Sweep": "pipeline.calibration",
    "sweep_clause": "pipeline.calibration",
    "with_options": "pipeline.rulebook",
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
