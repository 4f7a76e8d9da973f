from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.reports import pages
from pipeline.reports.language import Language
from pipeline.reports.pages.texts import Text, Texts, texts
from pipeline.tables import DIMENSIONS

FOLDER = Path(pages.__file__).parent


def test_all_languages_say_the_same_things() -> None:
    zh, en = (texts(language).texts for language in (Language.ZH, Language.EN))
    assert sorted(zh) == sorted(en)
    differing = {key for key in zh if zh[key].placeholders != en[key].placeholders}
    assert not differing


def test_all_languages_have_the_same_files() -> None:
    zh, en = (sorted(p.name for p in (FOLDER / "texts" / language).iterdir()) for language in Language)
    assert zh == en


def test_every_text_a_template_names_is_there() -> None:
    known = set(texts(Language.ZH).texts)
    named = {
        key
        for template in (FOLDER / "templates").iterdir()
        for key in re.findall(r"""\bt\(\s*"([a-z0-9_]+)"(?!\s*~)""", template.read_text(encoding="utf-8"))
    }
    assert named
    assert not named - known


def test_every_text_a_module_names_is_there() -> None:
    known = set(texts(Language.ZH).texts)
    named = {
        key
        for module in FOLDER.glob("*.py")
        for key in re.findall(r"""\bt\(\s*"([a-z0-9_]+)"[,)]""", module.read_text(encoding="utf-8"))
    }
    assert named
    assert not named - known


def test_no_text_is_left_over() -> None:
    reports = FOLDER.parent
    sources = [*reports.rglob("*.py"), *reports.rglob("*.jinja")]
    written = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    # Keys that are put together begin with one of these, or end so: "hold_" ~ kind, f"{name}_explained".
    families = tuple(re.findall(r"""["']([a-z0-9]+_(?:[a-z0-9]+_)*)(?:["']\s*[~+]|\{)""", written))
    unused = [
        key
        for key in texts(Language.ZH).texts
        if f'"{key}"' not in written and key not in DIMENSIONS and not key.startswith(families)
    ]
    assert not unused


def test_numbers_choose_the_form() -> None:
    said = Texts(Language.EN, {"calls": Text(other="{n} calls", one="{n} call")})
    assert [said("calls", n=n) for n in (0, 1, 2)] == ["0 calls", "1 call", "2 calls"]


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        Texts(Language.EN, {"calls": Text("{n} calls")})("calls")


def test_a_text_is_text() -> None:
    with pytest.raises(ValueError, match="True"):
        Text(True)  # type: ignore[arg-type]  # as YAML reads an unquoted yes
