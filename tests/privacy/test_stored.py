"""What is stored, read and judged of a redacted call, and what a night does with a stored one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import made_calls as made
import pytest

from pipeline.audit import Outcome, hear_night, judge_night
from pipeline.audit.hearing import with_metadata
from pipeline.call import Call
from pipeline.dialogue import dialogue_call
from pipeline.hearing import Hearing, HearingOptions
from pipeline.privacy import redact
from pipeline.rulebook import judge, load_rulebook
from pipeline.store import Store, StoreReader
from pipeline.transcribers.canned import CannedTranscriber

TALK = """
@customer_name 顾晓晨
agent: 您好，请问有什么可以帮您？
customer: 你好，我姓顾，我的手机是13655582741，家里电话零二一六四八二九九三七。
agent: 顾女士您好，跟您核对一下，一三六五五五八二七四一，对吗？
customer: 对，卡号六二二二零二一二零四零一一八八八三二七。
"""
SECRETS = ("13655582741", "5558", "五五五八", "六四八二", "六二二二", "顾")


def _call() -> Call:
    call = dialogue_call(TALK)
    record = replace(made.record("c1"), customer_name="顾晓晨")
    return replace(call, record=record, sha256="aa", hearing_key="h1")


def test_no_table_holds_a_value(tmp_path):
    call = _call()
    books = [load_rulebook("dinghao-380"), load_rulebook("telecom-10000")]
    store = Store(tmp_path / "out")
    with store.writing():
        store.write_call(redact(call))
        judge_night(store, books)
    cells = [
        str(value)
        for table in ("calls", "utterances", "events", "measurements", "findings", "scores")
        for part in StoreReader(tmp_path / "out").tables(table)
        for row in part.to_pylist()
        for column, value in row.items()
        if column not in ("sha256", "hearing_key", "rulebook_hash")
    ]
    assert not [cell for cell in cells if any(secret in cell for secret in SECRETS)]
    assert any("[手机号]" in cell for cell in cells)
    (back,) = StoreReader(tmp_path / "out").read_calls()
    assert back == redact(call)
    for book in books:
        (judged,) = StoreReader(tmp_path / "out").read_judgements("2026-10-09", book.name, call_id="c1")
        full = judge(call, book)
        assert [(f.rule_id, f.verdict) for f in judged.findings] == [(f.rule_id, f.verdict) for f in full]


@pytest.mark.parametrize(("name", "heard_again"), [("顾晓晨", 0), (None, 0), ("王", 0)])
def test_a_redacted_call_is_known_on_the_next_night(tmp_path, name: str | None, heard_again: int):
    again = _hear_twice(tmp_path, "顾晓晨", name)
    assert again == heard_again
    (back,) = StoreReader(tmp_path / "out").read_calls()
    assert back.record.customer_name in ("[姓名]", None)


def test_new_metadata_leave_the_pace_of_redacted_speech_as_it_was():
    full = replace(
        dialogue_call("""
            @customer_name Ann Novak
            agent: Good morning and thank you for calling, am I speaking with Ann Novak on this line today?
            customer: Yes, and my phone is one three eight five five five two one zero nine seven six.
        """),
        redacted=False,
    )
    kept = redact(full)
    record = replace(kept.record, team="night")
    paces = [
        {(m.name, m.role): m.value for m in call.measurements if m.unit == "words/min"}
        for call in (with_metadata(full, replace(full.record, team="night")), with_metadata(kept, record))
    ]
    assert paces[0]
    assert paces[0] == paces[1]


def test_a_name_that_comes_to_be_known_has_the_call_heard_again(tmp_path):
    assert _hear_twice(tmp_path, None, "顾晓晨") == 1
    (back,) = StoreReader(tmp_path / "out").read_calls()
    assert back.record.customer_name == "[姓名]"


def _hear_twice(tmp_path: Path, first: str | None, then: str | None) -> int:
    """Hear a call whose log has one name and then another; how often it was heard the second time."""
    path = tmp_path / "c1.wav"
    path.write_bytes(b"sound")
    heard: list[str] = []

    def executor(tasks):
        for task in tasks:
            heard.append(task.record.call_id)
            call = replace(_call(), record=task.record, sha256=task.sha256)
            yield Outcome(task, redact(call))

    store = Store(tmp_path / "out")
    for name in (first, then):
        heard.clear()
        record = replace(_call().record, path=path, customer_name=name)
        with store.writing():
            hear_night([record], (), store, source="s", hearing_key="h1", executor=executor)
    return len(heard)


def test_whether_personal_data_are_kept_is_part_of_how_a_call_was_heard():
    transcriber = CannedTranscriber([])
    keeping = Hearing(transcriber, HearingOptions(keep_personal_data=True))
    plain = Hearing(transcriber, HearingOptions())
    assert keeping.key != plain.key
    assert keeping.settle(_call()) == _call()
    assert plain.settle(_call()) == redact(_call())
