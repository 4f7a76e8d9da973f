"""Signs of discontent, none of which is a grievance by itself; several in one breath are.

Customers who blame nobody in so many words still tell what was promised, how long they waited, how often it
happened, what it cost them, and that nobody told them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_COUNT = "[一二两三四五六七八九十半几多好0-9]+"
SIGNS: Mapping[str, re.Pattern[str]] = {
    "a promise": re.compile(
        r"说是(?:五星|四星|正品|全新|原装|保|免费|不)|写得(?:好好|清清楚楚|明明白白)|拍(?:着)?胸脯|明明|说好|答应|承诺|保证|当时(?:.{0,4})说|之前(?:.{0,4})说|"
        r"(?:上次|前台|客服|师傅|你们)(?:.{0,3})(?<!别)说|买的时候说|约(?:好|了)的|(?:经理|销售|业务员|中介|老师|医生|司机|客服)(?:当时|当初|之前)(?:.{0,3})(?:说|讲|跟我)"
    ),
    "its outcome": re.compile(
        r"又冒出|冒出来|凭空(?:多|少)|结果(?!出|单|怎么)|却|轮到我|又(?:多出|变|要|让|跟我说)|越[^，。！？,.!?]{1,2}越|"
        r"怎么(?:又(?!是[你您])|还)|"
        r"现在又|现在(?:跟我说|告诉我|说没|却|说不|亏|说要)|每[次回]都(?:说|是|要|让|这样)|结果(?:来|给|送|发|是|到|没|等|人)|"
        r"还是(?:老样子|坏|不|没|这样)|"
        r"又(?:说|扣|收)"
    ),
    "still not": re.compile(
        r"到现在|还没(?:轮|到|来|修|退|发|下|批|办|审|处理|安排|通知|装|送|给|收|弄|解决)|打不通|没(?:动静|消息|下文|回音)|"
        r"到今天|"
        r"(?<!如果)一直(?:.{0,6})(?:没|不|坏|漏|拖|打不通)|"
        r"(?:都|也|还)(?:.{0,1})没(?:有)?(?:来|人|到|给|退|修|好|用|说|收|轮|发|看|等)|没(?:有)?人(?:应|接|来|理|管|吭|搭理|通知|处理|回|说|开门|问|修|看|给)|就是不(?:来|给|修|退|接|回)"
    ),
    "not even": re.compile(
        r"(?:人影|影子|信儿|面儿?|人)(?:都|也)(?:没|不)(?:见|有|来|露)|连(?:[^，。！？,.!?]{1,8})(?:都|也)(?:没|不)|"
        r"也不(?:提前|事先|通知|说|告诉|管|打|吭)|连个[^，。！？,.!?]{1,4}都没|"
        r"(?:没有?|不)(?:提前)?(?:通知|告诉|说一声)|(?:通知|电话|短信|解释|说法|消息)(?:都|也)(?:没|不)"
    ),
    "the wait": re.compile(
        rf"(?:等|排|站|绕|堵|困|晾|坐|打|耗|拖)(?:了)?(?:我)?(?:整整|足足)?(?:[二三四五六七八九]十(?:多|来|几)?分钟|半个?(?:多)?(?:小时|钟头))|等得(?:花|黄花|都|人|我)|"
        rf"(?:上个?(?:月|周|礼拜|星期)|大?前天)就(?:报|打|说|交|申请|退|寄|订)|(?:等|排|拖|耗|跑|晚|迟到|耽搁|堵|坏|停|断|困|晾|扔|关|卡|催|打|退|办|修|站|坐|反映|投诉|报修|报|审|批)(?:了)?(?:.{{0,4}}){_COUNT}(?:个)?(?:多|半)?(?:小时|钟头|天|上午|下午|星期|礼拜|月|周|年)|"
        rf"半天|迟到|{_COUNT}个?(?:小时|天|月|星期|礼拜|年)了"
    ),
    "the company": re.compile(r"你们|你这(?:儿|里|边)|师傅|客服|前台|快递员|司机|护士|老师(?!您|你)|"
        r"接线员|柜员|营业员|服务员|保安|护工|骑手|中介|教练|物业|业务员|收银员|工作人员|护理员|阿姨|面试官|安装工|维修工|送货的|理财经理|窗口(?:的|那个)?(?!在|几|怎)|药房|小哥|机器人|送餐的|收费的|食堂|店家|商家|中介|柜台的|那边的人"),
    "the damage": re.compile(
        r"(?:喂|装|发|抓|贴|缝|剪|染|拔|配)(?:错|反|坏|歪)|擦坏|开线|碎的|烂的|破的|苍蝇|血点|(?:扔|丢|甩)(?:在)?(?:楼道|门口|地上|雨里)|淋(?:得|透|湿)|一路抽烟|磕了?个|大包|破皮|夹生|"
        r"没熟|串味|变味|刷不开|进不去人|漏得|推了我|接不通|缺斤|少两|(?:弄|搞|摔|压|打|碰|烧|洗|撞|泡)(?:坏|烂|脏|丢|碎|花)|刮花|划痕|漏水|坏了|碎了|破了|裂|掉色|发黄|发臭|臭|异味|二手|假的|"
        r"(?:不|没)(?:一样|符)|过期|对不上|(?:开|发|送|登|写|算|弄|搞|寄)错|少了|丢了|马虎|敷衍|推脱|推(?:来|三阻)|不退|不肯|收不到|断(?:了|成)|不让|不认账|"
        r"(?:吃|拿|打|贴|量|抽|上|换|接|配)错|(?:度数|尺寸|味道|颜色|重量|数目|金额|分量|型号|剂量)(?:也|都|就|根本|肯定|完全)?不(?:对|够)|"
        r"冰凉冰凉|冰冰凉|跟冰窖|一点儿?(?:都|也)不(?:热|凉|制冷|制热)|头晕|过敏|拉肚子|红肿|发炎|起疹|坑坑洼洼|泡了|踩得|弄得|抛锚|血迹|污渍|头发丝|蟑螂|虫子|发霉|霉味|馊|漏电|起泡|断线|不制冷|不制热|不凉|不热|(?<!不)掉(?:皮|漆|毛|渣)|开胶|脱线|缩水|卡死|黑屏|死机|跳闸|"
        r"把我[^，。！？,.!?]{0,6}(?:摔|磕|撞|烫|划|弄|扔|关|锁|困)|(?:摔|磕|撞|烫|扎|咬|划|抓)(?:了|伤|破|着)"
    ),
    "again": re.compile(
        rf"(?:老是|总是|每次|天天|经常|反复|连续)|[二两三四五六七八九十几多好0-9](?:次|回|遍|趟)|换了{_COUNT}个|又(?:坏|断|漏|停|来|扣|错|是)|再一次"
    ),
    "the cost": re.compile(
        r"还要我|要我(?:自己)?掏|我交(?:钱|学费)是|抱着孩子|进不去(?:人|家|门)|全废|废了|亏了(?:一半|不少|好几)|白(?:交|来|跑|等|花|买|扣|付|充|排|打|收|搭)|浪费|损失|耽误|误了|害|扣(?:了)?(?:我|钱|费)|收(?:了)?我|还要我|要我(?:出|付|掏|交)|"
        r"我怎么(?:上班|办|用|过|睡|住)|[吵冻冷热闹震臭熏饿](?:得|的)[^，。！？,.!?]{0,6}(?:睡|休息|住|学习|工作|上班|病|发烧|哭|发抖|哆嗦)|(?:都|全)(?:化|烂|馊|臭|蔫|死|淹|凉透)了|没法(?:用|住|上班|吃|睡)|[冻冷热晒呛憋熏饿吓气累摔](?:得)?(?:感冒|发烧|出病|病|晕|哭|醒|瘫)了?|全(?:坏|没|泡)|(?:钱|费)(?:.{0,4})(?:交|付)了|"
        r"(?:交|花|付)了(?:.{0,4})(?:钱|费|块|万|千|百)|亏了|[天晚夜]没(?:洗澡|合眼|吃饭|水用|热水|睡)|(?:都|也)没(?:过好|睡好|吃上|赶上|用上|吃好|玩成|看成|考成|走成|赶成)|算谁的|谁(?:来)?负责|"
        r"请了?[^，。！？,.!?]{0,3}假|(?:一|整)(?:晚上?|夜|宿|天)(?:都)?没(?:睡|合眼|吃|休息)|错过了|打车|路费|油钱|来回|赶不上|泡汤"
    ),
    "the feeling": re.compile(
        r"嘴硬|死活|吓死|花儿?都谢|哪有(?:这个?|这样的|这种)道?理|出人命|太次|次得很|还不如|(?:啪|砰)(?:一|地|的)|直接(?:扔|挂|关|走|拒)|没人(?:搭理|理我|管我|管)|拿我当|糊弄鬼|"
        r"一个让[^，。！？,.!?]{0,3}找(?:另|下)一?个|绝了|缺德|损人|(?<!麻)烦|气死|失望|无语|寒心|糟心|闹心|难受|恶心|憋屈|没见过(?:这么|这样)|这么(?:差|慢|难|坑|久|乱)|太(?:差|慢|乱|吵|脏|坑|难)|"
        r"什么(?:玩意|道理|意思|服务)|没(?:礼貌|素质|责任心|良心|教养|诚意)|不舒服|不负责|不尊重|窝心|心寒|糟糕|离谱|荒唐|受不了|吃不消|"
        r"阴阳怪气|爱[答搭]不理|不耐烦|凶巴巴|甩脸|冷冰冰|翻白眼|(?:吼|骂|凶|训|冲)了?我|挂(?:了)?我(?:的)?电话|莫名其妙|不明不白|稀里糊涂|"
        r"根本(?:没|不)|从来没(?:用|开|办|点|订)|我没(?:有)?(?:用|开|点|办|订|买|同意|签)(?:过|那么多)|"
        r"有这样的吗|怎么(?:能|可以)这|像话|(?:有|是)问题"
    ),
}  # fmt: skip
SUPPOSED = re.compile(r"(?:如果|要是|万一|假如|会不会|有没有)[^，。！？,.!?]*")
# Praise, and blame the speaker takes.
MILD = re.compile(
    r"(?:你们|你这(?:儿|里|边)|师傅|客服|护士)[^，。！？,.!?]{0,8}(?:真(?:清楚|好|快|不错)|挺好|很好|不错|满意|辛苦|周到|热情|耐心)|"
    r"(?:让|害)(?:你|您|师傅|人家|老师)[^，。！？,.!?]{0,4}白(?:跑|等|来)一?趟?|(?:不怪|不是|谢谢|感谢|麻烦|辛苦)(?:你们|师傅|客服)|(?:是|怪|赖)我(?:自己)?[^，。！？,.!?]{0,8}|耽误(?:你|您)"
)
# So many different signs in one utterance are a grievance, so many may be one.
ENOUGH, DOUBTFUL = 3, 2
# Who asks names the company and what happened as well; these signs are in no question.
THE_COMPANY = "the company"
THE_DAMAGE = "the damage"
BLAME = frozenset(("not even", "the cost", "the feeling"))
# That something takes long is also said by who only wants to know.
IMPATIENCE = frozenset(("the wait", "still not", "its outcome"))
ASKS = re.compile(
    r"(?<!都)几点(?:下班|关|开|到|上)|(?:啥|什么)时候(?:能|可以|才?来|上门|有)|在哪|请问|想问|问一下|问下|咨询|想(?:预约|办|查|改|订|约|要|报)|能不能|可不可以|(?:能|可以|是(?!让[他她你])|对|有)[^，。！？,.!?]{0,10}(?:吗|嘛|么)(?=$|[，。！？,.!?])|"
    r"多少钱|怎么(?:办理|报|走|弄|收费|补|申请)|麻烦(?:你|您|帮)"
)


@lru_cache(maxsize=4096)
def signs(text: str) -> tuple[str, ...]:
    """Names of the signs of discontent in a text; what is only supposed (如果…) is none."""
    told = MILD.sub(" ", SUPPOSED.sub(" ", text))
    return tuple(name for name, pattern in SIGNS.items() if pattern.search(told))


def tells_grievance(text: str) -> bool:
    """Whether the signs in a text are enough, by their number or kind, for a complaint in no other words."""
    given = signs(text)
    if IMPATIENCE.issuperset(given):
        return False
    if len(given) >= ENOUGH:
        return True
    if len(given) < DOUBTFUL or ASKS.search(text):
        return False
    return THE_COMPANY not in given or not BLAME.isdisjoint(given)


def resents(text: str) -> bool:
    """Whether a text says what it cost the speaker or how it feels, which backs a hint given elsewhere."""
    return not BLAME.isdisjoint(signs(text)) and not ASKS.search(text)


def half_tells(text: str) -> bool:
    """Whether a text has signs enough for half a complaint, and asks nothing."""
    return len(signs(text)) >= DOUBTFUL and not ASKS.search(text)


def is_upset(text: str) -> bool:
    """Whether a text may be a complaint, should the agent take it for one."""
    given = signs(text)
    return len(given) >= DOUBTFUL or not (IMPATIENCE | {THE_COMPANY}).issuperset(given)
