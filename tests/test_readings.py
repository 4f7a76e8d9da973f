"""The third reading, with the recogniser's scores given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from samples import sample

from pipeline.audio import RATE_HZ
from pipeline.audit import listen_again
from pipeline.call import Call, EventKind, Role, Verdict
from pipeline.checks.evidence.readings import is_said
from pipeline.checks.phrase_required import PhraseRequired
from pipeline.hearing import Hearing
from pipeline.readings import with_readings
from pipeline.transcribers import CannedTranscriber
from pipeline.wording.matching import PhraseMatch, find_first
from pipeline.wording.phrases import compile_phrase

PHRASE = "让您久等了"
HEARD = "对不起，让您重导。"
BOOK = """\
name: desk
title: A desk
source: a manual
rules:
  - id: DSK-01
    title: A rule
    dimension: courtesy
    points: 3
    check: phrase_required
    phrases: [{phrase}]
    threshold: {threshold}
"""


@pytest.fixture(scope="module")
def call() -> Call:
    """A real recording of which one utterance nearly says the phrase."""
    given = sample(1)
    # Words for every second: an utterance with hardly any counts as not heard.
    hearing = Hearing(
        CannedTranscriber(
            lambda number, clip: HEARD if number == 2 else "嗯，好的。" * (1 + len(clip) // RATE_HZ)
        )
    )
    return hearing.hear(given.record, sha256="0" * 64)


def nearest(call: Call) -> PhraseMatch:
    found = find_first([compile_phrase(PHRASE)], call.utterances).nearest
    assert found is not None
    return found


def read(call: Call, scores: Mapping[str, float]) -> Call:
    return with_readings(call, [nearest(call)], CannedTranscriber([], scores=scores))


@pytest.mark.parametrize(
    ("instead", "loss", "said"), [(-21.0, 0.2, True), (-24.0, 0.8, None), (-40.0, 4.0, False)]
)
def test_the_loss_is_per_character_of_the_phrase(
    call: Call, instead: float, loss: float, *, said: bool | None
) -> None:
    text = HEARD.replace(nearest(call).quote, PHRASE)
    heard = read(call, {HEARD: -20.0, text: instead})
    (reading,) = heard.events_of(EventKind.READING)
    assert reading.get("loss") == pytest.approx(loss)
    assert is_said(heard, nearest(call)) is said


def test_a_passage_that_was_not_asked_about_leaves_the_doubt(call: Call) -> None:
    assert is_said(call, nearest(call)) is None


def test_a_phrase_with_a_gap_cannot_be_read(call: Call) -> None:
    match = replace(nearest(call), phrase="让您{any:0-3}久等了")
    assert with_readings(call, [match], CannedTranscriber([])) == call


@pytest.mark.parametrize(("loss", "verdict"), [(0.1, Verdict.PASS), (3.0, Verdict.FAIL)])
def test_a_reading_settles_required_wording(call: Call, loss: float, verdict: Verdict) -> None:
    quote = nearest(call).quote
    heard = read(call, {HEARD: -20.0, HEARD.replace(quote, PHRASE): -20.0 - 5 * loss})
    check = PhraseRequired(phrases=(PHRASE,), threshold=nearest(call).similarity + 0.02)
    assert [m.quote for m in check.asks(call)] == [quote]
    assert check.judge(heard).verdict is verdict


def test_hearing_listens_again_for_the_wording_of_the_rulebook(call: Call) -> None:
    nearly = "感谢您的来电，请您愉快，拜拜。"
    spoken = replace(call, utterances=tuple(replace(u, text=nearly) for u in call.utterances))
    heard = listen_again(Hearing(CannedTranscriber([])), spoken, ["dinghao-380"])
    readings = heard.events_of(EventKind.READING)
    assert readings
    assert all(isinstance(event.get("loss"), float) for event in readings)
    assert listen_again(Hearing(CannedTranscriber([])), replace(spoken, utterances=()), ["dinghao-380"]) == (
        replace(spoken, utterances=())
    )


class _Asked(Hearing):
    """Keeps what it is asked to listen for."""

    def listen_again(self, call: Call, asked: Sequence[PhraseMatch]) -> Call:
        self.phrases = [match.phrase for match in asked]
        return call


def test_a_rulebook_that_was_changed_is_listened_for_as_it_is_now(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "desk.yaml"
    hearing = _Asked(CannedTranscriber([]))
    at_desk = replace(call, record=replace(call.record, standards=(str(path),)))
    for phrase in ("祝您生活愉快", PHRASE):
        path.write_text(
            BOOK.format(phrase=phrase, threshold=round(nearest(call).similarity + 0.02, 3)), "utf-8"
        )
        listen_again(hearing, call, [str(path)])
        by_name = hearing.phrases
        listen_again(hearing, at_desk, [])
        assert hearing.phrases == by_name == [phrase] * (phrase == PHRASE)


def test_what_the_customer_says_confirms_nothing_of_the_agents(call: Call) -> None:
    quote = nearest(call).quote
    heard = read(call, {HEARD: -20.0, HEARD.replace(quote, PHRASE): -20.0})
    (reading,) = heard.events_of(EventKind.READING)
    said = PhraseRequired(phrases=(PHRASE,), threshold=0.99)
    assert said.judge(heard).verdict is Verdict.PASS
    other = Role.CUSTOMER if reading.role is Role.AGENT else Role.AGENT
    swapped = replace(
        heard, events=tuple(replace(e, role=other) if e is reading else e for e in heard.events)
    )
    assert said.judge(swapped).verdict is not Verdict.PASS
