import re
from pathlib import Path

import pytest

from pipeline.calibration import Label, read_labels
from pipeline.calibration.agreement import FEWEST
from pipeline.calibration.labels import OPTIONAL, REQUIRED, WORDS, read_graded
from pipeline.call import Verdict
from pipeline.errors import ConfigError
from pipeline.estimates import share


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "labels.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_labels_are_read_as_spreadsheets_write_them(tmp_path, encoding):
    path = written(
        tmp_path,
        "Call_ID,rule_id,verdict,grader,remark\n001,OPS-01,不通过,王,太快\n002,OPS-01, Pass ,,\n",
        encoding,
    )
    assert read_labels(path) == (
        Label("001", "OPS-01", Verdict.FAIL, grader="王"),
        Label("002", "OPS-01", Verdict.PASS),
    )


def test_every_unusable_row_is_named_by_its_line(tmp_path):
    path = written(tmp_path, "call_id,rule_id,verdict\n1,A,pass\n\n,A,fail\n2,A,maybe\n1,A,fail\n")
    with pytest.raises(ConfigError) as error:
        read_labels(path)
    said = str(error.value)
    assert f"{path}:4: call_id is empty" in said
    assert f"{path}:5: the verdict is 'maybe'; expected pass, fail" in said
    assert "2 labels of A for call '1'" in said


def test_rows_that_nobody_has_graded_yet_are_passed_over_and_counted(tmp_path):
    path = written(tmp_path, "call_id,rule_id,verdict,grader\n1,A,pass,x\n2,A,,\n3,A,,\n")
    assert read_graded(path) == ((Label("1", "A", Verdict.PASS, grader="x"),), 2)
    half = written(tmp_path, "call_id,rule_id,verdict,grader\n1,A,pass,x\n2,A,,x\n")
    with pytest.raises(ConfigError, match=":3: the verdict is ''"):
        read_labels(half)


def test_two_graders_may_label_the_same_clause(tmp_path):
    path = written(tmp_path, "call_id,rule_id,verdict,grader\n1,A,pass,x\n1,A,fail,y\n")
    assert len(read_labels(path)) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("call,rule_id,verdict\n1,A,pass\n", "no column call_id; columns seen: call, rule_id"),
        ("call_id,rule_id,verdict\n", "has no labels"),
        ("call_id,rule_id,verdict,grader\n1,A,,\n", "none of 1 rows is graded yet"),
        ("", "not valid CSV"),
        ('call_id,rule_id,verdict\n"1,A,pass\n', "not valid CSV"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, text, said):
    with pytest.raises(ConfigError, match=said):
        read_labels(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_labels(tmp_path / "none.csv")


def test_the_page_on_calibrating_says_what_is_read_and_how_sure_few_labels_make(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "calibrate.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    path = tmp_path / "labels.csv"
    path.write_text(example, encoding="utf-8")
    assert [(x.verdict, x.grader) for x in read_labels(path)][2] == (Verdict.FAIL, "Li")
    for name in (*REQUIRED, *OPTIONAL):
        assert f"\n| `{name}` | " in page
    for word in WORDS:
        assert word in page or word in ("n/a", "not applicable")
    assert f"under {FEWEST} compared verdicts" in page
    assert [round(100 * (share(n, n).low or 0)) for n in (20, 100)] == [84, 96]
    assert "the share may still be 84 %, with 100 it is 96 %" in page
