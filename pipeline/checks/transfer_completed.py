"""``transfer_completed``: whoever is handed over reaches somebody."""

from __future__ import annotations

from typing import ClassVar

from pipeline.call import Call, Role, Verdict
from pipeline.checks.base import Check, Outcome, Seconds, worst
from pipeline.checks.conditions import Moment
from pipeline.checks.conditions.transfers import transfer
from pipeline.spans import Span

# A wait's end and the first words after it, by two detectors.
EDGE_S = 0.5


class TransferCompleted(Check):
    """Pass when somebody speaks on the agent's side after the wait of a transfer.

    Fail when the call ends in that wait by the desk's doing. A caller who gives up, or an end without a
    wait of ``wait_s`` (the line may have been passed on), goes to review.

    Options: ``wait_s``.
    """

    kind: ClassVar[str] = "transfer_completed"

    wait_s: Seconds = 4.0

    def judge(self, call: Call) -> Outcome:
        """Judge each transfer; the worst decides."""
        occasion = transfer(call)
        if occasion.arises is False:
            return Outcome(Verdict.NOT_APPLICABLE, occasion.reason, role=Role.AGENT)
        if occasion.arises is None:
            reason = f"{occasion.reason}, in a voice whose role is not known"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, occasion.span, occasion.quote)
        return worst(tuple(self._one(call, moment) for moment in occasion.moments))

    def _one(self, call: Call, moment: Moment) -> Outcome:
        back = next(
            (
                u
                for u in call.utterances
                if u.role is not Role.CUSTOMER and u.start_s >= moment.span.end_s - EDGE_S
            ),
            None,
        )
        if back is not None:
            reason = "somebody speaks after the wait of the transfer"
            return Outcome(Verdict.PASS, reason, 0.85, Role.AGENT, back.span, back.text)
        ended_s = max([call.duration_s, moment.span.end_s])
        span = Span(moment.span.start_s, ended_s)
        last_s = max(u.end_s for u in call.utterances)
        side = call.record.hangup_side
        reason = "the call ends in the transfer"
        if side == Role.CUSTOMER:
            reason = f"{reason}, but the customer hung up"
        elif side is None:
            reason = f"{reason}, but who hung up is not in the call's metadata"
        elif ended_s - last_s < self.wait_s:
            reason = f"{reason}, but at once: the line may have been passed on"
        else:
            return Outcome(Verdict.FAIL, reason, 0.85, Role.AGENT, span, moment.quote)
        return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, span, moment.quote)
