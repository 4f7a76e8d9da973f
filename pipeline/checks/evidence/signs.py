"""Signs: short wording of which one alone is innocent, and several kinds in one breath are not.

There are more ways to push a customer away than phrases to list. They are made of few pieces, though: this is
not ours; so-and-so decides it; go and ask them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pipeline.call import Utterance
from pipeline.checks.evidence.sayings import unbroken
from pipeline.spans import Span
from pipeline.wording.matching import PhraseMatch, find_all
from pipeline.wording.phrases import Phrase

# Signs are short: in two syllables even a homophone makes another word.
VERBATIM = 0.97
# What is said later in the turn is another thought.
TOGETHER_S = 10.0


@dataclass(frozen=True, slots=True)
class Told:
    """Two signs of different kinds in one turn.

    Attributes
    ----------
    kinds : tuple of str
        Their names in the rulebook.
    first, second : PhraseMatch
        In order of time.
    turn : tuple of Utterance
        All that is said until somebody else speaks.
    """

    kinds: tuple[str, str]
    first: PhraseMatch
    second: PhraseMatch
    turn: tuple[Utterance, ...]

    @property
    def span(self) -> Span:
        """From the start of the first to the end of the second."""
        return Span(self.first.start_s, max(self.first.end_s, self.second.end_s))

    @property
    def text(self) -> str:
        """All that is said in the turn."""
        return "，".join(u.text for u in self.turn)


def told_together(
    signs: Mapping[str, tuple[Phrase, ...]],
    utterances: Sequence[Utterance],
    *,
    apart_from: Sequence[Phrase] = (),
) -> Iterator[Told]:
    """Yield two signs of different kinds for every turn that has them, the first ones that do not overlap.

    A sign inside wording of ``apart_from`` is none.
    """
    found = [
        (name, m) for name, group in signs.items() for m in find_all(group, utterances, threshold=VERBATIM)
    ]
    if len({name for name, _ in found}) < 2:
        return
    others = find_all(apart_from, utterances, threshold=VERBATIM)
    meant = [(n, m) for n, m in found if not any(_overlap(m, other) for other in others)]
    for turn in map(tuple, unbroken(utterances)):
        idx = {u.idx for u in turn}
        here = sorted(((n, m) for n, m in meant if m.utterance_idx in idx), key=lambda one: one[1].start_s)
        for (name, match), (other, later) in combinations(here, 2):
            near = later.start_s - match.end_s <= TOGETHER_S
            if name != other and near and not _overlap(match, later):
                yield Told((name, other), match, later, turn)
                break


def _overlap(match: PhraseMatch, other: PhraseMatch) -> bool:
    return Span(match.start_s, match.end_s).overlap_s(Span(other.start_s, other.end_s)) > 1e-6
