"""Where pages lie, and how they are linked.

Ids come from outside; in a path they become slugs.
"""

from __future__ import annotations

import re

from pipeline.reports.slugs import slug

INDEX = "index.html"
REVIEW = "review.html"
GLOSSARY = "glossary.html"
ASSETS = "assets"


def agent_page(agent_id: str | None) -> str:
    """Return the path of an agent's page; None stands for calls whose agent is not known."""
    return f"agents/{'no-agent' if agent_id is None else slug(agent_id)}.html"


def one_team_page(team: str) -> str:
    """Return the path of the page of one team."""
    return f"teams/{slug(team)}.html"


def call_page(call_date: str, call_id: str) -> str:
    """Return the path of a call's page."""
    return f"calls/{call_date}/{slug(call_id)}.html"


def clips_folder(call_date: str, call_id: str) -> str:
    """Return the folder of a call's clips."""
    return f"clips/{call_date}/{slug(call_id)}"


def team_page(standard: str, *, first: bool) -> str:
    """Return the path of the team's page under a rulebook; the first one is the first page."""
    return INDEX if first else f"team-{_plain(standard)}.html"


def fairness_page(standard: str, *, first: bool) -> str:
    """Return the path of the page about coverage under a rulebook."""
    return "fairness.html" if first else f"fairness-{_plain(standard)}.html"


def finding_anchor(standard: str, rule_id: str) -> str:
    """Return the id of the element on a call's page that shows a finding; rulebooks may share rule ids."""
    return f"{_plain(standard)}.{_plain(rule_id)}"


def finding_place(call_date: str, call_id: str, standard: str, rule_id: str) -> str:
    """Return what a link to a finding leads to: the call's page, at the finding."""
    return f"{call_page(call_date, call_id)}#{finding_anchor(standard, rule_id)}"


def glossary_anchor(kind: str, key: str) -> str:
    """Return the id of the element that explains a term, by its kind and key in the glossary."""
    return f"{kind}-{key}"


def root_of(path: str) -> str:
    """Return what leads from a page back to the folder of the report: ``../`` for each folder it is in."""
    return "../" * path.count("/")


def _plain(name: str) -> str:
    """Return a name as it is where it is plain already, as those of rulebooks and rules are."""
    return name if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,60}", name) else slug(name)
