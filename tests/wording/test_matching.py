import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.call import Role, Utterance
from pipeline.wording.matching import find_all, find_first, find_last
from pipeline.wording.phrases import compile_phrase

OPENING = "您好…请问有什么(可以|能|需要)帮[到|助]您"
ANYTHING_ELSE = "[请问]<还>有什么(可以|能|需要)帮[到|助]您 / 还需要(其他|其它|别的)(服务|帮助)"
CLOSING = "感谢您的(来电|接听)…愉快…再见"
WAIT = "对不起，[{name}(先生|女士)]让您久等了"


def utter(*texts: str, role: Role = Role.AGENT, gap_s: float = 0.5) -> list[Utterance]:
    """Utterances of 3 s each, ``gap_s`` apart, from second 10."""
    rows, at_s = [], 10.0
    for idx, text in enumerate(texts):
        rows.append(Utterance(idx, role, at_s, at_s + 3.0, text, text, len(text), 2.5, 0.8, "zh"))
        at_s += 3.0 + gap_s
    return rows


HEARD = [
    (OPENING, "您好 请外有神 可以帮你"),
    (OPENING, "您好,请问有神乐可以帮到您"),
    (OPENING, "您好，优品网客服中心，欢迎您的来电。请问有什么可以帮您？"),
    (OPENING, "你好，请问有什么可以帮您"),
    (ANYTHING_ELSE, "不用写,这是我们应该做。请问还有神可以帮您的。"),
    (ANYTHING_ELSE, "请问还需要提他服务吗?"),
    (CLOSING, "感谢您的来点,祝您愉快,再见"),
    (CLOSING, "看谢您的来点,祝年愉快,再见。"),
    (CLOSING, "感谢您的来电，祝您愉快，在间。"),
    (CLOSING, "感謝您的接聽，祝您節日愉快，再見！"),
    (WAIT, "对不起，王先生，让您久等了。"),
    (WAIT, "对不起,让您就等了"),
    ("不用谢", "不用写,这是我们应该做"),
    ("感谢您使用{company}…再见", "感谢您使用中国电信业,诸您周末愉快,再见"),
    ("刚才和你说过了，怎么还问", "刚才和你说过了,怎么还稳?"),
    ("你到底要不要办理", "你到底要不要办理,规暴定等好"),
    ("你有气，找领导说去", "我就这态度,你有记找领导说去"),
    ("再讲一遍，我没听清", "沉默,再讲一遍我没听情"),
    ("我们的电脑是[绝对]不会出错的", "我们的电脑是绝对不会出错的"),
    ("{name}(先生|女士)[，]您好", "罗女是您好"),
    ("我是{company}的客服", "我是380出票网的客服"),
    ("我是三八零出票网", "我是380出票网的客服"),
    ("sorry to keep you waiting", "I'm sorry to keep you wating. You can"),
    ("请稍等 + 好吗", "我帮您查一下，好吗？请稍等。"),
]

NOT_HEARD = [
    (OPENING, "你好，什么事？"),
    (OPENING, "喂，有什么事快说"),
    (OPENING, "早上好，很高兴为您服务，请问有什么可以帮您？"),
    (ANYTHING_ELSE, "您好，请问有什么可以帮到您？"),
    (CLOSING, "感谢您的来电"),
    (CLOSING, "再见，感谢您的来电，祝您愉快"),
    ("感谢您的来电", "感谢您的接听"),
    (WAIT, "很抱歉让您久等"),
    ("我也没办法", "我没办法"),
    ("我没办法", "我也没办法"),
    ("我没办法", "我有办法"),
    ("请您再讲一遍好吗", "什么？再讲一遍，我没听清！"),
    ("再讲一遍，我没听清", "请您再讲一遍好吗"),
    ("大声点，我听不清", "我这边听不清楚，请您大声一点，好吗"),
    ("我可以帮您", "我不可以帮您"),
    ("不能办就是不能办", "能办就是能办"),
    ("您好", "你好"),
    ("您的电话杂音太大", "您的电话声音太小"),
    ("{name}先生", "先生，您好"),
    ("您好…再见", "您好" + "一" * 30 + "再见"),
    ("说话啊", "您听得到我说话吗"),
    ("sorry to keep you waiting", "I am keeping it for you"),
    ("请稍等 + 好吗", "请稍等"),
    (OPENING, ""),
]


@pytest.mark.parametrize(("phrase", "text"), HEARD)
def test_said_with_recognition_errors(phrase: str, text: str) -> None:
    search = find_first([compile_phrase(phrase)], utter(text))
    assert search.match is not None, search.nearest
    assert search.match == search.nearest


@pytest.mark.parametrize(("phrase", "text"), NOT_HEARD)
def test_something_else_said(phrase: str, text: str) -> None:
    search = find_first([compile_phrase(phrase)], utter(text))
    assert search.match is None
    assert search.nearest is None or search.nearest.similarity < 0.78


def test_a_near_variant_is_the_nearest_candidate() -> None:
    nearest = find_first([compile_phrase("我也没办法")], utter("那款换不了。我没办法。", "好的")).nearest
    assert nearest is not None
    assert nearest.quote == "我没办法"
    assert nearest.similarity >= 0.5
    assert nearest.utterance_text == "那款换不了。我没办法。"


def test_the_reading_says_whether_sound_decided() -> None:
    verbatim = find_first([compile_phrase("不用谢")], utter("不用谢")).match
    alike = find_first([compile_phrase("不用谢")], utter("不用写")).match
    assert verbatim is not None
    assert alike is not None
    assert (verbatim.reading, verbatim.similarity) == ("characters", 1.0)
    assert alike.reading == "pinyin"
    assert 0.9 <= alike.similarity < 1.0


def test_a_phrase_may_run_across_utterances() -> None:
    match = find_first(
        [compile_phrase("感谢您的来电…再见")], utter("好的，感谢您", "的来电，祝您愉快", "再见")
    ).match
    assert match is not None
    assert match.quote == "感谢您 的来电，祝您愉快 再见"
    assert (match.utterance_idx, match.end_s) == (0, 20.0)
    assert match.start_s == pytest.approx(10.0 + 3.0 * 2 / 5)
    assert match.utterance_text == "好的，感谢您 的来电，祝您愉快 再见"


def test_a_phrase_does_not_run_across_a_pause_or_another_speaker() -> None:
    phrase = [compile_phrase("感谢您的来电")]
    assert find_first(phrase, utter("感谢您", "的来电", gap_s=2.5)).match is None
    mixed = [*utter("感谢您"), *utter("", "的来电", role=Role.CUSTOMER)[1:]]
    assert find_first(phrase, mixed).match is None


def test_free_order_reaches_across_pauses() -> None:
    match = find_first([compile_phrase("请稍等 + 好吗")], utter("好吗", "请稍等", gap_s=9.0)).match
    assert match is not None
    assert (match.start_s, match.end_s) == (10.0, 25.0)


def test_times_follow_the_spoken_characters() -> None:
    match = find_first([compile_phrase("再见")], utter("拨打10000号，再见")).match
    assert match is not None
    # 拨打 一万号 再见: seven spoken characters in three seconds.
    assert match.start_s == pytest.approx(10.0 + 3.0 * 5 / 7)
    assert match.end_s == 13.0
    assert match.quote == "再见"


def test_first_last_and_all() -> None:
    phrases = [compile_phrase("谢谢"), compile_phrase("谢谢您的耐心等待")]
    rows = utter("谢谢，谢谢您的耐心等待", "再见", "谢谢", gap_s=5.0)
    first, last = find_first(phrases, rows).match, find_last(phrases, rows).match
    assert first is not None
    assert last is not None
    assert (first.utterance_idx, last.utterance_idx) == (0, 2)
    quotes = [match.quote for match in find_all(phrases, rows)]
    assert quotes == ["谢谢", "谢谢您的耐心等待", "谢谢"]


def test_the_search_tells_its_window_and_confidence() -> None:
    search = find_first([compile_phrase("您好")], utter("一二三", "四"))
    assert (search.start_s, search.end_s) == (10.0, 16.5)
    assert search.confidence == pytest.approx(0.8)
    empty = find_first([compile_phrase("您好")], [])
    assert (empty.match, empty.nearest, empty.start_s, empty.end_s, empty.confidence) == (None,) * 5


def test_an_utterance_without_words_is_searched() -> None:
    search = find_first([compile_phrase("您好")], utter("……", ""))
    assert (search.match, search.nearest) == (None, None)


PLAIN = st.sampled_from(
    [
        "请您稍等片刻",
        "让您久等了",
        "不用谢这是我们应该做的",
        "您好",
        "我就这态度",
        "hold on please",
        "请问还需要其它服务吗",
    ]
)
OTHER_TEXT = st.text(
    alphabet="的一是在有人这中大来上国个到说们为子和你地出道也时年得就那要下以生会", max_size=12
)
MARKS = st.text(alphabet="，。！？、 ", max_size=2)


@given(phrase=PLAIN, before=OTHER_TEXT, after=OTHER_TEXT)
def test_verbatim_is_found_with_similarity_one(phrase: str, before: str, after: str) -> None:
    rows = utter(f"{before}，{phrase}。{after}")
    match = find_first([compile_phrase(phrase)], rows).match
    assert match is not None
    assert match.similarity == 1.0
    assert match.quote == phrase


@given(text=OTHER_TEXT, phrase=PLAIN, marks=st.lists(MARKS, min_size=13, max_size=13))
def test_punctuation_changes_nothing(text: str, phrase: str, marks: list[str]) -> None:
    marked = "".join(c + m for c, m in zip(text, marks, strict=False))
    compiled = [compile_phrase(phrase)]
    plain, punctuated = find_first(compiled, utter(text)).nearest, find_first(compiled, utter(marked)).nearest
    assert (plain is None) == (punctuated is None)
    if plain is not None and punctuated is not None:
        assert punctuated.similarity == pytest.approx(plain.similarity)
        assert (punctuated.start_s, punctuated.end_s) == pytest.approx((plain.start_s, plain.end_s))


@given(
    phrase=st.sampled_from([OPENING, ANYTHING_ELSE, CLOSING, WAIT, "请稍等 + 好吗", "{name}先生", "再见"]),
    texts=st.lists(
        st.text(alphabet="您好请问还有什么可以帮感谢的来电愉快再见稍等吗王先生不没a1，", max_size=25),
        max_size=4,
    ),
    gap_s=st.sampled_from([0.3, 5.0]),
)
def test_similarities_and_times_stay_in_bounds(phrase: str, texts: list[str], gap_s: float) -> None:
    rows = utter(*texts, gap_s=gap_s)
    search = find_first([compile_phrase(phrase)], rows)
    found = [m for m in (search.match, search.nearest) if m is not None]
    for match in [*found, *find_all([compile_phrase(phrase)], rows)]:
        assert 0.0 <= match.similarity <= 1.0
        assert rows[0].start_s <= match.start_s <= match.end_s <= rows[-1].end_s
        assert match.start_s >= rows[match.utterance_idx].start_s
        assert match.quote
    if search.match is None and search.nearest is not None:
        assert search.nearest.similarity < 0.78


HOMOPHONES = {"请": "青", "您": "您", "稍": "烧", "片": "骗", "刻": "客", "让": "让", "久": "就", "我": "窝",
              "帮": "邦", "查": "茶", "询": "寻", "谢": "写", "电": "店", "使": "史", "用": "佣"}  # fmt: skip


@given(
    phrase=st.sampled_from(["请您稍片刻", "我帮您查询", "谢谢您使用电", "请我帮您查"]),
    replaced=st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_homophones_keep_a_match(phrase: str, replaced: list[bool]) -> None:
    heard = "".join(HOMOPHONES[c] if swap else c for c, swap in zip(phrase, replaced, strict=False))
    match = find_first([compile_phrase(phrase)], utter(heard)).match
    assert match is not None
    assert match.similarity >= 0.85


def test_a_call_is_searched_quickly() -> None:
    sentence = "您好，王先生，您的订单已经处理好了，请问还有什么可以帮您？"
    rows = [row for i in range(30) for row in utter(f"{sentence}{'好' * (i % 3)}")]
    phrases = [
        compile_phrase(f"{phrase}{i}")
        for i in range(15)
        for phrase in (OPENING, CLOSING, "我就这态度", "请稍等")
    ]
    find_first(phrases[:1], rows)
    started = time.process_time()
    for phrase in phrases:
        find_first([phrase], rows)
    # About 40 ms of processor time; the limit only catches a change of order.
    assert time.process_time() - started < 0.5
