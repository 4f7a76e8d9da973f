from __future__ import annotations

from pathlib import Path

import pytest
from made_nights import Desk

from pipeline.errors import ConfigError
from pipeline.nightly.reading import load_night, missing_folders

ROOT = Path(__file__).parents[2]


def errors(desk: Desk, text: str) -> list[str]:
    with pytest.raises(ConfigError) as error:
        desk.config(text)
    path = desk.folder / "night.yaml"
    return [line.removeprefix(f"{path}:").split(" (")[0] for line in str(error.value).splitlines()]


def test_every_wrong_key_and_value_at_once_with_its_place(desk: Desk) -> None:
    assert errors(
        desk,
        "sources:\n  - name: a b\n    file_nmes: asterisk\nstop_by: 6:30\nretention: {tables_days: 0}\n"
        "standards:\n  - team: x\nengine: whisper\nworkers: two\n",
    ) == [
        "4:5: missing key 'recordings'",
        "4:11: sources.0.name: expected up to 60 letters, digits, dots, hyphens, underscores, such as desk-1",
        "5:5: unknown key 'file_nmes'",
        '6:10: stop_by: expected a time of day in quotes, such as "06:30"',
        "7:26: retention.tables_days: expected 1 or more",
        "9:5: missing key 'rulebooks'",
        "10:9: engine: 'whisper'",
        "11:10: workers: expected a whole number without a unit, such as 30",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("stop_by: 390", 'stop_by: expected a time of day in quotes, such as "06:30" (seen 390)'),
        (
            "retention: {tables_days: 30d}",
            "tables_days: expected a whole number without a unit, such as 30 (seen '30d')",
        ),
        (
            "retention: {clips_days: 30}",
            "retention: clips_days needs clips: name the folders that clips are cut into, as clips: clips",
        ),
        ("retention: {clips: 3}", "retention.clips: expected a list, such as [one, two] (seen 3)"),
        ("metrics: callaudit.txt", "metrics: callaudit.txt: the node exporter reads files that end in .prom"),
        ("settled_min: much", "settled_min: expected a number without a unit, such as 2.5 (seen 'much')"),
    ],
)
def test_what_is_wrong_is_said_in_words_with_an_example(desk: Desk, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        desk.config(f"sources:\n  - {{name: a, recordings: a}}\n{text}\n")
    assert message in str(error.value)
    assert "Input should" not in str(error.value)


def test_folders_that_are_not_there_are_told_when_asked(desk: Desk) -> None:
    text = "sources:\n  - {name: a, recordings: gone}\n  - {name: b, recordings: 'calls/*/x.wav'}\n"
    config = desk.config(f"{text}retention: {{clips: [clips]}}\nmetrics: node/callaudit.prom\n")
    assert [line.split(" is not there")[0] for line in missing_folders(config)] == [
        f"source a: {desk.folder / 'gone'}",
        f"retention.clips: {desk.folder / 'clips'}",
        f"metrics: {desk.folder / 'node'}",
    ]
    for name in ("gone", "clips", "node"):
        (desk.folder / name).mkdir()
    assert list(missing_folders(config)) == []


def test_what_is_named_is_looked_for(desk: Desk) -> None:
    found = errors(
        desk,
        "sources:\n"
        "  - {name: a, recordings: a, file_names: astrisk, lexicon: air, tone_plan: xx, timezone: Mars}\n"
        "  - {name: a, recordings: b}\n"
        "standards:\n  - {source: b, rulebooks: [dinghao, nowhere.yaml, book.yaml]}\n",
    )
    assert [line.split(": ")[1] for line in found] == [
        "file_names",
        "lexicon",
        "tone_plan",
        "timezone",
        "another source is called 'a'",
        "no such source",
        "no such rulebook",
        "rulebook 'nowhere.yaml'",
    ]


def test_storage_that_nights_cannot_use_is_refused(desk: Desk) -> None:
    text = "sources:\n  - {name: a, recordings: 's3://calls/today'}\n"
    (line,) = errors(desk, text)
    assert line == "4:27: s3://calls/today: nights work on folders of this machine; callaudit run takes S3"


def test_two_files_of_one_rulebooks_name_are_refused(desk: Desk) -> None:
    text = (desk.folder / "book.yaml").read_text()
    (desk.folder / "again.yaml").write_text(text)
    (found,) = errors(
        desk,
        "sources:\n  - {name: a, recordings: a}\nstandards:\n  - rulebooks: [book.yaml, again.yaml]\n",
    )
    assert "give one another name" in found


def test_a_file_that_is_no_configuration_says_so(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("- a list\n")
    with pytest.raises(ConfigError, match=r"x\.yaml:1:1: a night's configuration is a mapping"):
        load_night(tmp_path / "x.yaml")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_night(tmp_path / "none.yaml")


def test_the_shipped_configuration_is_in_order() -> None:
    night = load_night(ROOT / "configs" / "nightly.yaml")
    assert Path(night.sources[0].recordings) == ROOT / "data" / "calls.csv"
    assert {book.name for book in night.rulebooks} == {"dinghao-380", "service-skills"}
