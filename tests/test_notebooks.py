"""The notebook runs on a night of made calls, from the tables alone: no recogniser, no audio."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from pipeline import Call, load_rulebook
from pipeline.audit import judge_night, score_night
from pipeline.dialogue import dialogue_call
from pipeline.store import Store

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "notebooks" / "explore_calls.ipynb"

HELD = """
@ring_s 9
[ring 9]
agent: 您好，请问有什么可以帮您？
customer: 我的水表好像坏了，什么时候能来修？
agent: 我帮您查一下，请您稍等，好吗？
customer: 好的。
[hold 28 music]
agent: 明天上午来修。
customer: 知道了，谢谢。
"""
RUDE = """
@pace 310
agent: 喂，什么事？
customer: 我上周在你们店里买的电风扇，回家一开就有怪味，我想换一台新的。
agent(-3.5): 换不了换不了，不能办就是不能办，你有完没完。
"""
MONO = """
@mono
agent: 您好，请问您要挂哪个科？
customer: 你帮我挂个皮肤科吧。
agent: 好的，给您挂明天上午的号，感谢您的来电，祝您愉快，再见！
"""
SILENT = "@direction unknown\ncustomer: 喂？"


def _call(source: str, call_id: str, *, day: str, agent: str | None) -> Call:
    call = dialogue_call(source, call_id=call_id)
    started_at = datetime.fromisoformat(f"{day}T09:12:30+08:00")
    return replace(call, record=replace(call.record, started_at=started_at, agent_id=agent))


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("night")
    calls = (
        _call(HELD, "held", day="2026-10-09", agent="A01"),
        _call(MONO, "mono", day="2026-10-09", agent="A02"),
        _call(RUDE, "rude", day="2026-10-10", agent="A02"),
        _call(SILENT, "silent", day="2026-10-11", agent=None),
    )
    store = Store(out)
    with store.writing():
        for call in calls:
            store.write_call(call)
        judge_night(store, [load_rulebook("dinghao-380")])
        score_night(store)
    return out


@pytest.fixture(scope="module")
def executed(night: Path) -> Any:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CALLAUDIT_OUT", str(night))
        where = {"metadata": {"path": str(ROOT)}}
        NotebookClient(notebook, timeout=120, kernel_name="python3", resources=where).execute()
    return notebook


def _outputs(notebook: Any) -> list[Any]:
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


def test_it_is_committed_without_outputs() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [(cell.outputs, cell.execution_count) for cell in code] == [([], None)] * len(code)


def test_it_draws_its_figures_and_lists_the_calls(executed: Any) -> None:
    shown = [output.get("data", {}) for output in _outputs(executed)]
    assert sum("image/png" in data for data in shown) == 2
    page = "".join(data.get("text/html", "") for data in shown)
    for wanted in ("held", "mono", "rude", "silent", "OPS-25", "OPS-26", "OPS-70", "longest_wait_s"):
        assert wanted in page


def test_its_figures_need_no_font_of_their_own(executed: Any) -> None:
    streams = "".join(o.get("text", "") for o in _outputs(executed) if o.output_type == "stream")
    assert "missing from" not in streams


def test_its_contents_lead_to_headings() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    headings = {heading.strip().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    links = set(re.findall(r"\]\(#([^)]+)\)", text))
    assert links
    assert links <= headings


def test_it_imports_nothing_private() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert set(re.findall(r"^(?:from|import) (pipeline\S*)", code, re.MULTILINE)) == {"pipeline"}
