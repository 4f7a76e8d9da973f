"""Templates, filled in so that nothing that comes from outside is read as markup.

Every value is escaped. Control and direction characters in it, which could make a line read as another, are
shown as symbols.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.reports.pages import addresses, formats
from pipeline.reports.pages.transcript import line_of
from pipeline.reports.plain import plain_text
from pipeline.reports.reasons import reason_in


def shown(value: Any) -> Any:
    """Return what a template prints of a value: texts without characters that are not seen."""
    if not isinstance(value, str) or isinstance(value, Markup) or value.isprintable():
        return value
    return plain_text(value, lines=True)


@cache
def environment() -> Environment:
    """Return the templates, with formats and addresses at hand."""
    made = Environment(
        loader=PackageLoader("pipeline.reports.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    for name in (
        *("number", "points", "signed", "count", "percent"),
        *("span", "percent_span", "clock", "weekday"),
    ):
        made.filters[name] = getattr(formats, name)
    for name in (
        "agent_page",
        "call_page",
        "clips_folder",
        "team_page",
        "fairness_page",
        "one_team_page",
        "finding_anchor",
        "finding_place",
        "glossary_anchor",
    ):
        made.globals[name] = getattr(addresses, name)
    made.globals["reason_in"] = reason_in
    made.globals["line_of"] = line_of
    made.tests["absent"] = formats.is_absent
    return made
