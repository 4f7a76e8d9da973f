from __future__ import annotations

import pytest

from pipeline.checks.conditions import CONDITIONS
from pipeline.dialogue import dialogue_call

ASK = "我想查一下社保的缴费记录。"
ANSWERED = "agent: 请到二楼办理。\ncustomer: {}\nagent: 好的。"
CASES = [
    ("faint_caller", f"agent: 您好。\ncustomer: {ASK}", False),
    ("faint_caller", f"agent: 您好。\ncustomer(level -50): {ASK}", True),
    ("faint_caller", f"agent(level -20): 您好。\ncustomer(level -39): {ASK}", True),
    ("faint_caller", f"agent(level -25): 您好。\ncustomer(level -41): {ASK}", None),
    (
        "faint_caller",
        f"agent(level -25): 您好。\ncustomer(level -41): {ASK}\nagent: 您声音太小，我听不清。",
        True,
    ),
    # Faint until the agent says so.
    (
        "faint_caller",
        f"agent: 您好。\ncustomer(level -50): {ASK}\nagent: 您的电话声音很小，请您拿起话筒好吗？\n"
        f"customer: 哦，好了，我刚才开着免提，{ASK}这样您听得清楚了吗？",
        True,
    ),
    # Heard well by its level, the caller is not faint, whatever the agent says.
    ("faint_caller", f"agent: 您好。\ncustomer: {ASK}\nagent: 大声点，我听不清！", False),
    ("faint_caller", "agent: 您好，请讲。\nagent: 您的电话没有声音。", False),
    ("faint_caller", f"@mono\nunknown: 您好，请讲。\nunknown: {ASK}", False),
    ("faint_caller", f"@mono\nunknown: 您好，请讲。\nunknown(level -50): {ASK}", None),
    ("noisy_line", f"agent: 您好。\ncustomer: {ASK}", False),
    ("noisy_line", f"@snr 25\nagent: 您好。\ncustomer: {ASK}", False),
    ("noisy_line", f"@snr 9\nagent: 您好。\ncustomer: {ASK}", True),
    ("noisy_line", f"@snr 18\nagent: 您好。\ncustomer: {ASK}", None),
    # The noise is faint too: it is the voice that does not come through.
    ("noisy_line", f"@snr 9\nagent: 您好。\ncustomer(level -50): {ASK}", False),
    ("noisy_line", f"@snr 25\nagent: 您好。\ncustomer: {ASK}\nagent: 您那边杂音太大，请换个电话。", True),
    ("noisy_line", f"@mono\nunknown: {ASK}\nunknown: 您那边杂音太大，请换个电话。", None),
    ("noisy_line", f"@mono\nunknown: 您好，请讲。\nunknown: {ASK}", False),
    ("asked_louder", ANSWERED.format("你声音太小了。"), True),
    ("asked_louder", ANSWERED.format("能不能大声一点？"), True),
    ("asked_louder", ANSWERED.format("麻烦您大点声，听不清。"), True),
    ("asked_louder", ANSWERED.format("您说话声音有点小啊。"), True),
    ("asked_louder", ANSWERED.format("听不清，声音大一点行吗？"), True),
    ("asked_louder", ANSWERED.format("Could you speak up, please?"), True),
    ("asked_louder", ANSWERED.format("我大声一点说，你能听见吗？"), False),
    ("asked_louder", ANSWERED.format("你说得太快了，我没听清。"), False),
    ("asked_louder", ANSWERED.format("我们家音响声音太小。"), False),
    ("asked_louder", ANSWERED.format("怎么没声音啊？"), False),
    ("asked_louder", ANSWERED.format("洗衣机声音太大了。"), False),
    ("asked_louder", ANSWERED.format("我声音是不是太小了？"), False),
    ("asked_quieter", ANSWERED.format("你小声一点，孩子睡了。"), True),
    ("asked_quieter", ANSWERED.format("声音太大了，震耳朵。"), True),
    ("asked_quieter", ANSWERED.format("别那么大声。"), True),
    ("asked_quieter", ANSWERED.format("楼上装修声音太大了。"), False),
    ("asked_quieter", ANSWERED.format("我小声点说，旁边有人。"), False),
    ("asked_to_repeat", ANSWERED.format("没听清，您再说一遍。"), True),
    ("asked_to_repeat", ANSWERED.format("能说慢一点吗？"), True),
    ("asked_to_repeat", ANSWERED.format("你讲太快了。"), True),
    ("asked_to_repeat", ANSWERED.format("啊？再说一遍？"), True),
    ("asked_to_repeat", ANSWERED.format("Sorry, could you say that again?"), True),
    ("asked_to_repeat", ANSWERED.format("我再说一遍，我要退款。"), False),
    ("asked_to_repeat", ANSWERED.format("我都说了好几遍了。"), False),
    ("asked_to_repeat", ANSWERED.format("你听清楚没有？"), False),
    ("asked_to_repeat", ANSWERED.format("网速太慢了一点。"), False),
    ("asked_louder", f"agent: 请您大声一点，再说一遍好吗？\ncustomer: {ASK}", False),
    ("asked_to_repeat", f"agent: 请您大声一点，再说一遍好吗？\ncustomer: {ASK}", False),
]


@pytest.mark.parametrize(("name", "source", "arises"), CASES)
def test_conditions_of_the_line(name: str, source: str, arises: bool | None) -> None:
    occasion = CONDITIONS[name](dialogue_call(source))
    assert occasion.arises is arises, occasion.reason
    assert occasion.reason


def test_moments_of_a_faint_caller_are_what_the_customer_says() -> None:
    call = dialogue_call(f"agent: 您好。\ncustomer(level -50): {ASK}\nagent: 请您大声一点好吗？")
    assert [m.quote for m in CONDITIONS["faint_caller"](call).moments] == [ASK]
