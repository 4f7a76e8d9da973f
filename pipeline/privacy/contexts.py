"""Words that say what a number is: what was asked for, and what was named last before it."""

from __future__ import annotations

import re
from enum import Enum, auto


class Topic(Enum):
    """What the talk is of where a number is said."""

    IDENTITY = auto()
    CARD = auto()
    PHONE = auto()
    LANDLINE = auto()
    ACCOUNT = auto()
    CODE = auto()


_TOPICS = (
    (Topic.IDENTITY, r"身份[证正政]|证件号?|身份号|\bID (?:card|number)\b"),
    (
        Topic.CARD,
        r"(?:银行|信用|储蓄|借记|工资|[工农建中招交]行)(?:的)?卡|(?<!会员)卡号|[他她它塔]号(?:是|为|码)|开户|"
        r"bank card|card number",
    ),
    (Topic.LANDLINE, r"座机|固话|固定电话|宅电|(?:家里|家庭|办公室?|单位)(?:的)?电话|landline"),
    (
        Topic.PHONE,
        r"手机|[点电]话(?:号|是|,|，|：|$|打|联系|留|预留)?|联系(?:方式|人|我)|打给|打我|"
        r"拨打|回[电拨]|本机|来电号码|phone|mobile|call me",
    ),
    (
        Topic.ACCOUNT,
        r"账[号户]|帐[号户]|会员(?:卡)?号|会员编号|客户(?:编)?号|户号|社保|医保|公积金|"
        r"护照|驾[照驶]|学号|QQ|扣扣|微信|支付宝|account|passport",
    ),
    (
        Topic.CODE,
        r"订单|定单|单号|报案号?|[赔立]案|案件|确认号|预[约订]号|序号|挂号|运单|快递|流水|编号|序列号|工[单号]|票号|保单|合同|物流|型号|货号|"
        r"款号|批号|条形?码|航班|车次|车厢|座位|"
        r"验证码|校验码|取件码|提货|兑换码|邀请码|优惠码|发票|税号|邮编|区号|代码|编码|"
        r"版本|房间号|员工|参考号|受理号|"
        r"热线|客服电话|服务电话|拨打我们|拨打客服|总机|order|booking|flight|tracking|reference|"
        r"ticket|serial|model",
    ),
)
_ANY = re.compile("|".join(f"(?P<{topic.name}>{words})" for topic, words in _TOPICS), re.IGNORECASE)
# Only the end of a number, which a desk asks for so as not to hear all of it.
LAST_DIGITS = re.compile(r"(?:尾号|[后末][三四五六两]位|最后[几三四五六]位|last (?:four|4))[^。！？!?]{0,8}$")
# A line that belongs to a desk and not to a person.
_DESK = re.compile(
    r"热线|客服|总机|前台|服务台|你们(?:公司)?(?:的)?(?:电话|号码)|公司(?:的)?(?:电话|"
    r"号码)|[组祖阻部科处站店](?:的)?[电点]话|服务电话|投诉电话|"
    r"咨询电话|网点|营业厅|柜台|门店|分店|医院|机场|车站|退票|出票|除票|推票|航空公司|"
    r"您?直接打|打过去|自己打|自己播|维修部|售后|"
    r"(?:转|按|拨)分机|传真"
)
_SOMEBODYS = re.compile(
    r"[您你我他她](?:的|家|家里|们家|预留|登记|注册|留|绑定|本人|单位|爱人|老公|老婆|"
    r"妈妈?|爸爸?|妻子|先生|太太|那个|这个)+"
    r"[^，。！？,.!?]{0,6}(?:座机|固话|[点电]话|号码|联系方式)|预留|登记的|家里(?:的)?(?:座机|固话|[点电]话)|"
    r"(?:家庭|紧急联系|联系人|收件人|住户|业主)[^，。！？,.!?]{0,4}[点电]话"
)


def topic_before(text: str) -> Topic | None:
    """Return what was named last in a text."""
    last = None
    for found in _ANY.finditer(text):
        last = found
    return Topic[str(last.lastgroup)] if last else None


def topic_after(text: str) -> Topic | None:
    """Return what is named first in a text."""
    found = _ANY.search(text)
    return Topic[str(found.lastgroup)] if found else None


def is_a_desks(text: str) -> bool:
    """Whether a telephone number that stands in such a text is a desk's and nobody's own."""
    return _DESK.search(text) is not None


def is_somebodys(text: str) -> bool:
    """Whether a telephone number that stands in such a text is said to be a person's."""
    return _SOMEBODYS.search(text) is not None
