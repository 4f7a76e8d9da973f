"""The notebooks run from a clean clone on the stored example, and on a night of calls at the edges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pyarrow.parquet as pq
import pytest
from jupyter_client.manager import KernelManager, start_new_kernel
from nbclient import NotebookClient

from pipeline import Call, load_rulebook
from pipeline.audit import judge_night, score_night
from pipeline.dialogue import dialogue_call
from pipeline.store import Store, StoreReader
from pipeline.tables import SCHEMAS

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]
LONGEST_OUTPUT_CHARS = 400_000

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
    standards = ("dinghao-380",)
    record = replace(call.record, started_at=started_at, agent_id=agent, standards=standards)
    return replace(call, record=record)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("night")
    calls = (
        _call(HELD, "$held$ <b>", day="2026-10-09", agent="A01"),
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
def kernel(night: Path) -> Iterator[KernelManager]:
    """A kernel that knows the night, for one notebook after the other: to start one takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("CALLAUDIT_OUT", str(night))
        manager, client = start_new_kernel(kernel_name="python3", cwd=str(ROOT / "notebooks"))
    client.stop_channels()
    yield manager
    manager.shutdown_kernel(now=True)


def _executed(name: str, kernel: KernelManager | None = None) -> Any:
    """Execute a notebook, in a kernel of its own on the stored example unless one is given."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CALLAUDIT_OUT", raising=False)
        patch.setenv("PYTHONPATH", str(ROOT))
        where = {"metadata": {"path": str(ROOT / "notebooks")}}
        NotebookClient(notebook, km=kernel, timeout=300, kernel_name="python3", resources=where).execute()
    return notebook


def _outputs(notebook: Any) -> list[Any]:
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


def _page(notebook: Any) -> str:
    shown = [output.get("data", {}) for output in _outputs(notebook)]
    return "".join(data.get("text/html", data.get("text/plain", "")) for data in shown)


@pytest.mark.parametrize(
    ("name", "figures", "wanted"),
    [
        ("agents_and_teams", 4, ("A01", "陈静", "一组", "OPS-01", "chance")),
        ("backtest_a_threshold", 2, ("fail → pass", "OPS-25", "dinghao-380 → dinghao-380")),
        (
            "calibrate_a_rulebook",
            3,
            ("The audit beside graders", "agrees best", "values of every_s"),
        ),
        ("explore_a_call", 2, ("Call dev-003", "OPS-25", "gross_pace", "23.5 s dead")),
    ],
)
def test_it_says_and_draws_what_it_should_on_the_stored_example(
    name: str, figures: int, wanted: tuple[str, ...]
) -> None:
    executed = _executed(name)
    outputs = _outputs(executed)
    assert sum("image/png" in output.get("data", {}) for output in outputs) == figures
    page = _page(executed)
    assert [text for text in wanted if text not in page] == []
    # Warnings of pandas, fonts that lack a character: a reader would see them.
    assert [output.text for output in outputs if output.output_type == "stream"] == []
    assert len(page) < LONGEST_OUTPUT_CHARS


@pytest.mark.parametrize("name", [name for name in NAMES if name != "calibrate_a_rulebook"])
def test_it_runs_on_few_calls_without_agent_shift_or_channels(name: str, kernel: KernelManager) -> None:
    executed = _executed(name, kernel)
    assert "$held$ <b>" not in _page(executed)
    # The next notebook begins with nothing of this one.
    forgetting = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("%reset -f")])
    NotebookClient(forgetting, km=kernel).execute()


def test_there_are_four() -> None:
    assert NAMES == ["agents_and_teams", "backtest_a_threshold", "calibrate_a_rulebook", "explore_a_call"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_it_is_committed_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [(cell.outputs, cell.execution_count) for cell in code] == [([], None)] * len(code)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_its_links_lead_to_files(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_it_imports_nothing_private(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert set(re.findall(r"^(?:from|import) (pipeline\S*)", code, re.MULTILINE)) == {"pipeline"}


def test_no_code_is_in_two_notebooks() -> None:
    cells = [
        cell.source
        for path in NOTEBOOKS
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code" and len(cell.source.splitlines()) > 1
    ]
    functions = re.findall(r"^def (\w+)", "\n".join(cells), re.MULTILINE)
    assert len(set(cells)) == len(cells)
    assert len(set(functions)) == len(functions)


def test_the_stored_example_has_the_tables_of_today() -> None:
    store = StoreReader(ROOT / "data" / "example")
    assert store.count() > 200
    for table in SCHEMAS:
        for part in sorted((ROOT / "data" / "example" / table).rglob("*.parquet")):
            assert pq.read_schema(part).names == SCHEMAS[table].names, part
    assert [store.damaged(day) for day in store.dates()] == [{}] * len(store.dates())
