import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.wording.script import simplify


@pytest.mark.parametrize(
    ("written", "simplified"),
    [
        ("請問有什麼可以幫您?", "请问有什么可以帮您?"),
        ("對不起,讓您久等了", "对不起,让您久等了"),
        ("３８０出票网ＡＢＣ", "380出票网ABC"),
        ("８０％", "80%"),
        ("3：40", "3：40"),
        ("您好，请问……《》（）", "您好，请问……《》（）"),
        ("乾隆", "乾隆"),
        ("", ""),
    ],
)
def test_known_texts(written: str, simplified: str) -> None:
    assert simplify(written) == simplified


@given(st.text(max_size=40))
def test_simplifying_twice_changes_nothing_in_ascii(text: str) -> None:
    once = simplify(text)
    assert [c for c in simplify(once) if c.isascii()] == [c for c in once if c.isascii()]
