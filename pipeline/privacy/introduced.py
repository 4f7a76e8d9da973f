"""Names of persons where calls have them: after 我姓 and 我叫, before 先生, in answer to 您贵姓."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.call import Utterance
from pipeline.privacy.everyday import is_everyday, is_word
from pipeline.wording.surnames import (
    COMPOUND_SURNAMES,
    NOT_SURNAMES,
    SURNAMES,
    TITLES,
    sounds,
    surname_of,
    surname_sounds,
)

HAN = "\u4e00-\u9fff"
_SURNAME = rf"(?:{'|'.join(COMPOUND_SURNAMES)}|[{''.join(dict.fromkeys(SURNAMES))}])"
GIVEN = rf"[{HAN}]{{1,2}}"
_END = rf"(?=[^{HAN}]|$|[的啊呀哈了呢吧]?(?:[^{HAN}]|$)|先生|女士|小姐|为您|很高兴|请问|竭诚)"
# What may stand before a name in its clause without being part of it.
_LEAD = (
    r"(?:^|(?<=[^\u4e00-\u9fff])|(?<=对不起)|(?<=不好意思)|(?<=抱歉)|(?<=是)|(?<=问)|"
    r"(?<=谢谢)|(?<=感谢)|(?<=您好)|(?<=你好)|(?<=好的)|(?<=叫)|(?<=找)|(?<=给)|(?<=跟)|"
    r"(?<=和)|(?<=让)|(?<=请)|(?<=的)|(?<=位)|(?<=啊)|(?<=嗯)|(?<=那)|(?<=联系)|(?<=转告)|"
    r"(?<=下)|(?<=转)|(?<=上次)|(?<=司机)|(?<=个)|(?<=名))"
)
# 我姓王, 免贵姓张; whatever follows, a name was announced.
_STATED = re.compile(rf"(?<![百同老改随什啥])(?<!(?<!免)贵)姓(?P<name>[{HAN}])")
_CALLED = re.compile(
    rf"(?:叫|名字(?:是|叫|叫做)|叫做|姓名(?:是|叫|为|[:：])?|户名(?:是|叫|[:：])?|(?:机主|"
    rf"户主|收件人|收货人|联系人|持卡人|乘客|乘机人|旅客|患者)(?:是|叫|姓名是|[:：])?|本人(?:是|叫|姓名是|[:：])|"
    rf"客服代表|客服专员|客服|专员|工作人员|接线员)(?P<name>{_SURNAME}{GIVEN}){_END}"
)
# Where a name is due, it is one also where other words follow it without a sign.
_FOLLOWS = (
    rf"(?=[^{HAN}]|$|先生|女士|小姐|[是的他她他也在住要想来订打用去跨转]|电话|手机|身份|证件|账[号户]|帐[号户]|"
    r"卡号|今年|预约|预订|性别|男|女|出生|[吧啊呀吗呢]|这个|那个|名下|和|跟|病|挂)"
)
_KIN = "老公|老婆|爱人|丈夫|妻子|先生|太太|妈妈?|爸爸?|母亲|父亲|儿子|女儿|孩子|小孩|哥哥?|姐姐?|弟弟?|妹妹?"
_DUE = re.compile(
    rf"(?:(?:患者|病人|就诊人|入住人|住客|被保险人|被保人|投保人|受益人|借款人|申请人|持卡人|收款人|付款人|汇款人|"
    rf"收件人|收货人|联系人|乘机人|乘车人|机主|户主)(?:的?姓名)?(?:是|叫|为)?|户名(?:是|叫)?|"
    rf"(?:我|他|她|您|你)(?:的)?(?:{_KIN})(?:名字)?(?:叫|是)?|(?:{_KIN})(?:名字)?叫|我(?:的名字)?叫|姓名(?:是|叫)?)"
    rf"(?P<name>{_SURNAME}{GIVEN}?){_FOLLOWS}"
)
_IN_PERSON = re.compile(rf"本人(?P<name>{_SURNAME}{GIVEN}?)(?=[吗吧]?(?:[^{HAN}]|$))")
_SOMEBODYS = re.compile(
    rf"[我您你]是(?P<name>{_SURNAME}{GIVEN}?)(?=的(?:{_KIN}|家属|家长|家人|朋友|同事|代理))"
)
# Whose kin calls: 陈乐乐的妈妈.
_KIN_OF = re.compile(
    rf"(?:^|(?<=[^{HAN}]))(?:我是)?(?P<name>{_SURNAME}{GIVEN})的(?:妈妈?|爸爸?|奶奶|爷爷|家长|家属)"
)
_AM = re.compile(rf"我(?:就)?是(?P<name>{_SURNAME}{GIVEN})(?=[啊呀哈]?(?:[^{HAN}]|$)|先生|女士|小姐|为您)")
_LITTLE = re.compile(
    rf"(?:客服|专员|我是|叫我|代表|同事|叫)[小老阿](?P<name>{_SURNAME})(?![{HAN}]{{0,1}}(?:时|"
    rf"姐|孩|区|票|店))"
)
POSTS = (
    "师傅|经理|老师|同学|主任|医生|大夫|护士|阿姨|大爷|大姐|大哥|女士|先生|小姐|太太|总(?=[^结是共之的体部会裁]|"
    "$)|工(?=[^作具号程]|$)"
)
_POST = re.compile(rf"{_LEAD}(?!司机)(?P<name>{_SURNAME}(?:{GIVEN})??)(?:{POSTS})")
_ENGLISH = re.compile(
    r"(?i:my (?:sur|last |first |full )?name is|my name's|this is|i am|i'm)\s+(?P<name>(?:(?:Mr|"
    r"Ms|Mrs|Miss)\.?\s+)?[A-Z][a-z]+(?:\s+[A-Z][a-z]+)?)(?![a-z])"
    r"|(?:Mr|Ms|Mrs|Miss)\.?\s+(?P<titled>[A-Z][a-z]+)"
)
_NO_ENGLISH_NAME = frozenset(
    ["English", "Chinese", "Sorry", "Sure", "Yes", "No", "Calling", "Very", "China", "Customer", "The"]
)
# 弓长张, 木子李: how a surname is spelled out.
_SPELLED = re.compile(
    r"弓长张|立早章|木子李|耳东陈|双木林|草头黄|古月胡|言午许|双人徐|口天吴|三横王|"
    r"草头王|走肖赵|禾呈程|人可何|美女姜|日月明|文武斌|弓长|耳东|口天|言午"
)
# Characters that are surnames and, before a title, mostly another word.
_WORDS = frozenset("但都由向相和来公国就能那时于从平安用")
_FUNCTION = NOT_SURNAMES | frozenset(
    "不起思喂唯为个些种老小大男女一两几各每另前某该此的得地很就还也都没在到过要会可"
)

# Characters of everyday phrases that begin like a name: 叫高一点, 我是时候.
_NO_GIVEN = frozenset("一点个了不的人来去吗到在这那你我他您时候没有么什多少着过")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it was written: ``surname`` and what follows it."""

    utterance: Utterance
    start: int
    end: int

    @property
    def text(self) -> str:
        """The name's characters."""
        return self.utterance.text[self.start : self.end]


def announced_names(utterance: Utterance) -> Iterator[Name]:
    """Names after words that announce one, and before titles and posts."""
    text = utterance.text
    for match in _STATED.finditer(text):
        yield from _announced(utterance, match.start("name"))
    yield from _due(utterance)
    for match in (*_LITTLE.finditer(text), *_SPELLED.finditer(text)):
        yield Name(utterance, *(match.span("name") if "name" in match.groupdict() else match.span()))
    for match in _POST.finditer(text):
        name = match["name"]
        post = text[match.end("name") : match.end()]
        if len(name) > 1 and (post in ("总", "工") or is_everyday(name)):
            continue
        if name[0] not in _WORDS and name not in ("谢谢", "麻烦"):
            yield Name(utterance, *match.span("name"))
    for match in _ENGLISH.finditer(text):
        group = "name" if match["name"] else "titled"
        if match[group].split()[0] not in _NO_ENGLISH_NAME:
            yield Name(utterance, *match.span(group))
    yield from _titled(utterance)


def _due(utterance: Utterance) -> Iterator[Name]:
    """Names after words that say whose one follows: 患者, 我老公叫, 户名是."""
    for pattern in (_CALLED, _AM, _DUE, _IN_PERSON, _SOMEBODYS, _KIN_OF):
        for match in pattern.finditer(utterance.text):
            weak = match.group().startswith(("叫", "我")) or pattern in (_DUE, _IN_PERSON)
            if not is_everyday(match["name"]) and not (weak and _NO_GIVEN & set(match["name"])):
                yield Name(utterance, *match.span("name"))


def _announced(utterance: Utterance, at: int) -> Iterator[Name]:
    """The name after 姓: a surname, or what sounds like one, with the given name where it follows."""
    text = utterance.text
    surname = surname_of(text[at : at + 2])
    like = surname[0] in SURNAMES or (sounds(surname)[:1] and sounds(surname)[0] in surname_sounds())
    if not like or surname[0] in "什啥名氏的":
        return
    end = at + len(surname)
    yield Name(utterance, at, end)
    # 我姓韩韩美, 姓张名伟, 我姓王，叫王小明
    again = re.compile(
        rf"[^{HAN}]{{0,2}}(?:名|叫|名字叫)?(?P<name>{re.escape(surname)}?{GIVEN}){_END}"
    ).match(text, end)
    if again and (
        again["name"].startswith(surname) or "名" in again.group()[:2] or "叫" in again.group()[:3]
    ):
        yield Name(utterance, *again.span("name"))


def _titled(utterance: Utterance) -> Iterator[Name]:
    """The character before 先生, 女士 or 小姐, by sound, where it is a surname or sounds like one."""
    wanted = {sounds(title) for title in TITLES}
    for clause in re.finditer(rf"[{HAN}]+", utterance.text):
        text, heard = clause.group(), sounds(clause.group())
        if len(heard) != len(text):
            continue
        for at in range(1, len(heard) - 1):
            # A misheard title after what is no written surname is other words: 有响声 for 尤先生.
            likely = text[at : at + 2] in TITLES or text[at - 1] in SURNAMES
            if likely and heard[at : at + 2] in wanted and (start := _surname_start(text, at)) is not None:
                yield Name(utterance, clause.start() + start, clause.start() + at)


def _surname_start(clause: str, title: int) -> int | None:
    """Where the name before a title begins; None when what stands there is no name."""
    char, before = clause[title - 1], clause[: title - 1]
    if title >= 2 and clause[title - 2 : title] in COMPOUND_SURNAMES:
        return title - 2
    starts = not before or re.search(rf"{_LEAD}$", before) is not None
    if char == "谢":
        return None if before.endswith("谢") else title - 1
    if char in _FUNCTION or char in _WORDS:
        return None
    if title == 3 and clause[0] in SURNAMES and not is_word(clause[:3]) and not is_word(clause[1:3]):
        return 0
    if char in SURNAMES:
        return title - 1
    return title - 1 if starts and sounds(char)[0] in surname_sounds() else None


def answered_names(utterance: Utterance) -> Iterator[Name]:
    """A name alone, in answer to the question for it."""
    found = re.match(
        rf"\W*(?:嗯|啊|哦|是)?\W*我?(?:是|叫)?(?P<name>{_SURNAME}(?:{GIVEN})?)(?=[^{HAN}]|$)",
        utterance.text,
    )
    if found and found["name"][0] not in _FUNCTION and not is_everyday(found["name"]):
        yield Name(utterance, *found.span("name"))
