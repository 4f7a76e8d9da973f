"""Which clauses of the standards are checked, how, and whether their examples hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.call import Verdict
from pipeline.rulebook.examples import try_rule
from pipeline.rulebook.rules import Rule, Rulebook


@dataclass(frozen=True, slots=True)
class ClauseCoverage:
    """What there is for one clause.

    Attributes
    ----------
    how : str
        ``A``, ``M``, ``A/M``, ``A/H`` (automatic), ``H`` (a person judges), ``X`` or ``—`` (not observable).
    check : str or None
        Kind of check; None for what is not observable.
    passing, failing, review, not_applicable : int
        Examples on which the rule must say so.
    wrong : int
        Examples of which it says something else.
    """

    standard: str
    clause: str
    title: str
    title_zh: str
    how: str
    check: str | None = None
    passing: int = 0
    failing: int = 0
    review: int = 0
    not_applicable: int = 0
    wrong: int = 0

    @property
    def automatic(self) -> bool:
        """Whether the clause is to be decided without a person."""
        return self.how[0] in "AM"

    @property
    def covered(self) -> bool:
        """Whether all is there: a check, its examples, and each judged as it should be.

        An automatic clause needs a passing and a failing example, one for a person a moment that is shown.
        """
        if self.check is None:
            return False
        examples = (self.passing and self.failing) if self.automatic else self.review
        return bool(examples) and not self.wrong


def cover(rulebooks: Iterable[Rulebook]) -> tuple[ClauseCoverage, ...]:
    """Try the examples of every rule and list every clause, those that are not observable last."""
    return tuple(clause for book in rulebooks for clause in _cover(book))


def _cover(book: Rulebook) -> Iterable[ClauseCoverage]:
    yield from (_clause(book.name, rule) for rule in book.rules)
    for clause in book.not_observable:
        yield ClauseCoverage(book.name, clause.id, clause.title, clause.title_zh, clause.how)


def _clause(standard: str, rule: Rule) -> ClauseCoverage:
    return ClauseCoverage(
        standard,
        rule.id,
        rule.title,
        rule.title_zh,
        rule.how,
        rule.check.kind,
        passing=len(rule.passing),
        failing=len(rule.failing),
        review=len(rule.wanting(Verdict.UNDETERMINED)),
        not_applicable=len(rule.wanting(Verdict.NOT_APPLICABLE)),
        wrong=sum(not result.ok for result in try_rule(rule, standard)),
    )
