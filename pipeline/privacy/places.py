"""Postal and electronic addresses of persons in what is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.call import Role, Utterance
from pipeline.privacy.entities import EntityKind

_HAN = "\u4e00-\u9fff"
_NUMBER = r"[0-9A-Za-z零〇一幺二两三四五六七八九十百]+"
_AREA = (
    rf"(?:[{_HAN}]{{2,7}}?(?:省|自治区|特别行政区|市|自治州|州|盟|地区|区|县|旗|镇|乡|"
    rf"街道|开发区|高新区|新区)[，,、\s]*)"
)
_ROAD = (
    r"(?:路|街|大道|大街|巷|弄|胡同|里弄|道|村|屯|庄|组|社区|小区|花园|公寓|大厦|广场|"
    r"苑|家园|新村|新城|城|园|府|湾|庭|邸|宿舍|家属院|写字楼|中心)"
)
_UNIT = r"(?:号院|号楼|号|弄|栋|幢|座|楼|单元|室|层|门|房|户|支弄)"
_DIGITS = "0-9零〇一幺二两三四五六七八九"
_HOUSE = (
    r"(?:[零一二三四五六七八九十0-9]{1,2}段)?"
    rf"(?:[，,、\s]*[东西南北]?{_NUMBER}[\-－杠之]?{_UNIT})"
    rf"(?:[，,、\s\-]*[A-Za-z{_DIGITS}十百东西]+[，,\s\-]*{_UNIT}){{0,5}}"
    rf"(?:[，,、\s\-]*[A-Za-z]?[{_DIGITS}]{{3,4}}(?!\d|[块元分度]))?"
)
_ADDRESS = re.compile(
    rf"{_AREA}{{0,4}}[{_HAN}]{{2,8}}?{_ROAD}(?:[，,、\s]*[{_HAN}]{{2,10}}?{_ROAD})?{_HOUSE}"
)
# Without a house number an address is one where an area stands before the road.
_AREA_AND_ROAD = re.compile(rf"{_AREA}{{2,4}}[{_HAN}]{{2,6}}(?:路|街|大道|巷|弄|胡同|小区|花园|公寓|村)")
_AFTER_WORD = re.compile(
    r"^.*?(?:收货地址|家庭住址|详细地址|通讯地址|户籍地址|住址|地址|地点|住在|家住|"
    r"搬到|搬去|寄到|送到|送去|位于|我家在|我家|我们家|人在|我住|新家在|家在|住)(?:改成|"
    r"换成|写的?|是|在|为|就是|填|[:：])*[，,\s]*"
)
_LEAD = re.compile(
    r"^(?:你好|您好|好的|好|嗯|对|那|就|就是|是|在|到|我|来|去|的|请|记一下|记|往|从|"
    r"把|给|您|你|他|她|都|还|啊|哦|说)+[，,\s]*"
)
_DESKS = re.compile(
    r"我们(?:公司|店|这边|仓库|网点|门店)?(?:的)?(?:地址|地点)?|公司(?:的)?地址|门店|"
    r"网点|营业厅|仓库|柜台|售后|寄回|自己寄|退回|维修点|服务[点站]|分店|医院|银行|"
    r"酒店|站点|展厅|办理|地址是|政府|大厅|支行|航站楼"
)
_OWN = re.compile(
    r"[您你](?:的|家|这边|预留|登记|填|留|那边)|收货|核对|确认(?:一下)?地址|派送|上门|"
    r"安装|登记|对[吗吧]|是[吗吧]|没错"
)
_AT = re.compile(r"[ ]?(?:@|＠|艾特|圈[aA]|小老鼠|(?<![a-zA-Z])at(?![a-zA-Z]))[ ]?", re.IGNORECASE)
# Parts of what stands before the sign, read backwards from it one by one.
_LOCAL = re.compile(r"(?:[A-Za-z0-9零〇一幺二两三四五六七八九._\-+]|下划线|横杠|杠|点|[ ](?=[A-Za-z0-9]))$")
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9零〇一幺二三四五六七八九-]{1,30}|扣扣|新浪|网易|谷歌)"
    r"(?:(?:[.]|[ ]?(?:点|dot)[ ]?)[A-Za-z0-9-]{1,20}){0,2}"
    r"(?:[.]|[ ]?(?:点|dot)[ ]?)"
    r"(?:com|cn|net|org|edu|gov|vip|info|me|io|co|hk|tw|康母|康姆|靠母|抗姆|考姆|扣母)(?![A-Za-z])",
    re.IGNORECASE,
)
_MOST_LOCAL = 40


@dataclass(frozen=True, slots=True)
class Place:
    """A postal or electronic address in an utterance."""

    kind: EntityKind
    utterance: Utterance
    start: int
    end: int


def find_places(utterances: Sequence[Utterance]) -> tuple[Place, ...]:
    """Find electronic addresses, and postal ones that are not the desk's own, in a call's utterances."""
    found: list[Place] = []
    for utterance in utterances:
        found += _emails(utterance)
        found += _addresses(utterance)
    return tuple(found)


def _emails(utterance: Utterance) -> Iterator[Place]:
    text = utterance.text
    for sign in _AT.finditer(text):
        domain = _DOMAIN.match(text, sign.end())
        start = sign.start()
        while sign.start() - start < _MOST_LOCAL and (part := _LOCAL.search(text, max(0, start - 3), start)):
            start = part.start()
        while start < sign.start() and text[start] in " .-_点杠":
            start += 1
        if domain and start < sign.start():
            yield Place(EntityKind.EMAIL, utterance, start, domain.end())


def _addresses(utterance: Utterance) -> Iterator[Place]:
    text = utterance.text
    for match in (*_ADDRESS.finditer(text), *_AREA_AND_ROAD.finditer(text)):
        start, end = _trimmed(match)
        if end - start < 5 or _is_a_desks(utterance, match):
            continue
        yield Place(EntityKind.ADDRESS, utterance, start, end)


def _trimmed(match: re.Match[str]) -> tuple[int, int]:
    """Leave out the words that lead to an address: 我家住在, 地址改成."""
    said, start = match.group(), match.start()
    for pattern in (_AFTER_WORD, _LEAD):
        lead = pattern.match(said)
        if lead and len(said) - lead.end() >= 5:
            said, start = said[lead.end() :], start + lead.end()
    return start, match.end()


def _is_a_desks(utterance: Utterance, match: re.Match[str]) -> bool:
    """Whether an agent says where the desk is, not where the customer lives."""
    about = utterance.text[max(0, match.start() - 30) : match.end() + 8]
    return utterance.role is Role.AGENT and _DESKS.search(about) is not None and not _OWN.search(about)
