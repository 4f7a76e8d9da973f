"""The customer's name: how it became known, and whether the agent used it.

Surnames are compared by sound, because a recogniser writes 将先生 for 蒋先生 and 罗女是 for 罗女士.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.call import Call, Role, Utterance
from pipeline.wording.surnames import (
    NOT_SURNAMES,
    RARE_SURNAMES,
    SURNAMES,
    TITLES,
    han,
    sounds,
    surname_of,
    surname_sounds,
)

SAYS_NAME = re.compile(r"(?:我|本人|免贵|敝|机主|户名)(?:是)?(?:叫|姓)|免贵|名字(?:是|叫)|^姓")
ASKS_NAME = re.compile(
    r"贵姓|怎么称呼|如何称呼|尊姓|(?:您|你)的(?:名字|姓名|大名)|叫什么|哪位|(?:名字|姓名)[^，。！？,.!?]{0,2}(?:报|说|告诉|留)|(?:报|说|留)一?下(?:[您你]的)?(?:名字|姓名)"
)

# 我姓什么, 我姓名是: no name follows.
NOT_NAMES = frozenset("什啥名氏")
NAME_CHARS = range(2, 5)
KNOWN_SURNAMES = SURNAMES + RARE_SURNAMES
# 不好意思先生: no name stands before the title.
COURTESY_BEFORE = re.compile(r"(?:意思|关系|[谢感]谢|抱歉|对不起|没事|放心|好的|[您你上午]好)$")
PUNCTUATION = re.compile(r"[，。！？；、,.!?;…\s]+")


@dataclass(frozen=True, slots=True)
class Name:
    """A surname and how it became known: ``call log``, ``customer`` or ``agent``."""

    surname: str
    source: str
    utterance: Utterance | None


@dataclass(frozen=True, slots=True)
class Address:
    """A title the agent used, with the characters before it in the same clause (up to four)."""

    before: str
    title: str
    utterance: Utterance


def spoken_name(call: Call) -> Name | None:
    """The surname as the customer says it: 我姓X, 我叫X, or in reply to the agent's question for it."""
    asked = False
    logged = logged_name(call)
    for utterance in call.utterances:
        if utterance.role is Role.AGENT:
            asked = bool(ASKS_NAME.search(utterance.text))
        elif utterance.role is Role.CUSTOMER:
            surname = _stated(utterance.text) or (_bare(utterance.text) if asked else None)
            if logged and _sounds_stated(logged.surname, utterance.text):
                surname = logged.surname
            if surname:
                return Name(surname, "customer", utterance)
    return None


def logged_name(call: Call) -> Name | None:
    """The surname in the call log."""
    name = han(call.record.customer_name or "")
    return Name(surname_of(name), "call log", None) if name else None


def addresses(utterances: Sequence[Utterance]) -> Iterator[Address]:
    """Every 先生, 女士 or 小姐, by sound, in order."""
    for utterance in utterances:
        for before, title in _titles(utterance.text):
            yield Address(before, title, utterance)


@lru_cache(maxsize=4096)
def _titles(text: str) -> tuple[tuple[str, str], ...]:
    """Titles by sound, each with the characters before it in its clause."""
    wanted = {sounds(title): title for title in TITLES}
    clauses = ((clause, sounds(clause)) for clause in map(han, PUNCTUATION.split(text)))
    return tuple(
        (clause[max(0, i - 4) : i], wanted[heard[i : i + 2]])
        for clause, heard in clauses
        if len(heard) == len(clause)
        for i in range(len(heard) - 1)
        if heard[i : i + 2] in wanted
    )


def carries(address: Address, surname: str) -> bool:
    """Whether this surname, by sound, stands before the title, a given name in between allowed."""
    own = sounds(surname)
    heard = sounds(address.before)
    last = len(heard) - len(own)
    return any(heard[i : i + len(own)] == own for i in range(max(0, last - 2), last + 1))


def sounds_like_surname(address: Address) -> bool:
    """Whether what stands right before the title may be some surname."""
    before = address.before
    if not before or before[-1] in NOT_SURNAMES or COURTESY_BEFORE.search(before):
        return False
    return sounds(before[-1])[0] in surname_sounds()


def _stated(text: str) -> str | None:
    found = SAYS_NAME.search(text)
    if not found:
        return None
    rest = han(PUNCTUATION.split(text[found.end() :])[0])
    if not rest or rest[0] in NOT_NAMES:
        return None
    if found.group().endswith("姓") or found.group() == "免贵":
        return surname_of(rest)
    # 我叫孙建国 is a name; 我叫车叫了半天 is not.
    return surname_of(rest) if rest[0] in KNOWN_SURNAMES and len(rest) in NAME_CHARS else None


def _sounds_stated(surname: str, text: str) -> bool:
    """Whether 姓 and this surname are heard one after the other, by sound (或姓员 for 我姓袁)."""
    wanted, heard = sounds("姓" + surname), sounds(text)
    return any(heard[i : i + len(wanted)] == wanted for i in range(len(heard)))


def _bare(text: str) -> str | None:
    first = han(PUNCTUATION.split(text.strip())[0])
    if len(first) not in NAME_CHARS or first[0] not in KNOWN_SURNAMES or first[0] in NOT_SURNAMES:
        return None
    return surname_of(first)
