"""What is left in a redacted call, and that rules judge it as they judge the full one."""

from __future__ import annotations

import pickle
from dataclasses import replace

import made_calls as made
import pytest
from hypothesis import example as also_said
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import truth_call

from pipeline.call import Call, Event, EventKind, Measurement, Role
from pipeline.dialogue import dialogue_call
from pipeline.privacy import entities_of, hide, redact, with_stand_ins
from pipeline.privacy.digits import digit_runs
from pipeline.privacy.values import positions, read, written
from pipeline.rulebook import judge, load_rulebook, shipped_rulebooks
from pipeline.rulebook.judging import judge_rule
from pipeline.wording.surnames import sounds

NUMBER = "13655582741"
TALK = f"""
@customer_name 顾晓晨
customer: 你好，我姓顾，我的手机是{NUMBER}。
agent: 顾女士您好，跟您核对一下，一三六五五五八二七四一，对吗？
customer: 对，身份证三二零五零二一九九二一一零五零零三七。
agent: 好的，尾号二七四一的手机会收到短信。
"""


def _heard(source: str) -> Call:
    return replace(dialogue_call(source), redacted=False)


def _bytes(call: Call) -> str:
    return repr(call)


def test_no_value_is_left_anywhere():
    kept = _bytes(redact(_heard(TALK)))
    for secret in (NUMBER, "136555", "一三六五五五", "二七四一", "三二零五零二", "顾晓晨", "顾"):
        assert secret not in kept
    assert "[手机号]" in kept
    assert "[身份证号]" in kept
    assert "[姓名]" in kept


def test_a_name_in_latin_letters_is_taken_out_wherever_it_is_said():
    full = _heard("""
        @customer_name Ann Novak
        agent: Good morning, am I speaking with ann novak?
        customer: Yes, and my husband is on the line, my name's Peter Doyle too.
        agent: Thank you Ann, thank you Mr Doyle, and Peter Doyle may listen, we will annotate it.
    """)
    kept = _bytes(redact(full))
    assert not [secret for secret in ("nova", "Novak", "Ann,", "Doyle") if secret in kept]
    assert "may listen, we will annotate it" in kept


def test_what_is_said_of_a_measurement_holds_no_name():
    full = _heard(TALK)
    doubt = Measurement("role_confidence", None, None, "share", reason="who says '我姓顾' is not known")
    kept = redact(replace(full, measurements=(*full.measurements, doubt)))
    assert kept.measurements[-1].reason == "who says '我姓[姓名]' is not known"


def test_a_name_that_became_a_desk_word_is_not_left_in_the_text_as_recognised():
    said = [
        replace(made.utterance(n, Role.AGENT, 3.0 * n, text), raw_text=raw)
        for n, (text, raw) in enumerate([("成功女士您好", "程功女士您好"), ("已经成功了", "已經程功了")])
    ]
    kept = redact(replace(made.call(), utterances=tuple(said))).utterances
    assert kept[0].text == kept[0].raw_text
    assert "程" not in kept[0].raw_text
    assert kept[1].raw_text == "已經程功了"


def test_a_redacted_call_keeps_its_counts_and_times():
    full = _heard(TALK)
    kept = redact(full)
    assert [u.chars for u in kept.utterances] == [u.chars for u in full.utterances]
    assert [u.span for u in kept.utterances] == [u.span for u in full.utterances]
    assert kept.measurements == full.measurements


def test_redacting_twice_changes_nothing():
    kept = redact(_heard(TALK))
    assert redact(kept) == kept


def test_places_in_the_text_are_those_of_the_kinds():
    kept = redact(_heard(TALK))
    texts = {u.idx: u.text for u in kept.utterances}
    spoken = [e for e in entities_of(kept) if e.utterance is not None]
    assert spoken
    for entity in spoken:
        assert texts[entity.utterance][entity.start : entity.end] == f"[{entity.kind}]"


def test_stand_ins_have_the_shape_of_what_was_said():
    full = _heard(TALK)
    read_again = with_stand_ins(redact(full))
    assert [len(u.text) for u in read_again.utterances] == [len(u.text) for u in full.utterances]
    digits = [
        "".join(d.value for run in digit_runs(u.text) for d in run.digits) for u in read_again.utterances
    ]
    assert digits[1].endswith(digits[0])
    assert digits[3] == digits[0][-4:]
    assert NUMBER not in digits


def test_the_same_call_has_the_same_stand_ins_in_every_process():
    kept = redact(_heard(TALK))
    again = pickle.loads(pickle.dumps(kept))
    assert with_stand_ins(again) == with_stand_ins(kept)


def test_quotes_of_stand_ins_are_hidden():
    kept = redact(_heard(TALK))
    for utterance in with_stand_ins(kept).utterances:
        assert hide(kept, utterance.text) == kept.utterances[utterance.idx].text
    said = with_stand_ins(kept).utterances[0].text
    start = said.index("手机是")
    assert hide(kept, said[start : start + 9]) == "手机是[手机号]"
    assert hide(kept, said[start + 5 : start + 9]) == "[手机号]"


def test_a_quote_of_a_reading_is_read_as_it_was():
    full = _heard(TALK)
    quote = "我姓顾，我的手机"
    reading = Event(
        EventKind.READING, Role.CUSTOMER, full.utterances[0].start_s + 0.2, full.utterances[0].end_s,
        (("loss", 0.2), ("phrase", "我姓{name}"), ("quote", quote)),
    )  # fmt: skip
    kept = redact(replace(full, events=(*full.events, reading)))
    (stored,) = kept.events_of(EventKind.READING)
    assert stored.get("quote") == "我姓[姓名]，我的手机"
    (judged,) = with_stand_ins(kept).events_of(EventKind.READING)
    assert judged.get("quote") in with_stand_ins(kept).utterances[0].text
    assert len(str(judged.get("quote"))) == len(quote)


def test_a_call_that_kept_its_personal_data_is_judged_as_it_is():
    full = _heard(TALK)
    assert with_stand_ins(full) is full
    assert hide(full, NUMBER) == NUMBER


@pytest.mark.parametrize("name", shipped_rulebooks())
def test_every_example_is_judged_alike_when_redacted(name: str):
    book = load_rulebook(name)
    for rule in book.rules:
        for example in rule.examples:
            full = dialogue_call(example.source)
            one, other = (judge_rule(call, rule, standard=name) for call in (full, redact(full)))
            where = f"{rule.id} line {example.line}"
            assert (one.verdict, one.start_s, one.end_s) == (other.verdict, other.start_s, other.end_s), where
            assert one.confidence == pytest.approx(other.confidence, abs=0.11), where


@pytest.mark.parametrize("number", [1, 4, 7, 16, 22, 26])
def test_a_sample_call_is_judged_alike_when_redacted(number: int):
    call = truth_call(number)
    for name in shipped_rulebooks():
        book = load_rulebook(name)
        one, other = judge(call, book), judge(redact(call), book)
        assert [(f.rule_id, f.verdict) for f in one] == [(f.rule_id, f.verdict) for f in other]


@given(st.text("0123456789", min_size=4, max_size=20), st.text("0123456789", min_size=4, max_size=20))
def test_positions_are_written_and_read_again(said: str, value: str):
    places = positions(said, value)
    assert read(written(places)) == places
    assert all(place is None or value[place] == digit for place, digit in zip(places, said, strict=True))


def test_a_misheard_digit_has_no_place():
    assert written(positions("13655582841", "13655582741")) == "0-7,?,9-10"
    assert written(positions("2741", "13655582741")) == "7-10"


def test_names_that_sound_alike_stay_alike():
    full = replace(
        made.call(),
        utterances=(
            made.utterance(0, Role.CUSTOMER, 0.0, "你好我姓郑"),
            made.utterance(1, Role.AGENT, 3.0, "正先生您好"),
            made.utterance(2, Role.AGENT, 6.0, "还有王先生"),
        ),
    )
    texts = [u.text for u in with_stand_ins(redact(full)).utterances]
    assert sounds(texts[0][-1]) == sounds(texts[1][0])
    assert sounds(texts[2][2]) != sounds(texts[1][0])


WORDS = (
    "我姓 欧阳 王 先生 女是 一三九 138 零 X 双 double @qq.com 艾特 路12号 "
    "市 区 ， 。 身份证 卡号 订单 𠮷 Ⅷ ½ 四零零 Ann ? [姓名]"
)
PIECES = st.sampled_from([*WORDS.split(), " ", "my name is "])


@given(
    st.lists(st.tuples(st.sampled_from(list(Role)), st.lists(PIECES, max_size=8).map("".join)), max_size=5),
    st.sampled_from([None, "王", "欧阳锋", "Ann Lee", "X\udce4", "先生", " "]),
)
@also_said([(Role.CUSTOMER, "my name is Ann我姓")], None)
@settings(max_examples=150, deadline=None)
def test_nothing_that_may_be_said_stops_a_call(talk: list[tuple[Role, str]], name: str | None):
    said = tuple(made.utterance(i, role, 3.0 * i, text) for i, (role, text) in enumerate(talk))
    call = replace(made.call(customer_name=name), utterances=said)
    kept = redact(call)
    for utterance in with_stand_ins(kept).utterances:
        hide(kept, utterance.text)
    assert redact(kept) == kept
