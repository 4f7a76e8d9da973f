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


@pytest.mark.parametrize(
    ("source", "heard", "said"),
    [
        ("(就|都)是[你们]{any:0-5}(部门|仓库)的错", "都是仓库的错", "都是仓库的错"),
        ("(就|都)是[你们](部门|仓库)的错", "都是你们仓库的错", "都是你们仓库的错"),
        ("请稍等 / 稍等[一下]", "稍等一下", "稍等一下"),
        ("(电脑|系统)不会出错", "系同不会出错", "电脑不会出错"),
        ("(手机号|手机号码)给你", "手机号码给你", "手机号码给你"),
        ("(never closed", "closed", "(never closed"),
    ],
)
def test_of_several_ways_the_one_that_was_said_is_told(source: str, heard: str, said: str) -> None:
    assert readable(source, near=heard) == said
