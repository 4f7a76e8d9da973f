"""What the agent says to a moment, and when a courtesy of the customer calls for no answer of its own."""

from __future__ import annotations

from pipeline.call import Call, EventKind, Role, Utterance
from pipeline.checks.evidence.courtesies import asks_for_something, last_courtesy, last_said, says_goodbye
from pipeline.checks.evidence.hearing import Heard
from pipeline.checks.evidence.questions import find_questions
from pipeline.checks.evidence.windows import Run, runs
from pipeline.spans import Span
from pipeline.wording.spoken import spoken_units

# More than this after the courtesy and the customer has gone on to something else.
GOES_ON_CHARS = 6
# A longer gap than this inside a turn parts what is said in one breath.
PAUSE_S = 5.0
# A hold that begins this soon after thanks: the customer was agreeing to wait.
HOLD_FOLLOWS_S = 3.0


def next_runs(call: Call, moment: Span, count: int) -> Run:
    """Return what the agent says in the turns that begin after a moment, ``count`` of them.

    A moment in the agent's own speech belongs to the first of them. A long pause ends a turn.
    """
    own = [part for run in runs(call) if run[0].role is Role.AGENT for part in _breaths(run)]
    later = [kept for part in own if (kept := _about(part, moment))]
    return tuple(u for run in later[:count] for u in run)


def after_moment(heard: Heard, moment: Span) -> Run:
    """Return all that is said after a moment, or with it by what may be the role itself."""
    return _since(heard.utterances, moment)


def turn_end_s(call: Call, moment: Span) -> float:
    """When the turn that a moment stands in is over [s]; the moment's own end where nobody speaks."""
    run = _run_of(call, moment)
    return max([moment.end_s, *(u.end_s for u in run)])


def why_not_owed(call: Call, moment: Span) -> str | None:
    """Say why a courtesy of the customer may call for no answer of its own, or None."""
    run = _run_of(call, moment)
    said = next((u for u in run if u.start_s >= moment.start_s), None)
    if said is None:
        return None
    courtesy = last_courtesy(said.text)
    rest = said.text[courtesy.end() :] if courtesy else ""
    after = tuple(u for u in run if u.start_s > said.start_s)
    if says_goodbye(rest) or any(says_goodbye(u.text) for u in after):
        return "it came with the goodbye"
    questions = (q for u in (said, *after) for q in find_questions(u) if q.text in rest or u is not said)
    chars = spoken_units(rest) + sum(u.chars for u in after)
    # After an apology comes what it is for; that is no other matter.
    apology = last_said("apology", said.text) is not None
    goes_on = asks_for_something(rest) if apology else chars > GOES_ON_CHARS
    if goes_on or any(not q.minor for q in questions):
        return "the customer goes on in the same breath"
    if last_said("thanks", said.text) is not None and courtesy and _closes_request(said, courtesy.start()):
        return "it closes a request"
    end_s = max(u.end_s for u in run)
    if any(0 <= h.start_s - end_s <= HOLD_FOLLOWS_S for h in call.events_of(EventKind.HOLD)):
        return "it agreed to a wait"
    return None


def _closes_request(said: Utterance, end: int) -> bool:
    """Whether what comes before the thanks asks for something (帮我查一下，谢谢)."""
    before = said.text[:end]
    questions = (q for q in find_questions(said) if q.text in before)
    return asks_for_something(before) or any(not q.minor for q in questions)


def _breaths(run: Run) -> list[Run]:
    """Part a turn at its long pauses."""
    starts = [i for i, u in enumerate(run) if i == 0 or u.start_s - run[i - 1].end_s >= PAUSE_S]
    return [run[a:b] for a, b in zip(starts, [*starts[1:], len(run)], strict=True)]


def _about(part: Run, moment: Span) -> Run:
    """Return what is said from a moment on, with what led up to it where it is said in the part itself."""
    return part if any(u.span == moment for u in part) else _since(part, moment)


def _since(run: tuple[Utterance, ...], moment: Span) -> Run:
    return tuple(u for u in run if u.start_s >= moment.start_s)


def _run_of(call: Call, moment: Span) -> Run:
    """Return the turn in which a moment is said; empty where it is nobody's words."""
    return next((r for r in runs(call) if any(u.span == moment for u in r)), ())
