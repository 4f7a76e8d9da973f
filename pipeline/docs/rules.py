"""The page of rulebooks: the clauses of those that are shipped, and all that rules are written with."""

from __future__ import annotations

from pipeline import scoring
from pipeline.dialogue import parsing
from pipeline.docs.kinds import conditions_table, kinds_section, measures_table, phrases_table
from pipeline.docs.markdown import code, codes, docstring, page, table
from pipeline.rulebook import Rule, Rulebook, UnobservableClause, load_rulebook, shipped_rulebooks
from pipeline.rulebook.shapes import HEAD_KEYS, Book

_INTRODUCTION = """\
A rulebook is a YAML file: a standard's clauses, each judged by one kind of check from the facts that were
stored when the call was heard. Choose one with `--rulebook NAME` or `--rulebook FILE.yaml`; without that
option each call is judged under the names in its `standards` column. A verdict is *pass*, *fail*,
*not applicable* or *undetermined* (left to a person); only the first two count towards a score.

[Write your own rulebook in ten minutes](write-a-rulebook.md) begins with an example; this page is the
reference."""

HOW = {
    "A": "decided from the recording alone",
    "M": "needs the call's metadata as well",
    "A/M": "from the recording, or from metadata where there is some",
    "A/H": "decided in part; the rest is for a person",
    "H": "moments are found and shown, a person judges; no points",
    "X": "cannot be observed in a recording; listed so that nothing is dropped silently",
    "—": "asks nothing of the agent",
}

_EXAMPLES = """\
Small calls of which it is known what the rule must say. `callaudit rules test my-desk.yaml` tries them all;
every automatic clause of a shipped rulebook has one that passes and one that fails. The tests run them."""

_WRITING = """\
A rulebook is read strictly: every mistake is reported at once as `file:line:column`, with what was seen
and what is permitted. `callaudit rules lint` adds warnings."""

_PHRASES = """\
A phrase is found by three readings: as characters; as sounds (toneless pinyin, confusable initials and finals
alike), so that a homophone does not hide it; and, where these two leave a doubt while a call is heard, by the
recogniser's own score of the phrase on the audio, stored as an event `reading`. Names and products that the
recogniser writes with other characters of the same sound are put right by a lexicon, one word a line:
`callaudit run --lexicon my-words.txt`. Groups nest."""

BOOK_KEYS = {
    "name": "lower-case letters, digits and hyphens; what calls' `standards` name",
    "title": "of the standard; inherited with `extends`",
    "title_zh": "the same in Chinese; the title when left out",
    "source": "where the standard comes from; inherited with `extends`",
    "extends": "the rulebook to build on: a shipped one by name, or a file beside this one",
    "review_below": "hearing quality below which a call goes to a person and is not judged; 0.4 by default",
    "least_decided": "share of the points in question that must be decided for a score, else a call goes "
    "to a person; 0.25 by default",
    "disable": "list of inherited clauses that are taken out",
    "not_observable": "clauses without a rule: `id`, `title`, `title_zh`, `why`, `how` (`X` unless told)",
    "rules": "the rules; with `extends`, those that change or are added",
}

RULE_KEYS = {
    "id": "2 to 5 capital letters, a hyphen, 2 or 3 digits; unique in the file: `OPS-25`",
    "title": "what the clause asks for, in a few words",
    "title_zh": "the same in Chinese; the title when left out",
    "how": "what evidence decides it (above); `A` when left out, `H` with `review`",
    "dimension": f"one of {codes(scoring.DIMENSIONS)}; each has a score of its own",
    "points": "what the clause is worth, more than 0; a rule has one of `points`, `critical` and `review`",
    "critical": "`true`: a failure makes the call's score 0; the score before it stays beside it",
    "review": "`true`: only finds moments for a person; goes with the check `review_moment`",
    "check": "the kind of check; its options are further keys of the rule (below)",
    "applies_when": "list of conditions; the clause is *not applicable* unless all hold",
    "excused_when": "list of conditions; a failure becomes *not applicable* when one holds",
    "coaching": "advice to agents, at most 300 characters; derived from the check's options when left out",
    "coaching_zh": "the same in Chinese; `coaching` when left out",
    "examples": "dialogues under `pass`, `fail`, `review` and `not_applicable`, the rule's verdict on them",
}


def rules_page() -> str:
    """Return the page of rulebooks, kinds of check and all that rules are written with."""
    books = tuple(load_rulebook(name) for name in shipped_rulebooks())
    how = table(("how", "a clause is"), [(code(how), words) for how, words in HOW.items()])
    return page(
        "Rulebooks",
        _INTRODUCTION,
        how,
        *(_catalogue(book) for book in books),
        f"## Scores\n\n{docstring(scoring)}",
        f"## Keys\n\n{_WRITING}",
        table(("key of a rulebook", "value"), [(code(key), BOOK_KEYS[key]) for key in Book.model_fields]),
        table(("key of a rule", "value"), [(code(key), RULE_KEYS[key]) for key in HEAD_KEYS]),
        f"## Conditions\n\nFor `applies_when` and `excused_when`.\n\n{conditions_table()}",
        f"## Phrases\n\n{_PHRASES}\n\n{phrases_table()}",
        f"## Measures\n\nFor the check `measure_in_band`.\n\n{measures_table()}",
        f"## Examples\n\n{_EXAMPLES}\n\n{docstring(parsing)}",
        f"## Kinds of check\n\n{kinds_section(books)}",
    )


def _catalogue(book: Rulebook) -> str:
    points = sum(rule.points for rule in book.rules)
    critical, review = sum(rule.critical for rule in book.rules), sum(rule.review for rule in book.rules)
    counted = [f"{len(book.rules)} clauses", f"{points:g} points", f"{critical} critical"]
    counted += [f"{review} for a person"] if review else []
    counted += [f"{len(book.not_observable)} not observable"] if book.not_observable else []
    rows = table(
        ("clause", "title", "how", "check", "worth", "applies when"),
        [*(_row(rule) for rule in book.rules), *(_unobservable(clause) for clause in book.not_observable)],
    )
    path = f"configs/rulebooks/{book.name}.yaml"
    about = f"{book.title}. Source: {book.source}. {', '.join(counted)}: [{path}](../{path})."
    return f"## {book.name}\n\n{about}\n\n{rows}"


def _row(rule: Rule) -> tuple[str, ...]:
    applies = codes(rule.applies_when) or "always"
    excused = f"; excused: {codes(rule.excused_when)}" if rule.excused_when else ""
    check = f"[{code(rule.check.kind)}](#{rule.check.kind})"
    return (rule.id, rule.title, rule.how, check, f"{_worth(rule)}, {rule.dimension}", f"{applies}{excused}")


def _worth(rule: Rule) -> str:
    if rule.review:
        return "review"
    return "critical" if rule.critical else f"{rule.points:g}"


def _unobservable(clause: UnobservableClause) -> tuple[str, ...]:
    return (clause.id, clause.title, clause.how, "none", "–", f"never: {clause.why}")
