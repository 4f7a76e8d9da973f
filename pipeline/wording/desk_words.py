"""A desk's own words: names, products and terms that a recogniser writes with other characters of one sound.

Whisper base errs on clean Mandarin mostly by homophones (航班 becomes 航版). A word of the desk that was
heard as another word of the same sound is written as the desk writes it; the recogniser's own text stays
beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.wording.pinyin import fold, syllables
from pipeline.wording.script import simplify
from pipeline.wording.spoken import spoken_tokens
from pipeline.yaml_files import read_small

# Two characters must sound the same, tones included, and be no word of their own (克服 is not 客服); from
# three on, confusable initials and finals are the same too.
SHORT_CHARS = 2
# Except f and h, which make other words of the same trade: 客服中心, 客户中心.
_KEPT_APART = ("f", "h")
MAX_WORDS = 2000
# Of a line that is no word the beginning tells which it is; of a file that holds none, the first lines do.
MAX_SHOWN, MAX_BAD = 40, 50
# On 8 calls the prompt took 0.5 points off the pinyin error; every word costs decoding time.
PROMPT_WORDS = 12
PACKAGE = Path(__file__).resolve().parents[1]
# Installed, the files lie inside the package; in a source tree, beside it.
FOLDERS = (PACKAGE / "configs" / "lexicons", PACKAGE.parent / "configs" / "lexicons")
_CHARS = range(2, 13)


@dataclass(frozen=True)
class DeskWords:
    """Words of a desk, 2 to 12 Han characters each."""

    words: tuple[str, ...] = ()

    def prompt(self, before: str) -> str:
        """Return a recogniser's prompt, a sentence, with the first words of the desk added to it.

        Domain terms only raise the odds of themselves; courtesies would hide what was not said.
        """
        listed = "、".join(self.words[:PROMPT_WORDS])
        return f"{before.rstrip('。')}，内容有{listed}。" if listed else before

    def repair(self, text: str) -> str:
        """Return the text with homophones of the words written as the words.

        Parameters
        ----------
        text : str
            Simplified characters, as recognised.

        Returns
        -------
        str
            The same number of characters. Of words that begin at the same place the longest counts; a stretch
            with punctuation inside, or one that is a word of the desk already, stays.
        """
        tokens = spoken_tokens(text)
        if not self.words or not tokens:
            return text
        sounds = syllables(text)
        out = list(text)
        at = 0
        while at < len(tokens):
            word = self._word_at(text, tokens[at].start, sounds[at:])
            if word is not None:
                out[tokens[at].start : tokens[at].start + len(word)] = word
            at += len(word) if word is not None else 1
        return "".join(out)

    def _word_at(self, text: str, start: int, sounds: tuple[str, ...]) -> str | None:
        """Return the word that is heard from ``start`` on; numbers read aloud are none."""
        for length in self._lengths:
            heard = text[start : start + length]
            if len(heard) < length or not all("\u4e00" <= char <= "\u9fff" for char in heard):
                continue
            if heard in self._known:
                return heard
            word = self._by_sound.get(_key(sounds[:length]))
            if word is not None and not self._is_other_speech(text, start, heard, word):
                return word
        return None

    def _is_other_speech(self, text: str, start: int, heard: str, word: str) -> bool:
        """Whether the stretch is more likely said as recognised than as the word."""
        into_a_word = any(
            text[at : at + length] in self._known
            for at in range(start + 1, start + len(heard))
            for length in self._lengths
        )
        if into_a_word or len(heard) > SHORT_CHARS:
            return into_a_word
        end = start + len(heard)
        around = (heard, text[max(0, start - 1) : start + 1], text[end - 1 : end + 1])
        return _tones(heard) != _tones(word) or any(_is_common(pair) for pair in around)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.words)

    @cached_property
    def _lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(word) for word in self.words}, reverse=True))

    @cached_property
    def _by_sound(self) -> dict[tuple[str, ...], str]:
        # Of words that sound the same the first in the file counts.
        return {_key(syllables(word)): word for word in reversed(self.words)}


def _is_common(word: str) -> bool:
    """Whether pypinyin's list of 47,000 phrases has the word."""
    from pypinyin.constants import PHRASES_DICT

    return word in PHRASES_DICT


@lru_cache(maxsize=4096)
def _tones(word: str) -> tuple[str, ...]:
    from pypinyin import Style, lazy_pinyin

    return tuple(lazy_pinyin(word, style=Style.TONE3))


def _key(sounds: tuple[str, ...]) -> tuple[str, ...]:
    if len(sounds) <= SHORT_CHARS:
        return sounds
    return tuple(sound if sound[:1] in _KEPT_APART else fold(sound) for sound in sounds)


def shipped_lexicons() -> tuple[str, ...]:
    """Names of the lexicons that come with the package, sorted."""
    return tuple(sorted({p.stem for folder in FOLDERS if folder.is_dir() for p in folder.glob("*.txt")}))


def load_desk_words(name_or_path: str) -> DeskWords:
    """Load a desk's words by the name of a shipped lexicon or from a file.

    Raises
    ------
    ConfigError
        When there is no such lexicon (the message lists those there are) or it has errors.
    """
    path = Path(name_or_path)
    if path.is_file():
        return read_desk_words(path)
    if name_or_path in shipped_lexicons():
        found = next(p for folder in FOLDERS if (p := folder / f"{name_or_path}.txt").is_file())
        return read_desk_words(found)
    known = ", ".join(shipped_lexicons()) or "none"
    raise ConfigError(f"no lexicon {name_or_path!r}; known are {known}, or give the path of a file")


def read_desk_words(path: Path) -> DeskWords:
    """Read a desk's words: one a line, ``#`` begins a comment, UTF-8.

    Raises
    ------
    ConfigError
        When the file cannot be read, is empty, or holds a word that is not 2 to 12 Han characters; the
        message names the bad lines.
    """
    try:
        lines = read_small(path).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: the file is not UTF-8 (byte {error.start})") from error
    numbered = [(number, line.partition("#")[0].strip()) for number, line in enumerate(lines, start=1)]
    words = [(number, simplify(word)) for number, word in numbered if word]
    bad = [
        f"{path}:{number}:1: {word[:MAX_SHOWN]!r} is not {_CHARS.start} to {_CHARS.stop - 1} Han characters"
        for number, word in words
        if len(word) not in _CHARS or not all("\u4e00" <= char <= "\u9fff" for char in word)
    ]
    if not words or len(words) > MAX_WORDS:
        bad.append(f"{path}:1:1: {len(words)} words; expected 1 to {MAX_WORDS}, one a line")
    if bad:
        more = [f"{path}: {len(bad) - MAX_BAD} more such lines"] if len(bad) > MAX_BAD else []
        raise ConfigError("\n".join([*bad[:MAX_BAD], *more]))
    return DeskWords(tuple(dict.fromkeys(word for _, word in words)))
