"""The words that marks are written in: as programs write them, and as people do in either language."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.call import Verdict
from pipeline.reviews.marks import AGREE, COLUMNS, OVERTURN

DECISIONS: Mapping[str, str] = MappingProxyType(
    {AGREE: AGREE, OVERTURN: OVERTURN, "同意": AGREE, "维持": AGREE, "改判": OVERTURN, "推翻": OVERTURN}
)

VERDICTS: Mapping[str, Verdict] = MappingProxyType(
    {verdict.value: verdict for verdict in Verdict}
    | {
        "not applicable": Verdict.NOT_APPLICABLE,
        "n/a": Verdict.NOT_APPLICABLE,
        "通过": Verdict.PASS,
        "合格": Verdict.PASS,
        "不通过": Verdict.FAIL,
        "不合格": Verdict.FAIL,
        "不适用": Verdict.NOT_APPLICABLE,
        "待定": Verdict.UNDETERMINED,
        "无法判断": Verdict.UNDETERMINED,
        "待复核": Verdict.UNDETERMINED,
    }
)

HEADERS_ZH: Mapping[str, str] = MappingProxyType(
    dict(
        zip(
            COLUMNS,
            (
                "通话编号",
                "通话日期",
                "标准",
                "条款",
                "系统判定",
                "复核结论",
                "正确判定",
                "理由",
                "复核人",
                "复核时间",
                "录音指纹",
                "规则版本",
            ),
            strict=True,
        )
    )
)
"""What the columns of marks are called in Chinese."""

HEADERS: Mapping[str, str] = MappingProxyType(
    {name: name for name in COLUMNS}
    | {name.replace("_", " "): name for name in COLUMNS}
    | {title: name for name, title in HEADERS_ZH.items()}
)
"""Columns by what they may be called."""
