"""What the pipeline asks of the recogniser when it hears recordings: counted, and as operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from matrix_rates import best
from whisper_arithmetic import MELS, POSITIONS_PER_S, Decoding, Work, decoding, encoding

from pipeline.call import Call, CallRecord
from pipeline.hearing import Hearing
from pipeline.profiling import Account, Stage, added_up
from pipeline.transcribers import SAMPLE_RATE_HZ, Clip, TranscriberOptions, resolve
from pipeline.transcribers.faster_whisper import ENCODED_S, FasterWhisperTranscriber
from pipeline.transcribers.recogniser import Decoded

STEPS = 8
"""A decoder's step is the difference between decoding so many tokens and three times as many."""


@dataclass
class Asked:
    """What a recogniser was asked for; ``bare`` is encoding without any silence after the clips."""

    windows: int = 0
    window_s: float = 0.0
    clip_s: float = 0.0
    tokens: int = 0
    bare: Work = field(default_factory=Work)
    encoder: Work = field(default_factory=Work)
    language: Work = field(default_factory=Work)
    decoder: Decoding = field(default_factory=Decoding)


class CountingTranscriber(FasterWhisperTranscriber):
    """The default engine, which also counts what it is asked for."""

    def __init__(self, options: TranscriberOptions) -> None:
        super().__init__(resolve("base"), options)
        self.asked = Asked()

    def encode(self, clips: Sequence[Clip], *, window_s: float) -> Any:
        """Count windows."""
        self.asked.windows += len(clips)
        self.asked.window_s += window_s * len(clips)
        self.asked.encoder += encoding(window_s) * len(clips)
        for clip in clips:
            self.asked.clip_s += clip.size / SAMPLE_RATE_HZ
            self.asked.bare += encoding(clip.size / SAMPLE_RATE_HZ)
        return super().encode(clips, window_s=window_s)

    def detect_languages(self, encoded: Any) -> list[Mapping[str, float]]:
        """Count one token a window, keys and values included."""
        rows, window_s = encoded.shape[0], encoded.shape[1] / POSITIONS_PER_S
        self.asked.language += decoding(rows, 1, 1, [1] * rows, window_s).whole
        return super().detect_languages(encoded)

    def generate(
        self, encoded: Any, rows: Sequence[int], *, language: str, prompt: str, beam_size: int
    ) -> list[Decoded]:
        """Count tokens, the end mark of each text included."""
        found = super().generate(encoded, rows, language=language, prompt=prompt, beam_size=beam_size)
        lengths = [decoded.tokens + 1 for decoded in found]
        context, window_s = len(self._context(language, prompt)), encoded.shape[1] / POSITIONS_PER_S
        more = decoding(len(rows), beam_size, context, lengths, window_s)
        self.asked.decoder = self.asked.decoder.with_more(more)
        self.asked.tokens += sum(lengths)
        return found

    def encoder_s(self, window_s: float, rounds: int) -> float:
        """Processor seconds of the encoder alone for each second of window, best of several."""
        windows = max(1, int(ENCODED_S / window_s))
        given = self._features_given(windows, window_s)
        return best(lambda: self._model.encode(given), rounds) / (windows * window_s)

    def step_s(self, rows: int, beams: int, window_s: float, rounds: int) -> float:
        """Processor seconds of a step of the decoder of Mandarin alone, best of several."""
        encoded = self._model.encode(self._features_given(rows, window_s))
        context, end = self._context("zh", ""), self._tokenizer.token_to_id("<|endoftext|>")

        def decode(tokens: int) -> int:
            # Of the length given, CTranslate2 takes half for the text.
            found = self._mandarin.generate(
                encoded,
                context,
                rows,
                beam_size=beams,
                max_length=2 * tokens,
                suppress_tokens=[-1, self._mandarin.place_of(end)],
            )
            return max(len(written) for written, _, _ in found)

        few, many = STEPS, 3 * STEPS
        more_s = best(lambda: decode(many), rounds) - best(lambda: decode(few), rounds)
        return more_s / (decode(many) - decode(few))

    def _features_given(self, windows: int, window_s: float) -> Any:
        import ctranslate2

        shape = (windows, MELS, int(100 * window_s))
        return ctranslate2.StorageView.from_array(
            np.random.default_rng(0).normal(size=shape).astype(np.float32)
        )


@dataclass(frozen=True)
class Heard:
    """Recordings heard: how long they are, what was asked for, processor seconds by stage."""

    audio_s: float
    asked: Asked
    took_s: Mapping[Stage, float]


def hear(engine: CountingTranscriber, paths: Sequence[Path]) -> Heard:
    """Hear recordings together, after a first one that loads what is loaded once."""
    hearing = Hearing(engine)
    calls = [(CallRecord(path.stem, path), "0" * 64) for path in paths]
    hearing.hear_together(calls[:1])
    engine.asked = Asked()
    accounts = [Account() for _ in calls]
    heard = hearing.hear_together(calls, accounts)
    audio_s = sum(call.duration_s for call in heard if isinstance(call, Call))
    took = added_up(account.times for account in accounts)
    return Heard(audio_s, engine.asked, {t.stage: t.processor_s for t in took})
