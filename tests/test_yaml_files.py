"""YAML that was written to do harm: a message with a line, soon, and never anything else."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.yaml_files import MAX_FILE_BYTES, MAX_NODES, load_yaml

LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)
)


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "file.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LAUGHS, r":6:5: stands for more than 200000 values"),
        (LAUGHS + "q: {a: *a11, a: *a11}\n", r":6:5: stands for more than"),
        ("[" * 100_000, r":1:201: nested deeper than 40 levels"),
        ("- " * 100_000, r":1:81: nested deeper"),
        ("? " * 100_000, r":1:81: nested deeper"),
        ("a: " + "{a: " * 100 + "}" * 100, r":1:\d+: nested deeper"),
        ("a: &a [*a]\n", r":1:4: stands inside itself"),
        (
            "a: 1\nb: !!python/object/apply:os.system ['id']\n",
            r":2:4: the tag 'python/object/apply:os.system'",
        ),
        ("a: !own 3\n", r":1:4: the tag '!own'"),
        ("a: !!binary aGk=\n", r":1:4: the tag 'binary'"),
        ("a: !!set {a, b}\n", r":1:4: the tag 'set'"),
        ("a: 2026-10-09\n", r":1:4: a date without quotes"),
        ("a: 2026-99-99\n", r":1:4: a date without quotes"),
        ("a: " + "9" * 5000, r":1:4: a number of more than 15 digits"),
        ("a: 0x" + "f" * 5000, r":1:4: a number of more than 15 digits"),
        ("a: .inf\n", r":1:4: '\.inf' is not a finite number"),
        ("a: .NaN\n", r":1:4: '\.NaN' is not a finite number"),
        ("a: 1e400\n", r":1:4: '1e400' is not a finite number"),
        ("? [a, b]\n: c\n", r":1:3: a list or mapping as a key"),
        ("a: 1\na: 2\n", r":2:1: the key 'a' stands twice"),
        ("a: 1\nb: \x07\n", r":2:4: a character that YAML does not permit"),
        (b"a: \xff", r":1:4: the file is not UTF-8"),
        ("%YAML 9.9\n---\na: b", r":1:1: found incompatible YAML document"),
        ("a: b\n---\nc: d\n", r":2:1: but found another document"),
        ("- x\n" * (MAX_NODES + 1), rf":{MAX_NODES}:3: more than {MAX_NODES} values"),
        ("#" * (MAX_FILE_BYTES + 1), r": is larger than 512 KiB"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str | bytes, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError, match=rf"^{re.escape(str(path))}{said}") as error:
        load_yaml(path)
    assert len(str(error.value)) < 400, "a message says what is wrong, not all that there is"


def test_plain_data_is_read(tmp_path: Path) -> None:
    text = "\ufeff%YAML 1.2\n---\na: &x [1, -2.5, true, null, 您好]\nb: *x\nc: {<<: {d: 'é'}, e: 0x1F}\n"
    document = load_yaml(written(tmp_path, text))
    assert document.root == {
        "a": [1, -2.5, True, None, "您好"],
        "b": document.root["a"],
        "c": {"d": "é", "e": 31},
    }
    assert document.content == text.encode()


def test_a_pipe_for_a_file_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(ConfigError, match=r"pipe\.yaml: cannot be read \(not a regular file\)"):
        load_yaml(tmp_path / "pipe.yaml")


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.sampled_from("ab: -[]{}&*!#|>%@`\"'?,\n\t0.e\u2028\x85你"), max_size=60)
    | st.binary(max_size=40)
)
def test_any_text_is_read_or_refused_with_its_place(tmp_path: Path, text: str | bytes) -> None:
    path = written(tmp_path, text)
    try:
        load_yaml(path)
    except ConfigError as error:
        assert re.match(rf"{re.escape(str(path))}:\d+:\d+: .", str(error))  # noqa: PT017
