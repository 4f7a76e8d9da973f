import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.wording.script import simplify
from pipeline.wording.spoken import read_aloud, spoken_tokens, spoken_units

READ = [
    ("2024年", "二零二四年"),
    ("10000号", "一万号"),
    ("380", "三八零"),
    ("我是380出票网的客服", "我是三八零出票网的客服"),
    ("80%", "百分之八十"),
    ("12.5%", "百分之十二点五"),
    ("3:40", "三点四十"),
    ("3:05", "三点零五"),
    ("3：05", "三点零五"),
    ("３８０", "三八零"),
    ("21:00", "二十一点"),
    ("2:20", "两点二十"),
    ("8:30-21:00", "八点三十到二十一点"),
    ("2024-03-05", "二零二四年三月五日"),
    ("2月2号", "二月二号"),
    ("2个", "两个"),
    ("第2次", "第二次"),
    ("380元", "三百八十元"),
    ("200块", "两百块"),
    ("12000元", "一万二千元"),
    ("3-5个工作日", "三到五个工作日"),
    ("100-200元", "一百到两百元"),
    ("400-123-8800", "四零零一二三八八零零"),
    ("0532-85703988", "零五三二八五七零三九八八"),
    ("13912345678", "一三九一二三四五六七八"),
    ("尾号12", "尾号一二"),
    ("18号", "十八号"),
    ("308室", "三零八室"),
    ("24小时", "二十四小时"),
    ("100M", "一百兆"),
    ("5kg", "五公斤"),
    ("¥1,299.50", "一千二百九十九点五元"),
    ("$20", "二十美元"),
    ("¥3万", "三万元"),
    ("1.2.3", "一点二点三"),
    ("+86", "八六"),
    ("200号", "二百号"),
    ("308号", "三零八号"),
    ("24/7", "二十四七"),
    ("1,000", "一千"),
    ("99.5元", "九十九点五元"),
    ("1/3", "三分之一"),
    ("MU5137", "MU五一三七"),
    ("15", "十五"),
    ("没有数字。", "没有数字。"),
]


@pytest.mark.parametrize(("written", "spoken"), READ)
def test_reading_aloud(written: str, spoken: str) -> None:
    assert read_aloud(written) == spoken


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("2024年", 5),
        ("10000号", 3),
        ("380", 3),
        ("80%", 5),
        ("3:40", 4),
        ("，。！？……《》,.!? \n", 0),
        ("", 0),
        ("hello", 2),
        ("VIP", 3),
        ("QQ", 2),
        ("sms", 3),
        ("WWW", 9),
        ("WiFi", 2),
        ("APP", 3),
        ("I am sorry to keep you waiting", 9),
        ("change", 1),
        ("able", 2),
        ("changed", 1),
        ("waited", 2),
        ("the", 1),
        ("you're", 1),
        ("您好，请问有什么可以帮您？", 11),
        ("請問", 2),
        ("B2B平台", 5),
    ],
)
def test_spoken_units(text: str, units: int) -> None:
    assert spoken_units(text) == units


@given(st.text(alphabet="您好请问王先生ABz0123456789%:/-.,年月元号个 ，。", max_size=30))
def test_tokens_are_in_order_inside_the_text_and_agree_with_the_count(text: str) -> None:
    tokens = spoken_tokens(text)
    assert sum(token.units for token in tokens) == spoken_units(text)
    assert all(0 <= token.start < token.end <= len(simplify(text)) for token in tokens)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)


@given(st.text(alphabet="您好请问王先生年月元", max_size=20), st.text(alphabet="，。！？、 …", max_size=5))
def test_punctuation_never_counts(text: str, marks: str) -> None:
    assert spoken_units(text + marks) == spoken_units(marks + text) == len(text)


@given(st.integers(min_value=0, max_value=99_999))
def test_a_number_read_aloud_has_no_digits_left(number: int) -> None:
    assert not any(c.isdigit() and c.isascii() for c in read_aloud(f"一共{number}元"))
