"""Names of persons in a call: those it introduces, and those known, each time they are said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.call import CallRecord, Role, Utterance
from pipeline.privacy.introduced import Name, announced_names, answered_names
from pipeline.privacy.known_names import by_sound, confirmed, said_in_full, written_in_letters
from pipeline.wording.surnames import han, surname_of

ASKS_NAME = re.compile(
    r"贵姓|怎么称呼|如何称呼|尊姓|(?:您|你|本人|机主|户主|收件人|联系人)(?:的)?(?:名字|"
    r"姓名|大名|名次)|叫什么|哪位|报(?:一下)?(?:您的)?姓名|(?:姓名|名字)[^，。！？,.!?]{0,2}(?:报|说|留)一?下|"
    r"(?:姓名|名字)(?:是|叫|叫做)?(?:什么|是)?[吗呢]?[?？。]?$"
)


def find_names(utterances: Sequence[Utterance], record: CallRecord) -> tuple[Name, ...]:
    """Find names in a call's utterances; those that the call log tells are found by their sound.

    Parameters
    ----------
    utterances : sequence of Utterance
        All of a call's, in order of time.
    record : CallRecord
        Its names of the customer and of the agent tell what to listen for.
    """
    found: list[Name] = []
    asked = False
    for utterance in utterances:
        found += announced_names(utterance)
        if asked and utterance.role is not Role.AGENT:
            found += answered_names(utterance)
        asked = ASKS_NAME.search(utterance.text) is not None or (asked and len(utterance.text) < 4)
    customer = han(record.customer_name or "")
    known = [customer] if customer else []
    known += [name.text for name in found if name.utterance.role is Role.CUSTOMER][:3]
    if customer:
        found += [name for u in utterances for name in confirmed(surname_of(customer), u)]
    for surname in dict.fromkeys(surname_of(name) for name in known):
        found += by_sound(surname, utterances)
    # Who was announced in full is named in full again.
    announced = [name.text for name in found if len(han(name.text)) > 2]
    whole = dict.fromkeys(n for n in (*known, *announced, han(record.agent_name or "")) if len(n) > 1)
    found += [name for u in utterances for n in whole for name in said_in_full(n, u)]
    written = [record.customer_name or "", *(name.text for name in found if not han(name.text))]
    found += [name for u in utterances for name in written_in_letters(tuple(dict.fromkeys(written)), u)]
    return tuple(sorted(found, key=lambda n: (n.utterance.idx, n.start, -n.end)))
