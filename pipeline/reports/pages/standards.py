"""What pages say of a rulebook and its clauses, small enough to be sent to every process that writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from pipeline.call import Role
from pipeline.checks import Check
from pipeline.checks.combined import Combined
from pipeline.checks.measure_in_band import MeasureInBand
from pipeline.reports.coaching import Coaching, coaching
from pipeline.reports.language import Language
from pipeline.rulebook import Rule, Rulebook, load_rulebook, shipped_rulebooks

PACES = ("gross_pace", "net_pace")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as it is shown.

    Attributes
    ----------
    dimension : str
        patience, courtesy, communication or compliance; empty where no recording shows the clause.
    points : float
        What it is worth.
    critical : bool
        Whether its failure makes the call's score 0.
    how : str
        What evidence a recording gives, as in `pipeline.rulebook.Rule`.
    for_a_person : bool
        Whether only its moments are found, for a person to judge.
    advice, advice_zh : Coaching or None
        What an agent who failed it may do instead, in English and in Chinese.
    """

    rule_id: str
    title: str
    title_zh: str
    dimension: str = ""
    points: float = 0.0
    critical: bool = False
    how: str = "A"
    for_a_person: bool = False
    advice: Coaching | None = None
    advice_zh: Coaching | None = None

    @classmethod
    def of(cls, rule: Rule) -> Clause:
        """Return the clause of a rule."""
        return cls(
            rule.id,
            rule.title,
            rule.title_zh,
            rule.dimension,
            rule.points,
            rule.critical,
            rule.how,
            rule.review,
            coaching(rule, Language.EN),
            coaching(rule, Language.ZH),
        )

    def title_in(self, language: Language) -> str:
        """Return its title in a language."""
        return self.title_zh if language is Language.ZH and self.title_zh else self.title

    def advice_in(self, language: Language) -> Coaching | None:
        """Return the advice in a language."""
        return self.advice_zh if language is Language.ZH else self.advice


@dataclass(frozen=True, slots=True)
class PaceBand:
    """The pace a clause asks of agents [chars/min]; None for no limit on that side."""

    rule_id: str
    measure: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Standard:
    """A rulebook as pages show it.

    Attributes
    ----------
    name : str
        As stored: ``dinghao-380``.
    title, title_zh : str
        The name again where the rulebook itself is not at hand.
    clauses : mapping of str to Clause
        By ``rule_id``, those that no recording can show among them.
    bands : tuple of PaceBand
        Of the clauses that judge an agent's pace.
    """

    name: str
    title: str
    title_zh: str
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    not_observable: tuple[str, ...] = ()
    bands: tuple[PaceBand, ...] = ()

    @classmethod
    def of(cls, book: Rulebook) -> Standard:
        """Return what pages say of a rulebook."""
        clauses = {rule.id: Clause.of(rule) for rule in book.rules}
        clauses |= {c.id: Clause(c.id, c.title, c.title_zh, how=c.how) for c in book.not_observable}
        bands = tuple(band for rule in book.rules for band in _bands(rule))
        hidden = tuple(c.id for c in book.not_observable)
        return cls(book.name, book.title, book.title_zh, clauses, hidden, bands)

    def title_in(self, language: Language) -> str:
        """Return its title in a language."""
        return self.title_zh if language is Language.ZH and self.title_zh else self.title

    def clause(self, rule_id: str) -> Clause:
        """Return a clause; one that is not known is called by its id."""
        return self.clauses.get(rule_id) or Clause(rule_id, "", "")


def shown_standards(names: Iterable[str], rulebooks: Sequence[str] = ()) -> Mapping[str, Standard]:
    """Return what is known of the rulebooks that calls were judged under.

    Parameters
    ----------
    names : iterable of str
        As stored.
    rulebooks : sequence of str
        Names or files of rulebooks, for titles that those shipped do not have.

    Raises
    ------
    ConfigError
        When one of ``rulebooks`` cannot be read.
    """
    given = {book.name: Standard.of(book) for book in map(load_rulebook, rulebooks)}
    return {name: given.get(name) or _shipped(name) or Standard(name, name, name) for name in names}


@cache
def _shipped(name: str) -> Standard | None:
    return Standard.of(load_rulebook(name)) if name in shipped_rulebooks() else None


def _bands(rule: Rule) -> Iterator[PaceBand]:
    # A pace that is owed only in some calls is no target for all of them.
    if not rule.applies_when:
        for check in _parts(rule.check):
            if isinstance(check, MeasureInBand) and check.measure in PACES and check.role is Role.AGENT:
                yield PaceBand(rule.id, check.measure, check.at_least, check.at_most)


def _parts(check: Check) -> Iterator[Check]:
    if isinstance(check, Combined):
        for part in check.parts:
            yield from _parts(part.check)
    else:
        yield check
