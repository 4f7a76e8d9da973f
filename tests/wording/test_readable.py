from __future__ import annotations

import pytest

from pipeline.wording.readable import readable


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("谢谢", "谢谢"),
        ("[请问](还有|有)什么可以帮[到|助]您 / 有什么能帮您", "还有什么可以帮您"),
        ("<还>有什么", "还有什么"),
        ("我是{company}的{name}", "我是××公司的××"),
        ("请{any:0-4}稍等…谢谢", "请稍等…谢谢"),
        ("您的号码是{number:8-12}", "您的号码是××"),
        ("您好 + 请问", "您好…请问"),
        ("转{any:1-8}部门", "转…部门"),
        ("（您|你）好", "您好"),
        ("您[不必|不用]介意", "您不必介意"),
        ("[请]再说[一](遍|次)", "再说一遍"),
        ("(never closed", "(never closed"),
        ("…", "…"),
    ],
)
def test_a_phrase_as_people_would_say_it(source: str, said: str) -> None:
    assert readable(source) == said
