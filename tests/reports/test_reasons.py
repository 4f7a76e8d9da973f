from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import pipeline
from pipeline.call import EventKind, Role
from pipeline.checks import KINDS
from pipeline.checks.evidence.calendar import Timing
from pipeline.checks.evidence.languages import Language as Spoken
from pipeline.checks.evidence.questions import Wanted
from pipeline.checks.pace_of_turns import DONE_THERE
from pipeline.errors import ConfigError
from pipeline.reports.language import Language
from pipeline.reports.reasons import reason_in
from pipeline.reports.reasons.forms import read_form, read_forms
from pipeline.wording.languages import _NAMES

SOURCE = Path(pipeline.__file__).parent
GOLDEN = Path(__file__).parents[1] / "golden"
# Where reasons are written.
WRITTEN_IN = (
    "checks",
    "rulebook/judging.py",
    "rulebook/languages.py",
    "measures",
    "speakers/roles.py",
    "speakers/separation.py",
)
# How measurements were taken and roles were told, and names of signs that are only counted.
NOT_REASONS = re.compile(
    r"^(METHODS?|TILT_METHOD|AGREEMENT_METHOD|SIGNS|THE_COMPANY|THE_DAMAGE|BLAME|IMPATIENCE|_FESTIVALS|_NAMES)$"
)
HOW = {
    "length of the recording",
    "voice activity in utterances the recogniser was sure of",
    "speech in Chinese or English",
    "voice activity of known roles",
    "voice activity in which words were recognised",
    "end of ringing by the call log to the agent's first speech",
    "end of the announcement to the agent's first speech",
    "start of the recording to the agent's first speech",
    "turns without holds and backchannels",
    "spoken characters",
    "voice activity with words",
    "voice activity",
    "characters as read aloud",
    "rings of the ringback tone",
    "first ring to the first voice after the last",
    "neither party for over 3 s",
    "longest stretch of a hold without the agent's voice",
    "starts inside the other's speech",
    "no voice is known to be the agent's",
    "agent's wording ",
    "caller's ",
    "who answered the ",
    "channel given with the recording",
    "no time",
}
LATIN = re.compile(r"[A-Za-z]{2,}")
ALLOWED = re.compile(
    r"“[^”]*”|(?<![A-Za-z])(dBFS|dB|Hz|GiB|data|B2B|PCM|MP3)(?![A-Za-z])|path与customer_path"
)


def zh(reason: str) -> str:
    return reason_in(reason, Language.ZH)


def english_left(chinese: str) -> bool:
    """Whether words are left that are neither quoted nor units."""
    return LATIN.search(ALLOWED.sub("", chinese)) is not None


@pytest.mark.parametrize(
    ("reason", "chinese"),
    [
        ("the agent says nothing", "坐席没有说话"),
        (
            "gross pace is 219 chars/min; the band is 90 to 160",
            "语速为219字/分钟，要求90至160字/分钟",
        ),
        ("level is -5.00 dBFS; the band is at most -12", "音量为-5.00 dBFS，要求不超过-12 dBFS"),
        (
            "11.6 s to the agent's voice; the limit is 5 s; music or typing fills the wait",
            "坐席11.6秒后开口，上限为5秒；等待中有音乐或键盘声",
        ),
        (
            "not found (opening), but 2.1 s of the agent's speech there has no recognised words",
            "开场白中没有找到要求的话术，但该处有2.1秒坐席话音未识别出文字",
        ),
        (
            "missing: names oneself (not said (opening); the nearest words are 38% alike)",
            "缺少：自报姓名（开场白中没有说要求的话术，最接近的一句也只有38%相似）",
        ),
        (
            "said a forbidden phrase, 1.00 like '你(冲|跟|对)我(喊|吼)'",
            "说了不该说的话“你冲我喊”（相似度1.00）",
        ),
        (
            "'你说, but 这样行吗' is answered",
            "客户问“你说, but 这样行吗”，坐席已回答",
        ),
        ('replied "it\'s \\"no\\" use"', '坐席回应“it\'s "no" use”，属于不当应答'),
        ("fits Friday 2026-11-20 17:10", "问候与通话时间（2026-11-20 周五 17:10）相符"),
        ("said 3 times, 9.2 a minute (，嗯，, ，那个)", "说了3次，平均每分钟9.2次（嗯、那个）"),
        ("never said, 0.0 a minute", "没有出现此类用语"),
        ("said once, 9.2 a minute (，嗯，)", "说了1次，平均每分钟9.2次（嗯）"),
        ("好吗 once against 你去/你先 never", "应说的“好吗”1次，应避免的“你去/你先”0次"),
        ("said once; due at least 2 times", "要求的话术说了1次，至少应说2次"),
        ("never said; due at least once", "没有说要求的话术，至少应说1次"),
        ("the agent interrupts 3 times; none is allowed", "坐席打断对方3次，要求不打断"),
        ("the agent interrupts once; at most 2 are allowed", "坐席打断对方1次，最多允许2次"),
        ("1 interruption", "打断对方1次"),
        ("no interruption", "没有打断对方"),
        ("for a person: 2 moments at 0:20, 1:02", "需人工复核：2处，位置0:20、1:02"),
        (
            "heard too badly to judge: hearing quality 0.31, below 0.4; least of all hearing sure, 0.33 "
            "(the agent says nothing)",
            "录音听辨质量太差，无法评分：听辨质量0.31，低于0.4，其中最差的是识别有把握的占比（0.33）（坐席没有说话）",
        ),
        (
            "not said (closing), but it may not have been due: the agent hands the call over, "
            "in a voice whose role is not known",
            "结束语中没有说要求的话术，但本条可能不适用：坐席转接电话，但无法确定是哪一方说的",
        ),
    ],
)
def test_a_reason_is_told_in_chinese(reason: str, chinese: str) -> None:
    assert zh(reason) == chinese
    assert reason_in(reason, Language.EN) == reason


@pytest.mark.parametrize(
    "unknown",
    [
        "",
        "the moon is made of cheese",
        "the agent says nothing, but the moon is made of cheese",
        "the agent \ue000 says nothing",
        "\ue0f0",
        ", but " * 200,
        "the agent says nothing, but " * 60 + "the agent says nothing",
        "'" * 1900,
        "1 " * 900,
        "(" * 1900,
        "the agent says nothing" + " x" * 2000,
    ],
)
def test_what_no_form_fits_stays_as_it_is(unknown: str) -> None:
    assert zh(unknown) == unknown


def test_numbers_and_quotations_are_never_changed() -> None:
    reason = "says '我{0}不知道%s', 87% like '不知道'; better: 我想给您{better}正确的建议"
    assert zh(reason) == "说了“我{0}不知道%s”（与“不知道”相似度87%），建议改为：我想给您{better}正确的建议"


def test_reasons_on_the_sample_calls_are_there_in_chinese() -> None:
    verdicts = re.findall(r"^  \S+ \w+: (.+)$", (GOLDEN / "verdicts.txt").read_text("utf-8"), re.M)
    measured = re.findall(r"^  \w+ \w+: (\D.+)$", (GOLDEN / "measurements.txt").read_text("utf-8"), re.M)
    reasons = {*verdicts, *(reason for reason in measured if not re.match(r"-?[\d.]+ ", reason))}
    assert len(reasons) > 100
    assert {r: zh(r) for r in reasons if zh(r) == r or english_left(zh(r))} == {}


def test_reasons_are_plain_english() -> None:
    reasons = re.findall(r"^  \S+ \w+: (.+)$", (GOLDEN / "verdicts.txt").read_text("utf-8"), re.M)
    shown = [reason for reason in reasons if re.search(r"\(s\)|\b1 times\b|\b1 \w+ words\b", reason)]
    assert shown == []
    quoted = [quote for reason in reasons for quote in re.findall(r"(?:like |phrase \()'([^']*)'", reason)]
    assert len(quoted) > 5
    assert [quote for quote in quoted if re.search(r"[|{}()<>\[\]/]", quote)] == []


def sentences(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield the literal pieces of every text of a module that may be a reason or a part of one."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    left_out = [n for n in nodes if isinstance(n, (ast.Raise, ast.JoinedStr))]
    left_out += [n for n in nodes if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)]
    left_out += [n for n in nodes if isinstance(n, ast.keyword) and n.arg == "method"]
    for node in nodes:
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
            if any(NOT_REASONS.match(name) or name == "method" for name in names):
                left_out.append(node)
    inside = {id(part) for node in left_out for part in ast.walk(node) if part is not node}
    for node in nodes:
        if id(node) in inside:
            continue
        if isinstance(node, ast.JoinedStr):
            values = node.values
            pieces = tuple(v.value for v in values if isinstance(v, ast.Constant))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            pieces = (node.value,)
        else:
            continue
        text = "\0".join(str(piece) for piece in pieces)
        grammar = re.search(r"[\u3400-\u9fff\\|<\[%]| / |^\(", text)
        if not grammar and re.search(r"[a-z]+ [a-z]+|[a-z]{3}.*\0|\0.*[a-z]{3}", text):
            yield tuple(str(piece) for piece in pieces)


@cache
def known_texts() -> tuple[str, ...]:
    """Sources of all forms, with their parts as parts and as numbers, and the words in them."""
    forms = read_forms(Language.ZH)
    texts = [*(form.source for form in forms.forms), *(w for known in forms.words.values() for w in known)]
    as_said = (re.sub(r"\{\w+:number\}", "100", text) for text in texts)
    return (*texts, *as_said)


def modules() -> list[Path]:
    found = (SOURCE / place for place in WRITTEN_IN)
    return sorted(p for f in found for p in ([f] if f.suffix else f.rglob("*.py")))


def fits(pieces: tuple[str, ...], text: str) -> bool:
    """Whether the pieces stand in the text in their order; numbers stand for themselves or for a part."""
    at = 0
    for piece in pieces:
        bare = piece.strip(" ;,")
        at = max(text.find(bare, at), text.find(re.sub(r"\b\d+\b", "100", bare), at))
        if at < 0:
            return False
        at += len(bare)
    return True


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_every_sentence_of_the_source_has_a_form(path: Path) -> None:
    texts = known_texts()
    unknown = [
        pieces
        for pieces in sentences(path)
        if not (set(pieces) & HOW) and zh(pieces[0]) == pieces[0] and not any(fits(pieces, t) for t in texts)
    ]
    assert unknown == []


def refusals(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield the literal pieces of what a module says of a recording that it refuses."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        raised = node.exc if isinstance(node, ast.Raise) else None
        if isinstance(raised, ast.Call) and getattr(raised.func, "id", "") == "AudioError":
            (message,) = raised.args
            values = message.values if isinstance(message, ast.JoinedStr) else [message]
            yield tuple(str(v.value) for v in values if isinstance(v, ast.Constant))


@pytest.mark.parametrize("name", ["audio/decoding.py", "audio/clips.py", "containers.py"])
def test_every_refusal_of_a_recording_has_a_form(name: str) -> None:
    said = list(refusals(SOURCE / name))
    assert said
    assert [pieces for pieces in said if not any(fits(pieces, text) for text in known_texts())] == []


@pytest.mark.parametrize(
    ("reason", "chinese"),
    [
        ("/a/b c.wav: no such file", "/a/b c.wav：文件不存在"),
        ("/a/1.wav: 3 channels; expected 1 or 2", "/a/1.wav：有3个声道，应为1或2个"),
        (
            "/a/1.wav: cut off; its header says 9.0 s, 2.5 s are there",
            "/a/1.wav：文件被截断，文件头标明9.0秒，实际只有2.5秒",
        ),
    ],
)
def test_why_a_recording_was_refused_is_told_in_chinese(reason: str, chinese: str) -> None:
    assert zh(reason) == chinese


def test_words_that_sentences_are_made_of_are_known() -> None:
    words = read_forms(Language.ZH).words
    assert set(Role) <= set(words["role"])
    assert set(Spoken) | set(_NAMES.values()) <= set(words["language"])
    assert set(Wanted) <= set(words["wanted"])
    assert set(DONE_THERE.values()) <= set(words["turns"])
    assert {t.value for t in Timing} | {t.replace("_", " ") for t in Timing} <= set(words["timing"])
    kinds = {kind.replace("_", " ") for kind in EventKind}
    assert {f"{side} the {kind}" for side in ("after", "before") for kind in kinds} <= set(words["place"])
    assert set(EventKind) <= set(words["event"])
    assert set(KINDS["phrase_required"].model_fields["window"].annotation.__args__) - {  # type: ignore[union-attr]
        "after_event",
        "before_event",
    } <= {place.replace(" ", "_") for place in words["place"]}


def test_no_form_has_english_words_in_its_translation() -> None:
    forms = read_forms(Language.ZH)
    for form in forms.forms:
        assert not english_left(re.sub(r"\{\w+\}", "", form.target)), form.source


def test_a_form_with_a_part_it_has_not_is_refused() -> None:
    with pytest.raises(ConfigError, match="parts that it has not"):
        read_form("{n:number} calls", "{m}通", {})
    with pytest.raises(ConfigError, match="no such kind of part 'colour'"):
        read_form("{n:colour} calls", "{n}通", {})
