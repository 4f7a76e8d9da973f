"""Text that Whisper invents, and how it is taken out.

Whisper learnt from subtitled videos. On silence, music and noise it writes the subtitles' credits, the
channel's outro, or the prompt. Which strings, after
https://github.com/openai/whisper/discussions/928,
https://github.com/openai/whisper/discussions/679,
https://github.com/ufal/whisper_streaming/issues/179 and
https://github.com/dyphire/mpv-sub-fastwhisper/issues/9.

Only credits that nobody says on the telephone may end a text; what a person could say (谢谢观看) counts as
invented only when it is all there is. Service words are never touched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_GAP = r"[\s，。、！？,.!?:：;；—\-《》【】「」]*"

TRAILING = (
    # The outro of one channel, whole or in part.
    rf"(?:请|請)?不吝(?:点赞|點贊|赐赞|賜讚){_GAP}(?:(?:订阅|訂閱|转发|轉發|打赏|打賞|支持){_GAP})*"
    rf"(?:明[镜鏡]{_GAP}(?:与|與|和)?{_GAP}(?:点点|點點){_GAP}(?:栏目|欄目)?)?",
    rf"(?:(?:打赏|打賞|支持){_GAP})+明[镜鏡]{_GAP}(?:与|與|和)?{_GAP}(?:点点|點點){_GAP}(?:栏目|欄目)?",
    rf"明[镜鏡]需要您的支持(?:{_GAP}(?:欢迎|歡迎)(?:收看|收聽)?(?:订阅|訂閱)明[镜鏡])?",
    # Credits of subtitles.
    r"(?:本|中文)?字幕由.{0,24}?(?:提供|制作|製作)",
    r"由\s*amara\.?\s*org\s*(?:社[区區群])?提供的字幕",
    r"(?:中文)?字幕(?:志愿者|志願者|提供者|制作人|製作人)(?:[\s:：]*[\u4e00-\u9fff]{2,4})?",
    r"字幕\s*by\s*.{0,16}",
    r"subtitles by (?:the )?amara\.?org community",
    # A drama channel, and song credits.
    rf"优?优独播剧场{_GAP}(?:yoyo television series exclusive)?",
    r"yoyo television series exclusive",
    r"(?:作?[词詞](?:曲|{gap}曲|{gap}作?曲)|作[词詞]|作曲|[编編]曲|演唱)[\s:：]*李宗盛".replace(
        "{gap}", _GAP
    ),
    r"ming pao canada.{0,4}ming pao toronto",
    rf"(?:(?:作?[词詞]|作?曲|[编編]曲|演唱|混音|监制|監製){_GAP}){{2,}}(?:[\u4e00-\u9fff]{{2,4}})?",
    r"未[经經](?:著作[权權]人)?[许許]可{gap}不得(?:翻唱|使用|[转轉][载載]).{0,12}".replace("{gap}", _GAP),
    # Credits of subtitles in other languages.
    r"(?:untertitel(?:ung)?|sous-?titr(?:es|age)|sottotitoli|subt[íi]tulos|legendas|ondertitel\w*|субтитры)"
    r"\b.{0,60}",
    r"[^。！？.!?]{0,40}\bamara\.?\s?org\b.{0,24}",
    r"ご視聴(?:いただき)?(?:誠に)?ありがとうございま(?:した|す)",
    r"시청해\s?주셔서\s?감사합니다",
)
"""Patterns of text invented at the end of a clip or in all of it."""

WHOLE = (
    rf"(?:谢谢|謝謝|感谢|感謝)(?:大家|您|你)?的?{_GAP}(?:观看|觀看|收看|收聽|收听)",
    r"(?:欢迎|歡迎|请|請)(?:订阅|訂閱)(?:我|我们|我們)?的?(?:频道|頻道)",
    r"(?:thanks|thank you)(?: so much| very much)? for (?:watching|your watching|viewing)(?: this video)?",
    r"(?:please )?(?:like and )?subscribe(?: to (?:my|our|the) channel)?",
    r"中文字幕",
    # A sound named as subtitles name it.
    r"[(（\[【《♪]+\s*[^()（）\[\]【】《》]{0,12}\s*[)）\]】》♪]+",
    r"♪+",
    r"(?:我们|我們)?下(?:期|集|[个個]?[视視][频頻])(?:再)?[见見]",
    r"(?:记得|記得|别忘了|別忘了)?(?:点赞|點讚|按赞|按讚){gap}(?:(?:订阅|訂閱|关注|關注|分享|转发|轉發){gap})+".replace(
        "{gap}", _GAP
    ),
    r"(?:i'?ll )?see you (?:guys )?(?:in the )?next (?:time|video|one)",
    r"(?:and )?(?:don'?t forget to )(?:like|subscribe|hit).{0,60}",
)
"""Patterns of text invented when they are everything a clip holds."""

_TRAILING = re.compile(rf"{_GAP}(?:{'|'.join(TRAILING)}){_GAP}$", re.IGNORECASE)
_WHOLE = re.compile(rf"{_GAP}(?:{'|'.join(WHOLE)}){_GAP}", re.IGNORECASE)

# Where a repeated word sequence is forbidden, the decoder reaches for a token it would never write:
# half a character (U+FFFD) or a full-width letter. Full-width letters are no one's way to write English.
_STRAY = re.compile(r"\ufffd+|(?<![Ａ-Ｚａ-ｚ])[Ａ-Ｚａ-ｚ](?![Ａ-Ｚａ-ｚ])")

_ECHO_TEXT_SHARE = 0.6
_ECHO_PROMPT_SHARE = 0.6
_ECHO_LEAST_CHARS = 6
_ECHO_PIECE_CHARS = 3
"""An echo is made of pieces of the prompt: three characters or more, most of the text. It must give back most
of the prompt, or six characters when the decode is unlikely: callers do ask for 客服电话的录音."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text without what was invented, and how many pieces went."""

    text: str
    removed: int


def clean(text: str, *, prompt: str = "", likely: bool = True) -> Cleaned:
    """Take out known invented text, echoes of the prompt and stray decoder tokens.

    Parameters
    ----------
    text : str
        As decoded.
    prompt : str
        What the recogniser was given as context for this text.
    likely : bool
        Whether the decode is likely enough to be trusted with words that the prompt also has.
    """
    text, strays = _STRAY.subn("", text)
    text = text.strip()
    removed = strays
    while True:
        shorter = _strip_end(text, prompt, likely=likely)
        if shorter == text:
            break
        text, removed = shorter, removed + 1
    if _WHOLE.fullmatch(text):
        return Cleaned("", removed + 1)
    return Cleaned(text, removed) if any(c.isalnum() for c in text) else Cleaned("", removed)


def _strip_end(text: str, prompt: str, *, likely: bool) -> str:
    """Return the text without one piece of invented text at its end."""
    bare = prompt.rstrip("。. ")
    if bare and text.rstrip("。. ").endswith(bare):
        return text.rstrip("。. ").removesuffix(bare).strip()
    if is_echo(text, prompt=prompt, likely=likely):
        return ""
    return _TRAILING.sub("", text, count=1)


def is_echo(text: str, *, prompt: str, likely: bool = True) -> bool:
    """Whether a text is put together from pieces of the prompt."""
    said, given = _letters(text), _letters(prompt)
    if not said or not given:
        return False
    if not likely and len(said) > 1 and said in given:
        return True
    if not likely:
        return _covered(said, given) >= max(min(_ECHO_LEAST_CHARS, len(given)), _ECHO_TEXT_SHARE * len(said))
    blocks = SequenceMatcher(None, said, given, autojunk=False).get_matching_blocks()
    shared = sum(block.size for block in blocks if block.size >= _ECHO_PIECE_CHARS)
    return shared >= max(_ECHO_PROMPT_SHARE * len(given), _ECHO_TEXT_SHARE * len(said))


def _covered(said: str, given: str) -> int:
    """Characters of a text inside pieces of the prompt, in whatever order the pieces come."""
    inside = [False] * len(said)
    for start in range(len(said) - _ECHO_PIECE_CHARS + 1):
        if said[start : start + _ECHO_PIECE_CHARS] in given:
            inside[start : start + _ECHO_PIECE_CHARS] = [True] * _ECHO_PIECE_CHARS
    return sum(inside)


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())
