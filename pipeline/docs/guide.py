"""The guide to writing a rulebook; what its commands print is what they print when the page is written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.dialogue import dialogue_call
from pipeline.docs.markdown import page
from pipeline.store import Store

TABLES = "clinic-tables"
_TERMINAL = {"COLUMNS": "96", "FORCE_COLOR": None}
_TEXT = Path(__file__).with_name("guide.md")

# Calls of a clinic, as they are stored after `callaudit hear`.
_CALLS = {
    "A01-0912": """\
agent: 您好，仁和口腔，请问有什么可以帮您？
customer: 我想约洗牙，周三上午行吗？
agent: 可以的，周三上午九点，已经给您约好了。
customer: 谢谢。
agent: 不客气，请您提前十分钟到，再见。
""",
    "A02-0931": """\
agent: 喂，仁和口腔，什么事？
customer: 我补的牙又疼了，能今天过来吗？
agent: 今天约满了，明天下午来。
customer: 好吧，谢谢。
agent: 嗯，再见。
""",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One fenced block of the guide: its language, its first word after that, and its text."""

    language: str
    argument: str
    text: str


def guide_page() -> str:
    """Return the guide, its files written and its commands run in a folder of their own."""
    parts = read_guide(_TEXT.read_text(encoding="utf-8"))
    with TemporaryDirectory() as folder, chdir(folder):
        store_calls(Path(TABLES))
        text = "".join(part if isinstance(part, str) else _shown(part) for part in parts)
    title, *blocks = text.strip("\n").split("\n\n", 1)
    return page(title.removeprefix("# "), *blocks)


def read_guide(text: str) -> Iterator[str | Step]:
    """Yield the guide's prose and its fenced blocks, in order."""
    prose: list[str] = []
    block: list[str] | None = None
    head = ""
    for line in text.splitlines(keepends=True):
        if line.startswith("```") and block is None:
            yield "".join(prose)
            prose, block, head = [], [], line[3:].strip()
        elif line.startswith("```") and block is not None:
            language, _, argument = head.partition(" ")
            yield Step(language, argument, "".join(block))
            block = None
        elif block is None:
            prose.append(line)
        else:
            block.append(line)
    yield "".join(prose)


def store_calls(folder: Path) -> None:
    """Store the clinic's calls, as if they had been heard."""
    store = Store(folder)
    with store.writing():
        for name, source in _CALLS.items():
            call = dialogue_call(source, call_id=name)
            agent, time = name.split("-")
            started_at = datetime.fromisoformat(f"2026-10-09T{time[:2]}:{time[2:]}:00+08:00")
            record = replace(call.record, agent_id=agent, started_at=started_at, standards=("clinic",))
            store.write_call(replace(call, record=record))


def run_line(line: str) -> str:
    """Run one ``callaudit`` command in the current folder and return what it prints, errors after the rest.

    Raises
    ------
    ValueError
        When it is another command, or ends in an unexpected error.
    """
    program, *arguments = line.split()
    if program != "callaudit":
        raise ValueError(f"{line}: expected a callaudit command")
    done = CliRunner().invoke(app, arguments, prog_name=program, env=_TERMINAL)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise ValueError(f"{line}: {done.exception}") from done.exception
    printed = "\n".join(x.rstrip() for x in (done.stdout + done.stderr).splitlines())
    return printed.replace(f"{Path.cwd()}{os.sep}", "")


def _shown(step: Step) -> str:
    """Return a block as the page shows it, after doing what it says."""
    if step.language == "yaml":
        Path(step.argument).write_text(step.text, encoding="utf-8")
        return f"```yaml\n# {step.argument}\n{step.text}```\n"
    printed = "\n".join(run_line(line) for line in step.text.splitlines())
    return f"```sh\n{step.text}```\n\n```text\n{printed.strip(chr(10))}\n```\n"
