from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.transcribers.base import TranscriberOptions
from pipeline.transcribers.hallucinations import clean

PROMPT = TranscriberOptions().prompt


@pytest.mark.parametrize(
    "text",
    [
        "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
        "請不吝點贊、訂閱、轉發、打賞支持《明鏡與點點》欄目。",
        "请不吝赐赞、订阅、转发、打赏支持《明镜与点点》栏目",
        "打赏支持明镜与点点栏目",
        "明镜需要您的支持 欢迎收看订阅明镜",
        "字幕由Amara.org社区提供",
        "字幕由 Amara.org 社群提供",
        "由 Amara.org 社區提供的字幕",
        "中文字幕志愿者 李宗盛",
        "字幕志愿者 杨茜茜",
        "优优独播剧场——YoYo Television Series Exclusive",
        "词曲 李宗盛",
        "作詞・作曲:李宗盛".replace("・", ""),
        "MING PAO CANADA // MING PAO TORONTO",
        "谢谢观看",
        "謝謝大家收看!",
        "感谢您的观看。",
        "Thanks for watching!",
        " Thank you for watching.",
        "Subtitles by the Amara.org community",
        "Please subscribe to my channel.",
        "中文字幕",
        "《音乐》",
        "[Music]",
        "♪♪♪",
        "作词 作曲 作曲 刘宇",
        "词曲 曲曲 曲曲",
        "未经许可，不得翻唱或使用",
        "我们下期再见",
        "点赞、订阅、转发",
        "I'll see you in the next video.",
        "Don't forget to subscribe to the channel!",
        "Untertitelung des ZDF, 2020",
        "Sous-titres réalisés par la communauté d'Amara.org",
        "ご視聴ありがとうございました",
    ],
)
def test_known_invented_text_goes_and_is_counted(text: str) -> None:
    cleaned = clean(text, prompt=PROMPT)
    assert cleaned.text == ""
    assert cleaned.removed >= 1


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("好的，请您稍等。请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", "好的，请您稍等"),
        ("查到了,字幕由Amara.org社区提供", "查到了"),
        ("好的好的。优优独播剧场", "好的好的"),
        ("请您稍等。以下是普通话客服电话的录音。", "请您稍等。"),
    ],
)
def test_invented_text_at_the_end_goes_and_the_speech_stays(text: str, kept: str) -> None:
    cleaned = clean(text, prompt=PROMPT)
    assert (cleaned.text.rstrip("。"), cleaned.removed) == (kept.rstrip("。"), 1)


@pytest.mark.parametrize(
    "text",
    [
        "谢谢",
        "谢谢您的来电，祝您愉快，再见！",
        "感谢您的耐心等待。",
        "您可以订阅我们的短信通知。",
        "欢迎您的来电。",
        "您刚才的视频谢谢观看，还有别的问题吗？",
        "这个客服电话",
        "我要客服电话的录音",
        "我要投诉你们电视的字幕",
        "您要转发给同事也可以，我们支持。",
        "录音",
        "Thank you very much.",
        "Yes, that is clear. Thank you for waiting.",
    ],
)
def test_what_people_say_on_the_telephone_stays(text: str) -> None:
    assert clean(text, prompt=PROMPT).text == text
    assert clean(text, prompt=PROMPT).removed == 0


@pytest.mark.parametrize("text", ["以下是普通话客服电话的录音。", "以下是普通话客服", "普通话客服电话的录音"])
def test_an_echo_of_most_of_the_prompt_goes(text: str) -> None:
    assert clean(text, prompt=PROMPT).text == ""
    assert clean(text, prompt="").text == text


@pytest.mark.parametrize(
    "text", ["而是普通话的录音。", "我认为是普通话客服", "这次是普通话的录音。", "以下是普通话"]
)
def test_a_mutilated_echo_goes_when_the_decode_is_unlikely(text: str) -> None:
    assert clean(text, prompt=PROMPT, likely=False).text == ""
    assert clean(text, prompt=PROMPT, likely=True).text == text


@pytest.mark.parametrize("text", ["请您说普通话", "您的客服电话是多少", "我想听一下昨天打电话的录音"])
def test_an_unlikely_decode_may_share_words_with_the_prompt(text: str) -> None:
    assert clean(text, prompt=PROMPT, likely=False).text == text


def test_stray_decoder_tokens_go_and_are_counted() -> None:
    cleaned = clean("出票组\ufffd\ufffd您以后Ｇ直接联系他们", prompt=PROMPT)
    assert cleaned.text == "出票组您以后直接联系他们"
    assert cleaned.removed == 2


@pytest.mark.parametrize("text", ["我要改签G103次", "用ＵＳＢ插上", "他说OK"])
def test_letters_that_mean_something_stay(text: str) -> None:
    assert clean(text).text == text


def test_punctuation_alone_is_nothing() -> None:
    assert clean("。。。 ,").text == ""


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text, prompt=PROMPT).text
    assert clean(once, prompt=PROMPT).text == once
