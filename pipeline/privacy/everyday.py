"""Words that stand where names stand: what is one of them is no name."""

from __future__ import annotations

from functools import cache

# Words whose first character is a surname too, beyond those that pypinyin's dictionary has.
_CHINESE = """
申请 费用 经常 关于 管理 满意 安全 安装 安检 成功 成本 成员 文件 时候 单位 单子 全部 全额 全家 终于
高级 高速 高铁 高峰 高温 钱包 余额 金额 金融 金牌 包裹 项目 路由 路线 车站 车辆 车牌 车主 花费 花钱
华为 强烈 居住 居民 黄金 白天 明天 明白 明年 明细 明确 从来 支付 支持 平时 平台 通知 通话 通信 通道
应当 应该 于是 房间 房子 房屋 房产 游客 游戏 相关 相同 相信 来电 来自 公司 公里 国家 国际 国内 门店
门口 门诊 计费 计算 查询 查看 查账 权限 权益 信用 信息 信号 由于 常用 常见 常常 方案 方面 元旦 都是
都有 都要 都不 都在 和我 能不 能够 用户 用不 用的 米饭 水费 电费 何时 别人 习惯 家属 干嘛 干什 广东
广州 江苏 江西 江南 石油 温度 夏天 常州 苏州 郑州 温州 杭州 徐州 惠州 柳州 贺州 连接 牛奶 马桶 雷雨
云南 海南 海口 贵州 贵的 莫名 付款 付费 付钱 付了 姚明 喻意 范围 严重 严格 毛病 展示 计较 习题 成天
司机 时常 于今 安心 高大 全身 全体 左边 左右 党员 易于
"""
_ENGLISH = """
Will May Mark Grace Hope Bill Rose June April August Young Long Song You Can Sun Art Drew Pat Rob
Don Sue Jack Frank Faith Joy Ray Dawn Page Price Day Good King Banks Bank Miles Chase Carry Guy Max
Case Wood Wu An
"""
_WORDS = frozenset(_CHINESE.split())
ENGLISH_WORDS = frozenset(_ENGLISH.split())
"""English words that are names too; alone they are no name."""


def is_everyday(name: str) -> bool:
    """Whether what stands where a name may be is, or begins with, another word."""
    return is_word(name) or name[:2] in _WORDS


@cache
def is_word(text: str) -> bool:
    """Whether characters are a word of the dictionary, as names rarely are."""
    from pypinyin.constants import PHRASES_DICT

    return text in PHRASES_DICT
