from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from pipeline.call import CallRecord
from pipeline.errors import ConfigError
from pipeline.intake import COLUMNS, choose_pattern, find_calls

Recorder = Callable[..., Path]
FULL = (
    "call_id,path,started_at,agent_id,agent_name,team,direction,"
    "customer_name,ring_s,hangup_side,agent_channel,standards,shift_started_at\n"
    "c-1,day/1.wav,2026-10-09T09:12:30+08:00,A01,陈静,一组,inbound,"
    "王,4.5,customer,left,dinghao-380; telecom-10000,2026-10-09 08:30\n"
)


@pytest.fixture
def manifest(tmp_path: Path) -> Callable[..., Path]:
    def write(content: str | bytes, *, encoding: str = "utf-8", name: str = "calls.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


Writer = Callable[..., Path]


def full_record(path: Path) -> CallRecord:
    return CallRecord(
        call_id="c-1",
        path=path,
        started_at=datetime.fromisoformat("2026-10-09T09:12:30+08:00"),
        agent_id="A01",
        agent_name="陈静",
        team="一组",
        direction="inbound",
        customer_name="王",
        ring_s=4.5,
        hangup_side="customer",
        agent_channel="left",
        standards=("dinghao-380", "telecom-10000"),
        shift_started_at=datetime.fromisoformat("2026-10-09T08:30:00+08:00"),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_column_in_every_encoding(manifest: Writer, record: Recorder, encoding: str) -> None:
    path = record("day/1.wav")
    intake = find_calls(manifest(FULL, encoding=encoding))
    assert intake.records == (full_record(path),)
    assert (intake.failures, intake.notes) == ((), ())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_separators_line_ends_and_header_case(manifest: Writer, record: Recorder, delimiter: str) -> None:
    record("1.wav")
    text = "Agent_ID,PATH \r\nA1,1.wav\r\n\r\n".replace(",", delimiter)
    (call,) = find_calls(manifest(text)).records
    assert call.agent_id == "A1"


def test_only_path_is_needed(manifest: Writer, record: Recorder) -> None:
    path = record("1.wav")
    assert find_calls(manifest("path\n1.wav\n")).records == (CallRecord("1", path),)


def test_text_stays_text(manifest: Writer, record: Recorder) -> None:
    record("1.wav")
    (call,) = find_calls(manifest("path,agent_id,team,agent_name\n1.wav,007,NA,null\n")).records
    assert (call.agent_id, call.team, call.agent_name) == ("007", "NA", "null")


def test_quoted_cells_may_hold_the_separator(manifest: Writer, record: Recorder) -> None:
    record("a,b.wav")
    (call,) = find_calls(manifest('path,team\n"a,b.wav","x ""y"""\n')).records
    assert (call.call_id, call.team) == ("a,b", 'x "y"')


def test_absolute_and_windows_paths(tmp_path: Path, manifest: Writer, record: Recorder) -> None:
    one, two = record("one/1.wav"), record("two/2.wav")
    records = find_calls(manifest(f"path\n{one}\ntwo\\2.wav\n")).records
    assert [r.path for r in records] == [one, tmp_path / "two" / "2.wav"]
    assert two.exists()


def test_paths_are_relative_to_the_manifest_not_to_here(
    tmp_path: Path, manifest: Writer, record: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    record("1.wav")
    source = manifest("path\n1.wav\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert len(find_calls(source).records) == 1


def test_the_zone_applies_to_times_without_an_offset(manifest: Writer, record: Recorder) -> None:
    record("1.wav")
    source = manifest("path,started_at\n1.wav,2026/10/09 09:12\n")
    (default,) = find_calls(source).records
    (berlin,) = find_calls(source, timezone="Europe/Berlin").records
    assert default.started_at == datetime.fromisoformat("2026-10-09T09:12:00+08:00")
    assert berlin.started_at == datetime.fromisoformat("2026-10-09T09:12:00+02:00")


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("direction", "Inbound", "inbound"),
        ("direction", "OUT", "outbound"),
        ("direction", "呼入", "inbound"),
        ("hangup_side", "客户", "customer"),
        ("agent_channel", "Right", "right"),
        ("ring_s", "0", 0.0),
        ("ring_s", "", None),
        ("direction", " ", None),
        ("standards", "a；b;;a", ("a", "b")),
        ("standards", "", ()),
        ("agent_name", " 陈  静 ", "陈 静"),
        ("call_id", " a/1 ", "a/1"),
    ],
)
def test_values_are_read_leniently_where_the_meaning_is_clear(
    manifest: Writer, record: Recorder, column: str, cell: str, value: object
) -> None:
    record("1.wav")
    (call,) = find_calls(manifest(f'path,{column}\n1.wav,"{cell}"\n')).records
    assert getattr(call, column) == value


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        (
            "started_at",
            "9 Oct",
            "started_at '9 Oct' is not a date with a time; expected for instance 2026-10-09T",
        ),
        ("started_at", "2026-02-30 09:00", "started_at '2026-02-30 09:00' is not a date that exists"),
        ("direction", "sideways", "direction 'sideways' is not known; expected inbound or outbound"),
        ("hangup_side", "both", "hangup_side 'both' is not known; expected agent or customer"),
        ("agent_channel", "middle", "agent_channel 'middle' is not known; expected left or right"),
        ("ring_s", "four", "ring_s 'four' is not a number of seconds, 0 or more"),
        ("ring_s", "-1", "ring_s '-1' is not"),
        ("ring_s", "nan", "ring_s 'nan' is not"),
        ("ring_s", "inf", "ring_s 'inf' is not"),
        ("call_id", "x" * 201, "call_id has 201 characters; at most 200"),
        ("call_id", "a\x07b", "call_id 'a\\x07b' has control characters"),
        ("path", "", "path is empty"),
        ("path", "gone.wav", "no such file"),
        ("path", "notes.txt", "not a recording by its name: extension '.txt'; supported are amr"),
        ("path", "empty.wav", "the file is empty (0 bytes)"),
        ("path", "folder.wav", "is a folder"),
        ("path", "x" * 300 + ".wav", "cannot be opened"),
        ("path", ".", "not a recording by its name"),
        ("path", "https://example.com/1.wav", "no such file"),
    ],
)
def test_a_bad_cell_fails_its_row_and_no_other(
    tmp_path: Path, manifest: Writer, record: Recorder, column: str, cell: str, message: str
) -> None:
    record("1.wav")
    record("2.wav")
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "empty.wav").touch()
    (tmp_path / "folder.wav").mkdir()
    row = f'1.wav,"{cell}"' if column != "path" else f'"{cell}",A1'
    header = f"path,{column}" if column != "path" else "path,agent_id"
    intake = find_calls(manifest(f"{header}\n{row}\n2.wav,\n"))
    assert [r.path.name for r in intake.records] == ["2.wav"]
    (failure,) = intake.failures
    assert failure.stage == "intake"
    assert failure.reason.startswith(f"calls.csv row 2: {message}")


def test_a_row_with_several_problems_is_one_failure_with_all_of_them(manifest: Writer) -> None:
    (failure,) = find_calls(manifest("path,direction,ring_s\ngone.wav,up,x\n")).failures
    for part in ("no such file", "direction 'up'", "ring_s 'x'"):
        assert part in failure.reason
    assert failure.path.endswith("gone.wav")


def test_rows_longer_and_shorter_than_the_header(manifest: Writer, record: Recorder) -> None:
    for name in ("1.wav", "2.wav", "3.wav"):
        record(name)
    intake = find_calls(manifest("path,agent_id,team\n1.wav,A1,x,y\n2.wav\n3.wav,A3,z,,\n"))
    assert [(r.call_id, r.agent_id) for r in intake.records] == [("2", None), ("3", "A3")]
    assert (
        intake.failures[0].reason
        == "calls.csv row 2: 4 cells for 3 columns; quote a cell that holds the separator"
    )


def test_a_second_call_of_the_same_id_fails_naming_both(manifest: Writer, record: Recorder) -> None:
    first, second = record("1.wav"), record("2.wav")
    intake = find_calls(manifest("call_id,path\nc,1.wav\nc,2.wav\n"))
    assert [r.path for r in intake.records] == [first]
    assert intake.failures[0].path == str(second)
    assert (
        intake.failures[0].reason
        == f"calls.csv row 3: call_id 'c' of {second} is already that of {first} (calls.csv row 2)"
    )


def test_of_two_calls_with_one_id_the_first_usable_is_kept(manifest: Writer, record: Recorder) -> None:
    second = record("2.wav")
    intake = find_calls(manifest("call_id,path\nc,gone.wav\nc,2.wav\n"))
    assert [r.path for r in intake.records] == [second]
    assert len(intake.failures) == 1


def test_default_ids_give_way_to_given_ones(manifest: Writer, record: Recorder) -> None:
    for name in ("a/1.wav", "b/1.wav", "2.wav"):
        record(name)
    intake = find_calls(manifest("call_id,path\n1,2.wav\n,a/1.wav\n,b/1.wav\n"))
    assert [r.call_id for r in intake.records] == ["1", "a/1", "b/1"]


def test_columns_that_are_not_used_are_mentioned_once(manifest: Writer, record: Recorder) -> None:
    record("1.wav")
    record("2.wav")
    source = manifest("path,Mood,评分,,\n1.wav,good,5,,\n2.wav,bad,1,,\n")
    intake = find_calls(source)
    assert intake.notes == (f"{source}: columns not used: Mood, 评分",)
    assert len(intake.records) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n", "is empty"),
        (b"path\n", "has a header but no rows"),
        (
            b"file,agent\n1.wav,A1\n",
            "no column path; columns seen: file, agent; expected some of call_id, path",
        ),
        (b"PK\x03\x04\x00junk", r"no column path; columns seen: 'PK\\x03"),
        (b"path,path\n1.wav,2.wav\n", "column path is there twice"),
        (b'path,team\n1.wav,"x\n2.wav,y\n', "line 3: not valid CSV"),
        (b"\xff\xff\xff,path\n", "cannot be read as text; expected CSV in UTF-8 or GB18030"),
    ],
)
def test_a_manifest_that_cannot_be_used(manifest: Writer, content: bytes, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as error:
        find_calls(manifest(content))
    assert "calls.csv" in str(error.value)


def test_parquet_reads_like_csv(tmp_path: Path, record: Recorder) -> None:
    path = record("day/1.wav")
    header, row, _ = FULL.split("\n")
    table = pa.table({name: [cell] for name, cell in zip(header.split(","), row.split(","), strict=True)})
    parquet.write_table(table, tmp_path / "calls.parquet")
    assert find_calls(tmp_path / "calls.parquet").records == (full_record(path),)


def test_parquets_own_types(tmp_path: Path, record: Recorder) -> None:
    for name in ("1.wav", "2.wav"):
        record(name)
    table = pa.table(
        {
            "path": ["1.wav", "2.wav"],
            "call_id": pa.array([11, 12], pa.int64()),
            "agent_id": pa.array([1001.0, None], pa.float64()),
            "started_at": pa.array(
                [datetime(2026, 10, 9, 17, 30, tzinfo=UTC), None], pa.timestamp("us", "UTC")
            ),
            "ring_s": pa.array([4.5, None], pa.float32()),
            "standards": pa.array([["a", "b"], None], pa.list_(pa.string())),
            "mood": ["good", "bad"],
        }
    )
    parquet.write_table(table, tmp_path / "calls.pq")
    intake = find_calls(tmp_path / "calls.pq")
    first, second = intake.records
    assert (first.call_id, first.agent_id, first.ring_s, first.standards) == ("11", "1001", 4.5, ("a", "b"))
    assert first.call_date == "2026-10-10"
    assert second == CallRecord("12", tmp_path / "2.wav")
    assert intake.failures == ()
    assert intake.notes[0].endswith("columns not used: mood")


def test_parquet_rows_fail_by_number_and_without_path_column(tmp_path: Path, record: Recorder) -> None:
    record("1.wav")
    source = tmp_path / "calls.parquet"
    parquet.write_table(pa.table({"path": ["1.wav", None, "gone.wav"], "team": ["a", "b", "c"]}), source)
    intake = find_calls(source)
    assert len(intake.records) == 1
    assert [f.reason for f in intake.failures] == [
        "calls.parquet row 3: path is empty",
        "calls.parquet row 4: no such file",
    ]
    parquet.write_table(pa.table({"file": ["1.wav"]}), source)
    with pytest.raises(ConfigError, match="no column path; columns seen: file"):
        find_calls(source)


@pytest.mark.parametrize("content", [b"", b"not parquet at all"])
def test_a_broken_parquet_file(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "calls.parquet"
    source.write_bytes(content)
    with pytest.raises(ConfigError, match="not a readable Parquet file"):
        find_calls(source)


def test_legs_by_customer_path(manifest: Writer, record: Recorder) -> None:
    agent, customer = record("1-out.wav"), record("1-in.wav")
    source = manifest("path,customer_path,call_id\n1-out.wav,1-in.wav,c\n")
    for pattern in (None, choose_pattern("in-out")):
        (call,) = find_calls(source, pattern=pattern).records
        assert (call.call_id, call.path, call.customer_path) == ("c", agent, customer)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1-out.wav,gone.wav", "customer_path .*gone.wav: no such file"),
        ("1-out.wav,1-out.wav", "path and customer_path are the same file"),
        ("1-out.wav,", "is the agent leg of a call by its name"),
        ("1-in.wav,1-out.wav", "is the customer leg of a call by its name"),
    ],
)
def test_bad_legs_in_a_manifest(manifest: Writer, record: Recorder, row: str, message: str) -> None:
    record("1-out.wav")
    record("1-in.wav")
    source = manifest(f"path,customer_path\n{row}\n")
    intake = find_calls(source, pattern=choose_pattern("in-out"))
    assert intake.records == ()
    assert len(intake.failures) == 1
    assert re.search(message, intake.failures[0].reason)


def test_a_pattern_fills_what_the_manifest_leaves_empty(manifest: Writer, record: Recorder) -> None:
    name = "out-13800001111-8001-20261009-091230-1791508350.42.wav"
    record(name)
    record("other.wav")
    intake = find_calls(
        manifest(f"path,agent_id,team\n{name},,x\nother.wav,A9,y\n"), pattern=choose_pattern("asterisk")
    )
    assert [(r.agent_id, r.team, r.direction) for r in intake.records] == [
        ("8001", "x", "outbound"),
        ("A9", "y", None),
    ]
    assert intake.failures == ()
    assert intake.notes == ("file names that do not fit pattern asterisk: 1, such as other.wav",)


def test_the_manifest_wins_over_the_file_name(manifest: Writer, record: Recorder) -> None:
    name = "out-13800001111-8001-20261009-091230-1791508350.42.wav"
    record(name)
    (call,) = find_calls(manifest(f"path,agent_id\n{name},A1\n"), pattern=choose_pattern("asterisk")).records
    assert call.agent_id == "A1"


def test_the_documented_columns() -> None:
    assert set(COLUMNS) == {"customer_path", *FULL.split("\n")[0].split(",")}


NO_TEXT = pa.Array.from_buffers(
    pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe")]
)


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (pa.array([2**62], pa.timestamp("us")), "date value out of range"),
        (pa.array([2**31 - 1], pa.date32()), "days=2147483647"),
        (pa.array([2**62], pa.duration("s")), "too large"),
        (pa.array([2**50], pa.timestamp("us", "Mars/Base")), "not a readable Parquet file"),
        (NO_TEXT, "invalid start byte"),
    ],
    ids=["timestamp", "date", "duration", "zone", "utf-8"],
)
def test_parquet_values_that_nothing_holds_are_named(tmp_path: Path, column: pa.Array, said: str) -> None:
    source = tmp_path / "calls.parquet"
    parquet.write_table(pa.table({"path": ["a.wav"], "started_at": column}), source)
    with pytest.raises(ConfigError, match=rf"calls\.parquet: .*{said}"):
        find_calls(source)


def test_a_few_bytes_of_parquet_cannot_stand_for_gigabytes(tmp_path: Path) -> None:
    source = tmp_path / "calls.parquet"
    parquet.write_table(pa.table({"path": ["x" * 500_000] * 300}), source)
    assert source.stat().st_size < 100_000
    with pytest.raises(ConfigError, match=r"cells of megabytes below row 1"):
        find_calls(source)
    parquet.write_table(pa.table({"path": pa.nulls(5_000_001, pa.string())}), source)
    with pytest.raises(ConfigError, match=r"5000001 rows; expected at most 5000000"):
        find_calls(source)


def test_a_manifest_larger_than_any_list_of_calls_is_refused_unread(tmp_path: Path) -> None:
    source = tmp_path / "calls.csv"
    with source.open("wb") as file:
        file.truncate(10 << 30)
    with pytest.raises(ConfigError, match=r"10240 MiB; expected at most 256 MiB"):
        find_calls(source)


def test_a_note_of_columns_stays_short(manifest: Writer, record: Recorder) -> None:
    record("1.wav")
    (note,) = find_calls(manifest(f"path,{','.join(f'c{i}' for i in range(5000))}\n1.wav\n")).notes
    assert note.endswith("c19 and 4980 more")


@pytest.mark.parametrize("year", ["0001", "1969", "2200", "9999"])
def test_years_without_recordings_are_refused(manifest: Writer, record: Recorder, year: str) -> None:
    record("1.wav")
    (failure,) = find_calls(manifest(f"path,started_at\n1.wav,{year}-06-01 00:00:00+08:00\n")).failures
    assert "the year is not in 1970-2199" in failure.reason


CELLS = st.text(st.sampled_from("a1,;\t\"'\n\r\0-: =@/\\.你\u202e\ufeff\x1b"), max_size=12)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(CELLS, max_size=6), max_size=5),
    st.sampled_from(["utf-8", "utf-16", "gb18030", "utf-32"]),
)
def test_any_rows_are_calls_failures_or_one_error(
    tmp_path: Path, rows: list[list[str]], encoding: str
) -> None:
    source = tmp_path / "calls.csv"
    text = "\n".join(["path,started_at,ring_s,call_id,direction", *(",".join(row) for row in rows)])
    source.write_bytes(text.encode(encoding))
    try:
        intake = find_calls(source)
    except ConfigError as error:
        assert str(error).startswith(str(source))  # noqa: PT017
    else:
        assert intake.records == ()
        assert all(failure.reason for failure in intake.failures)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_parquet_manifest_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    source = tmp_path / "calls.parquet"
    parquet.write_table(
        pa.table({"path": ["a.wav", "b.wav"], "ring_s": [1.0, 2.0], "team": ["x", "y"]}), source
    )
    content = bytearray(source.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    source.write_bytes(bytes(content[: data.draw(st.integers(1, len(content)))]))
    try:
        find_calls(source)
    except ConfigError as error:
        assert str(error).startswith(str(source))  # noqa: PT017
