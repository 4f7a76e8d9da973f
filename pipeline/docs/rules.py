"""The page of rulebooks: the clauses of those that are shipped, and how to write one."""

from __future__ import annotations

from pipeline import scoring
from pipeline.dialogue import parsing
from pipeline.docs.kinds import conditions_table, kinds_section, measures_table, phrases_table
from pipeline.docs.markdown import code, codes, docstring, page, table
from pipeline.rulebook import Rule, Rulebook, load_rulebook, shipped_rulebooks
from pipeline.rulebook.reading import HEAD_KEYS

_INTRODUCTION = """\
A rulebook is a YAML file: a standard's clauses, each judged by one kind of check from the facts that were
stored when the call was heard. Choose one with `--rulebook NAME` or `--rulebook FILE.yaml`; without that
option each call is judged under the names in its `standards` column. A verdict is *pass*, *fail*,
*not applicable* or *undetermined* (left to a person); only the first two count towards a score."""

_EXAMPLES = """\
Small calls that a rule must pass or fail. `callaudit rules test my-desk.yaml` tries them all;
every rule of a shipped rulebook has both kinds, and the tests run them."""

_WRITING = """\
## Writing a rulebook

Put the rules in a file of your own and judge what is stored, without hearing anything again:

```sh
callaudit judge demo-out --rulebook my-desk.yaml
callaudit scorecards demo-out
```

The file has four keys: `name` (lower-case letters, digits and hyphens), `title`, `source` (where the standard
comes from) and `rules`. It is read strictly: every mistake is reported at once as `file:line:column`, with
what was seen and what is permitted."""

EXAMPLE = """\
name: my-desk
title: Manual of my desk
source: my-desk manual, 2026 edition
rules:
  - id: DSK-01
    title: Say the company's name in the opening
    dimension: compliance
    points: 5
    check: phrase_required
    window: opening
    phrases:
      - (您好|早上好|下午好){any:0-6}仁和口腔
    applies_when: [inbound, agent_spoke]
    examples:
      pass:
        - |
          agent: 您好，这里是仁和口腔，请问有什么可以帮您？
          customer: 我想约一个检查。
      fail:
        - |
          agent: 喂，哪位？
          customer: 我想约一个检查。
"""

RULE_KEYS = {
    "id": "2 to 5 capital letters, a hyphen, 2 or 3 digits; unique in the file: `OPS-25`",
    "title": "what the clause asks for, in a few words",
    "title_zh": "the same in Chinese; the title when left out",
    "dimension": f"one of {codes(scoring.DIMENSIONS)}; each has a score of its own",
    "check": "the kind of check; its options are further keys of the rule (below)",
    "points": "what the clause is worth, more than 0; a rule has either `points` or `critical`",
    "critical": "`true`: a failure makes the call's score 0; the score before it stays beside it",
    "applies_when": "list of conditions; the clause is *not applicable* unless all hold",
    "excused_when": "list of conditions; a failure becomes *not applicable* when one holds",
    "examples": "dialogues under `pass` and `fail` on which the rule must say so (below)",
}


def rules_page() -> str:
    """Return the page of rulebooks, kinds of check and all that rules are written with."""
    books = tuple(load_rulebook(name) for name in shipped_rulebooks())
    keys = table(("key of a rule", "value"), [(code(key), RULE_KEYS[key]) for key in HEAD_KEYS])
    return page(
        "Rulebooks",
        _INTRODUCTION,
        *(_catalogue(book) for book in books),
        f"## Scores\n\n{docstring(scoring)}",
        _WRITING,
        f"```yaml\n{EXAMPLE}```",
        keys,
        f"## Conditions\n\nFor `applies_when` and `excused_when`.\n\n{conditions_table()}",
        f"## Phrases\n\nPhrases are matched by sound. Groups nest.\n\n{phrases_table()}",
        f"## Measures\n\nFor the check `measure_in_band`.\n\n{measures_table()}",
        f"## Examples\n\n{_EXAMPLES}\n\n{docstring(parsing)}",
        f"## Kinds of check\n\n{kinds_section(books)}",
    )


def _catalogue(book: Rulebook) -> str:
    points = sum(rule.points for rule in book.rules)
    critical = sum(rule.critical for rule in book.rules)
    counted = f"{len(book.rules)} clauses, {points:g} points, {critical} critical"
    rows = table(
        ("clause", "title", "dimension", "worth", "check", "applies when", "excused when"),
        [_row(rule) for rule in book.rules],
    )
    path = f"configs/rulebooks/{book.name}.yaml"
    about = f"{book.title}. Source: {book.source}. {counted}: [{path}](../{path})."
    return f"## {book.name}\n\n{about}\n\n{rows}"


def _row(rule: Rule) -> tuple[str, ...]:
    return (
        rule.id,
        rule.title,
        rule.dimension,
        "critical" if rule.critical else f"{rule.points:g}",
        f"[{code(rule.check.kind)}](#{rule.check.kind})",
        codes(rule.applies_when) or "always",
        codes(rule.excused_when),
    )
