from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.wording.grammar import GAP_CHARS
from pipeline.wording.phrases import MAX_VARIANTS, Part, compile_phrase, written_out


def said(part: Part) -> set[str]:
    """Everything a part accepts, written out."""
    ways: list[set[str]] = [{""}]
    for syllable, before in zip(part.syllables, part.before, strict=True):
        ways.append({way + syllable.text for at in before for way in ways[at]})
    return {way for at in part.last for way in ways[at]}


@pytest.mark.parametrize(
    ("source", "accepted"),
    [
        ("您好，请问！", {"您好请问"}),
        ("[请问]还有", {"还有", "请问还有"}),
        ("(可以|能)帮", {"可以帮", "能帮"}),
        ("帮[到|助]您", {"帮您", "帮到您", "帮助您"}),
        ("帮［到｜助］您", {"帮您", "帮到您", "帮助您"}),
        ("a(b|c[d|(e|f)]g)", {"ab", "acg", "acdg", "aceg", "acfg"}),
        ("380出票网", {"三八零出票网"}),
        ("請問", {"请问"}),
        ("Hold on", {"holdon"}),
    ],
)
def test_literal_text_becomes_one_part(source: str, accepted: set[str]) -> None:
    spaced = " ".join(source) if source.startswith("a(") else source
    [[chain]] = compile_phrase(spaced).variants
    [part] = chain.parts
    assert said(part) == accepted


def test_top_level_alternatives_are_variants() -> None:
    variants = compile_phrase("谢谢 / 多谢您 / 感谢").variants
    assert [[said(part) for part in chain.parts] for [chain] in variants] == [
        [{"谢谢"}],
        [{"多谢您"}],
        [{"感谢"}],
    ]


def test_free_order_keeps_several_chains() -> None:
    [variant] = compile_phrase("请稍等 + 好吗").variants
    assert [said(chain.parts[0]) for chain in variant] == [{"请稍等"}, {"好吗"}]


@pytest.mark.parametrize(
    ("source", "gap"),
    [
        ("您好…再见", (0, GAP_CHARS)),
        ("您好...再见", (0, GAP_CHARS)),
        ("您好……再见", (0, GAP_CHARS)),
        ("您好{name}再见", (1, 4)),
        ("您好{any:2-9}再见", (2, 9)),
        ("您好{name}{any:0-3}再见", (1, 7)),
    ],
)
def test_gaps_lie_between_parts(source: str, gap: tuple[int, int]) -> None:
    [[chain]] = compile_phrase(source).variants
    assert [said(part) for part in chain.parts] == [{"您好"}, {"再见"}]
    assert chain.gaps == ((0, 0), gap, (0, 0))


def test_optional_parts_with_slots_are_written_out() -> None:
    variants = compile_phrase("对不起[，{name}先生]，让您久等了").variants
    assert sorted(len(chain.parts) for [chain] in variants) == [1, 2]


def test_an_optional_part_between_gaps_may_be_missing() -> None:
    variants = compile_phrase("您好…[欢迎]…请问").variants
    assert sorted(len(chain.parts) for [chain] in variants) == [2, 3]


def test_exact_words_are_a_part_of_their_own() -> None:
    [[chain]] = compile_phrase("请问<还>有什么").variants
    assert [part.exact for part in chain.parts] == [False, True, False]


def test_equal_sources_are_equal_phrases() -> None:
    assert compile_phrase("您好") == compile_phrase("您好")
    assert compile_phrase("您好") != compile_phrase("您 好")


@pytest.mark.parametrize(
    ("source", "column", "what"),
    [
        ("您好(可以|能", 3, "never closed"),
        ("[请问", 1, "never closed"),
        ("您好)", 3, "outside"),
        ("可以|能", 3, "outside"),
        ("(可以|能]", 6, "expected ')'"),
        ("(可以||能)", 1, "empty choice"),
        ("您好[]", 3, "empty choice"),
        ("先生/女士", 3, "with spaces"),
        ("请稍等+好吗", 4, "with spaces"),
        ("您好{title}", 3, "unknown slot"),
        ("您好{any:9-2}", 3, "ends before it starts"),
        ("您好{any:a}", 3, "unknown slot"),
        ("您好{name", 3, "stands alone"),
        ("您好 / ", 6, "expected words"),
        ("", 1, "expected words"),
        ("，。", 1, "nothing in it must be said"),
        ("[您好]", 1, "nothing in it must be said"),
        ("…{name}", 1, "nothing in it must be said"),
        ("您好<再见", 3, "stands alone"),
        ("[a…]" * 8 + "您好", 1, f"more than {MAX_VARIANTS}"),
    ],
)
def test_errors_name_the_phrase_and_the_column(source: str, column: int, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        compile_phrase(source)
    message = str(caught.value)
    assert f"column {column}:" in message
    assert what in message
    assert repr(source) in message


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("我也没办法", ("我也没办法",)),
        ("请[您]稍(等|候)", ("请稍等", "请您稍等", "请稍候", "请您稍候")),
        ("是 / 对", ("是", "对")),
        ("您好{any}再见", ()),
        ("您好 + 再见", ()),
    ],
)
def test_a_phrase_without_gaps_can_be_written_out(source: str, texts: tuple[str, ...]) -> None:
    assert set(written_out(compile_phrase(source))) == set(texts)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("(" * 5000 + "你" + ")" * 5000, "groups nest deeper than 20 levels"),
        ("((你|好)|[啊|吗])…" * 20, "more than 128 variants"),
        ("(你…|好…)" * 40, "more than 128 variants"),
        ("[你]…" * 40 + "好", "more than 128 variants"),
        ("你{any:0-99999999999999999999}好", "wider than 10000 spoken characters"),
    ],
    ids=["nesting", "choices", "gaps", "options", "slot"],
)
def test_a_phrase_that_multiplies_is_refused_before_it_does(source: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        compile_phrase(source)


@settings(deadline=None, max_examples=300)
@given(st.text(st.sampled_from("你好吗a9²()[]{}<>|/+… .:-{any:0-6}"), max_size=40))
def test_any_text_is_a_phrase_or_an_error(source: str) -> None:
    with suppress(ConfigError, ValueError):
        compile_phrase(source)
