"""``personal_data_leak``: the agent reads out somebody's personal number in full."""

from __future__ import annotations

import re
from typing import ClassVar

from pipeline.call import Call, Role, Utterance, Verdict
from pipeline.checks.base import Check, Outcome
from pipeline.checks.evidence.digits import DigitRun, digit_runs
from pipeline.checks.evidence.hearing import Heard, doubt_coverage, doubt_recogniser, hear, whole
from pipeline.privacy.forms import card_number, identity_number, mobile_number
from pipeline.spans import Span

# Fewer digits than a recogniser drops of an identity or card number are another number.
LONG_DIGITS = 14
IDENTITY = re.compile(r"身份证|证件号|护照|身份号")
CARD = re.compile(r"(?:银行|信用|储蓄|借记)卡|卡号|银行账[号户]")
ORDER = re.compile(r"订单|单号|运单|快递单|流水|编号|序列号|工单|票号|户号|保单|合同|物流")
PHONE = re.compile(r"手机|电话|号码|联系方式|打给")
OTHERS = re.compile(
    r"[他她](?:本人)?的|[他她]手机|那[个位](?:人|客户|用户|先生|女士)|(?:卖家|买家|房东|机主|师傅|快递员|骑手|司机|医生|老师|同事|经理|专员|"
    r"邻居|朋友|家人|爱人|老公|老婆|前男友|前女友|对方|别人|另[一外].{0,3}(?:客户|用户|先生|女士))"
)
OWN = re.compile(r"[您你](?:的|预留|登记|本人|本机|这个|留的|尾号)|预留|登记")
# What is said this long before tells what a number is.
CONTEXT_S = 25.0
# Digits of a telephone number that a recogniser may get wrong.
MISHEARD = 2


class PersonalDataLeak(Check):
    """Fail when the agent reads out an identity or card number in full, or another person's telephone number.

    A number is known by its form (birth date and check digit, Luhn's check digit) or by what was asked for;
    orders and shipments have long numbers too. The last digits, a masked number, the customer's own
    telephone number and the desk's are no leak. A long number of no known kind goes to review.
    """

    kind: ClassVar[str] = "personal_data_leak"

    def judge(self, call: Call) -> Outcome:
        """Look at every number the agent reads out."""
        heard = hear(call, Role.AGENT)
        if not heard.utterances or heard.span is None:
            return Outcome(Verdict.NOT_APPLICABLE, "the agent says nothing", role=Role.AGENT)
        weighed = [(run, *self._weigh(call, run)) for run in digit_runs(heard.utterances)]
        for verdict in (Verdict.FAIL, Verdict.UNDETERMINED):
            found = next(((run, why) for run, v, why in weighed if v is verdict), None)
            if found is not None:
                return self._leaked(heard, verdict, *found)
        # Whose voice is whose is no doubt: what nobody reads out, the agent does not.
        doubt = doubt_coverage(call, heard.role, whole(call, heard).span) or doubt_recogniser(
            heard.utterances
        )
        if doubt:
            reason = f"no personal number is read out, but {doubt}"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, heard.span)
        return Outcome(Verdict.PASS, "no personal number is read out in full", 0.85, Role.AGENT, heard.span)

    def _leaked(self, heard: Heard, verdict: Verdict, run: DigitRun, why: str) -> Outcome:
        if not heard.attributed:
            verdict, why = Verdict.UNDETERMINED, f"{why}, in a voice whose role is not known"
        sure = 0.9 if verdict is Verdict.FAIL else 0.5
        return Outcome(verdict, why, sure, Role.AGENT, run.span, run.quote)

    def _weigh(self, call: Call, run: DigitRun) -> tuple[Verdict, str]:
        """FAIL for a leak, UNDETERMINED for a number that may be one, PASS for others."""
        near = _context(call, run)
        if len(run.digits) >= LONG_DIGITS:
            return _weigh_long(run.digits, near)
        if mobile_number(run.digits):
            return _weigh_mobile(call, run, near)
        return Verdict.PASS, ""


def _weigh_long(digits: str, near: str) -> tuple[Verdict, str]:
    identity = identity_number(digits)
    if identity or (identity is None and not ORDER.search(near)):
        return Verdict.FAIL, "reads out a full identity number"
    ordered, asked = ORDER.search(near), IDENTITY.search(near) or CARD.search(near)
    if asked and not ordered:
        return Verdict.FAIL, f"reads out {len(digits)} digits where the talk is of {asked.group()!r}"
    if card_number(digits) and not ordered:
        return Verdict.FAIL, "reads out a full card number"
    if ordered and not asked:
        return Verdict.PASS, ""
    return Verdict.UNDETERMINED, f"reads out {len(digits)} digits; whose number it is needs a listener"


def _weigh_mobile(call: Call, run: DigitRun, near: str) -> tuple[Verdict, str]:
    number = run.digits[-11:]
    spoken = [r.digits for r in digit_runs(call.by_role(Role.CUSTOMER)) if r.span.start_s < run.span.start_s]
    if any(_alike(number, digits) for digits in spoken):
        return Verdict.PASS, ""
    own = "".join(u.text for u in run.utterances)
    if OWN.search(own) and not OTHERS.search(own):
        return Verdict.PASS, ""
    if OTHERS.search(near) and PHONE.search(near):
        return Verdict.FAIL, "reads out another person's telephone number"
    return Verdict.UNDETERMINED, "reads out a mobile number; whose it is needs a listener"


def _alike(number: str, digits: str) -> bool:
    """Whether the digits hold the number, up to what a recogniser mishears."""
    windows = [digits[at : at + 11] for at in range(max(1, len(digits) - 10))]
    return any(
        len(part) == len(number) and sum(a != b for a, b in zip(part, number, strict=True)) <= MISHEARD
        for part in windows
    )


def _context(call: Call, run: DigitRun) -> str:
    """Return what both say in the run's utterances and shortly before."""
    since = Span(max(0.0, run.span.start_s - CONTEXT_S), run.span.end_s)
    near: list[Utterance] = [u for u in call.utterances if u.span.overlap_s(since) > 0]
    return " ".join(u.text for u in near)
