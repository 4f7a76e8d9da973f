"""The examples for systemd, cron and Prometheus hang together with what the program does."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from prometheus_client import generate_latest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.nightly import metrics
from pipeline.nightly.summary import Ending, JudgedCounts, NightSummary, SourceCounts

DEPLOY = Path(__file__).parents[1] / "configs" / "deploy"
SERVICE, TIMER = DEPLOY / "callaudit-nightly.service", DEPLOY / "callaudit-nightly.timer"
HARDENED = {
    "PrivateNetwork": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "NoNewPrivileges": "yes",
    "UMask": "0077",
}


def unit(path: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None, strict=False)
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read(path, encoding="utf-8")
    return read


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for path in (SERVICE, TIMER):
        # The program lies elsewhere here.
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", path.read_text(encoding="utf-8"), flags=re.M)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    units = [str(tmp_path / path.name) for path in (SERVICE, TIMER)]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    told = [line for line in done.stderr.splitlines() if "callaudit" in line]
    assert (done.returncode, told) == (0, [])


def test_the_service_has_no_network_and_writes_only_where_it_must() -> None:
    service = unit(SERVICE)["Service"]
    assert {key: service[key] for key in HARDENED} == HARDENED
    assert service["ReadWritePaths"].split() == ["/srv/callaudit", "/var/lib/node_exporter/textfile"]
    assert service["MemoryMax"]
    # A night cut by its deadline, or with failures, is no failed unit.
    assert service["SuccessExitStatus"] == "1 4"
    assert "MemoryDenyWriteExecute" not in service, "compiled phrase matching needs it"


@pytest.mark.parametrize("path", [SERVICE, DEPLOY / "callaudit.cron"])
def test_the_command_lines_are_understood(path: Path) -> None:
    (arguments,) = re.findall(r"bin/callaudit (.*?)(?: >.*)?$", path.read_text(encoding="utf-8"), re.M)
    config = str(DEPLOY.parent / "nightly.yaml")
    done = CliRunner().invoke(
        app, [*arguments.replace("/etc/callaudit/nightly.yaml", config).split(), "--check"]
    )
    assert done.exit_code == 0, done.stderr


def test_the_crontab_has_a_schedule_and_a_user() -> None:
    lines = (DEPLOY / "callaudit.cron").read_text(encoding="utf-8").splitlines()
    jobs = [line for line in lines if line and not line.startswith("#") and "=" not in line.split()[0]]
    (job,) = jobs
    assert re.match(r"\d+ \d+ \* \* \* callaudit ", job)


def test_alerts_ask_for_metrics_that_are_written() -> None:
    rules = YAML(typ="safe").load(DEPLOY / "callaudit-alerts.yaml")["groups"][0]["rules"]
    summary = NightSummary(
        Ending.DONE,
        "2026-11-22T01:00:00+08:00",
        "2026-11-22T02:00:00+08:00",
        3600.0,
        1.0,
        sources=(SourceCounts("a", audio_s=1.0),),
        judged=JudgedCounts(undetermined_share=0.1),
    )
    registry = metrics._registry(summary, 1.0)
    written = set(re.findall(r"^# TYPE (\w+)", generate_latest(registry).decode(), re.M))
    asked = {name for rule in rules for name in re.findall(r"callaudit_\w+", rule["expr"])}
    assert asked <= written
    outcomes = {
        o
        for rule in rules
        for found in re.findall(r'outcome=~?"([^"]+)"', rule["expr"])
        for o in found.split("|")
    }
    assert outcomes <= set(metrics.CALLS)
    assert all({"summary", "action"} <= set(rule["annotations"]) for rule in rules)
