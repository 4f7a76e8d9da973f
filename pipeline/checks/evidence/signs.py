"""Signs: short wording of which one alone is innocent, and several kinds in one breath are not.

There are more ways to push a customer away than phrases to list. They are made of few pieces, though: this is
not ours; so-and-so decides it; go and ask them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pipeline.call import Utterance
from pipeline.checks.evidence.hearing import VARIANT_SIMILARITY
from pipeline.checks.evidence.sayings import unbroken
from pipeline.spans import Span
from pipeline.wording.matching import PhraseMatch, find_all
from pipeline.wording.phrases import Phrase

# Signs are short: in two syllables even a homophone makes another word.
VERBATIM = 0.97
# What is said later in the turn is another thought.
TOGETHER_S = 10.0
# A protest is to the end of the turn: what was said before it has been made good by what followed.
LAST_S = 3.0
# 行吧 and 好的 end a matter; who says 嗯 wants to hear on.
LISTENING = re.compile(r"\W*(?:嗯|哦|噢|喔|啊|呃|是的?|对的?|mm|mhm|uh huh|[^\w?？])+")


@dataclass(frozen=True, slots=True)
class Told:
    """Two signs of different kinds in one turn, or one and what the other party says to it.

    Attributes
    ----------
    first, second : PhraseMatch
        In order of time.
    turn : tuple of Utterance
        All that is said until somebody else speaks.
    minded : bool
        Whether one of them is the other party's.
    """

    first: PhraseMatch
    second: PhraseMatch
    turn: tuple[Utterance, ...]
    minded: bool = False

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
    others: Sequence[Utterance],
    *,
    apart_from: Sequence[Phrase] = (),
) -> Iterator[Told]:
    """Yield two signs of different kinds for every turn that has them, the first ones that do not overlap.

    A sign inside wording of ``apart_from`` is none.
    """
    for turn, here in _by_turn(signs, utterances, others, apart_from):
        for (name, match), (other, later) in combinations(here, 2):
            near = later.start_s - match.end_s <= TOGETHER_S
            if name != other and near and not _overlap(match, later):
                yield Told(match, later, turn)
                break


def told_and_minded(
    signs: Mapping[str, tuple[Phrase, ...]],
    utterances: Sequence[Utterance],
    others: Sequence[Utterance],
    *,
    minded: Sequence[Phrase],
    apart_from: Sequence[Phrase] = (),
) -> Iterator[Told]:
    """Yield every sign that the other party protests against with a phrase of ``minded``.

    The protest is the first thing that ``others`` say after the sign, which stands near the end of its turn,
    or the last before the turn: then the sign is the answer to it.
    """
    protests = find_all(minded, others, threshold=VERBATIM) if minded else ()
    if not protests:
        return
    for turn, here in _by_turn(signs, utterances, others, apart_from):
        if not here:
            continue
        reply = next((u.idx for u in others if u.idx > turn[-1].idx), None)
        before = next((u.idx for u in reversed(others) if u.idx < turn[0].idx), None)
        last = turn[-1].end_s - here[-1][1].end_s <= LAST_S
        protest = next((m for m in protests if last and m.utterance_idx == reply), None)
        plea = next((m for m in protests if m.utterance_idx == before), None)
        if protest is not None:
            yield Told(here[-1][1], protest, turn, minded=True)
        elif plea is not None:
            yield Told(plea, here[0][1], turn, minded=True)


def told_in_answer(
    signs: Mapping[str, tuple[Phrase, ...]],
    utterances: Sequence[Utterance],
    others: Sequence[Utterance],
    *,
    to: Collection[int],
    apart_from: Sequence[Phrase] = (),
) -> Iterator[Told]:
    """Yield the first sign of each turn that answers one of the utterances ``to`` of ``others``."""
    for turn, here in _by_turn(signs, utterances, others, apart_from):
        before = next((u.idx for u in reversed(others) if u.idx < turn[0].idx), None)
        if here and before in to:
            yield Told(here[0][1], here[0][1], turn)


def _by_turn(
    signs: Mapping[str, tuple[Phrase, ...]],
    utterances: Sequence[Utterance],
    others: Sequence[Utterance],
    apart_from: Sequence[Phrase],
) -> Iterator[tuple[tuple[Utterance, ...], list[tuple[str, PhraseMatch]]]]:
    """Yield each turn with the signs in it, in order of time."""
    found = [
        (name, m) for name, group in signs.items() for m in find_all(group, utterances, threshold=VERBATIM)
    ]
    if not found:
        return
    apart = find_all(apart_from, utterances, threshold=VARIANT_SIMILARITY)
    meant = [(n, m) for n, m in found if not any(_overlap(m, other) for other in apart)]
    for turn in turns(utterances, others):
        idx = {u.idx for u in turn}
        yield turn, sorted(((n, m) for n, m in meant if m.utterance_idx in idx), key=lambda o: o[1].start_s)


def turns(utterances: Sequence[Utterance], others: Sequence[Utterance]) -> Iterator[tuple[Utterance, ...]]:
    """Group utterances into turns, which a listener's 嗯 among ``others`` does not break; 啊？ does."""
    listening = {u.idx for u in others if LISTENING.fullmatch(u.text)}
    return map(tuple, unbroken(utterances, but_for=listening))


def _overlap(match: PhraseMatch, other: PhraseMatch) -> bool:
    return Span(match.start_s, match.end_s).overlap_s(Span(other.start_s, other.end_s)) > 1e-6
