from __future__ import annotations

import re

import pytest

from pipeline.call import ChannelForm, EventKind, Role, Verdict
from pipeline.measures import measure_names
from pipeline.reports.glossary import KINDS, amount, find, name_in, terms, unit_in
from pipeline.reports.language import Language
from pipeline.reports.reasons.forms import read_forms
from pipeline.scoring import DIMENSIONS

HAN = re.compile(r"[\u3400-\u9fff]")


def keys(kind: str) -> set[str]:
    return {term.key for term in terms(Language.ZH, kind)}


def test_every_measure_and_every_word_of_the_tables_has_an_entry() -> None:
    assert keys("measure") == measure_names()
    assert keys("dimension") == set(DIMENSIONS)
    assert keys("verdict") == set(Verdict)
    assert keys("role") == set(Role)
    assert keys("event") == set(EventKind)
    assert keys("form") == set(ChannelForm)
    assert keys("status") == {"judged", "review"}


def test_every_unit_of_a_measure_is_known_to_glossary_and_reasons() -> None:
    units = {term.stored_unit for term in terms(Language.ZH, "measure")}
    forms = read_forms(Language.ZH)
    in_forms = {unit for unit in units if any(f"{{n:number}} {unit};" in f.source for f in forms.forms)}
    assert units <= keys("unit")
    assert units <= set(forms.words["unit"]) | in_forms


@pytest.mark.parametrize("language", Language)
def test_every_term_is_written_in_its_language(language: Language) -> None:
    for term in terms(language):
        assert term.text.endswith("。" if language is Language.ZH else "."), term
        assert bool(HAN.search(term.text)) == (language is Language.ZH) or "嗯" in term.text, term
        assert bool(HAN.search(term.source)) == (language is Language.ZH and bool(term.source)), term
        assert term.name or (term.kind, term.key) == ("unit", "count"), term
    assert [t.kind for t in terms(language)] == sorted((t.kind for t in terms(language)), key=KINDS.index)


def test_names() -> None:
    assert name_in("dimension", "patience", Language.ZH) == "耐心"
    assert name_in("measure", "net_pace", Language.EN) == "net pace"
    assert name_in("dimension", "made_up", Language.ZH) == "made up"
    assert find("dimension", "made_up", Language.ZH) is None
    assert unit_in("chars/min", Language.ZH) == "字/分钟"
    pace = find("measure", "net_pace", Language.ZH)
    assert pace is not None
    assert (pace.unit, pace.stored_unit) == ("字/分钟", "chars/min")
    assert unit_in("furlongs", Language.ZH) == "furlongs"


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        (219.4, "chars/min", "219 chars/min", "219 字/分钟"),
        (0.64, "s", "0.64 s", "0.64秒"),
        (12.34, "s", "12.3 s", "12.3秒"),
        (0.835, "share", "84%", "84%"),
        (3.0, "count", "3", "3"),
        (-21.6, "dBFS", "−22 dBFS", "−22 dBFS"),
        (1.2, "ratio", "1.2 times", "1.2倍"),
        (0.0, "s", "0 s", "0秒"),
        (None, "s", "–", "–"),
    ],
)
def test_a_number_with_its_unit(value: float | None, unit: str, english: str, chinese: str) -> None:
    assert amount(value, unit, Language.EN) == english
    assert amount(value, unit, Language.ZH) == chinese
