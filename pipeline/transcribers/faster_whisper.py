"""The default engine: Whisper on CTranslate2, with windows shorter than 30 s."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import WeightsError
from pipeline.machine import usable_processors
from pipeline.profiling import Stage, stage
from pipeline.transcribers.base import (
    SAMPLE_RATE_HZ,
    CallClips,
    Clip,
    Heard,
    TranscriberOptions,
    check_clips,
    describe_key,
)
from pipeline.transcribers.batching import window_s as window_of
from pipeline.transcribers.mandarin import Decoder, mandarin_files
from pipeline.transcribers.passes import hear
from pipeline.transcribers.recogniser import Decoded
from pipeline.transcribers.weights import Weights
from pipeline.wording.languages import MANDARIN

REPETITION_PENALTY = 1.1
NO_REPEAT_TOKENS = 5
"""The two keep greedy and narrow-beam decodes of short windows out of loops. On 97 clips of telephone
speech with a beam of 2, the error is no higher without them, but twice as many clips are decoded twice."""

LEAST_ODDS = 1e-9
"""A token less likely than this counts as this likely."""

ENCODED_S = 12.0
"""Windows encoded at once, together, unless one is longer. What the encoder works on then stays in the
processor's cache: 30 s at once take a tenth longer for windows from 12 s on, batches of 16
half as long again."""

LANGUAGE_S = 6.0
"""What language detection hears of a window: it takes as long as that is. It finds the language of all 412
clips of calls that it finds in whole windows; with 4 s an English clip of 4.1 s was missed."""

_FRAME_S = 0.02
"""The encoder halves its 10 ms input frames, so a window is a whole number of 20 ms."""


class FasterWhisperTranscriber:
    """Hears clips with faster-whisper's model, tokenizer and features.

    Parameters
    ----------
    weights : Weights
        A CTranslate2 model.
    options : TranscriberOptions
        How to listen.

    Raises
    ------
    WeightsError
        When the weights cannot be loaded or know only English.
    """

    name = "faster-whisper"

    def __init__(self, weights: Weights, options: TranscriberOptions) -> None:
        from faster_whisper.feature_extractor import FeatureExtractor

        self.options = options
        self.key = describe_key(self.name, weights.sha256, options)
        try:
            self._whisper, self._mandarin = _load(
                str(weights.path),
                options.device,
                options.compute_type,
                options.threads or usable_processors(),
            )
        except (RuntimeError, ValueError) as error:
            raise WeightsError(
                f"{weights.path}: faster-whisper cannot load these weights: {error}"
            ) from error
        self._model: Any = self._whisper.model
        if not self._model.is_multilingual:
            raise WeightsError(f"{weights.path}: an English-only model; a multilingual Whisper is needed")
        self._any_language = Decoder(self._model)
        self._tokenizer: Any = self._whisper.hf_tokenizer
        self._features = FeatureExtractor(feature_size=self._model.n_mels)
        self._context = lru_cache(maxsize=64)(self._write_context)

    def transcribe(self, calls: Sequence[CallClips]) -> list[list[Heard]]:
        """Return what each clip says; see `Transcriber.transcribe`."""
        return hear(self, calls, self.options)

    def score(self, clip: Clip, texts: Sequence[str]) -> list[float]:
        """Return how likely each text is as all that the clip says; see `Transcriber.score`."""
        check_clips([clip])
        encoded = self.encode([clip], window_s=window_of(clip.size))
        context = self._context("zh", "")
        frames = max(1, clip.size * 100 // SAMPLE_RATE_HZ)
        scores = []
        for text in texts:
            tokens = self._tokenizer.encode(text, add_special_tokens=False).ids
            with stage(Stage.DECODER):
                (aligned,) = self._model.align(encoded, context, [tokens], [frames])
            scores.append(sum(math.log(max(odds, LEAST_ODDS)) for odds in aligned.text_token_probs))
        return scores

    def encode(self, clips: Sequence[Clip], *, window_s: float) -> Any:
        """Return the encoder's output for clips padded with digital silence to one window."""
        import ctranslate2

        window_s = math.ceil(round(window_s / _FRAME_S, 6)) * _FRAME_S
        together = max(1, int(ENCODED_S / window_s))
        parts = []
        for start in range(0, len(clips), together):
            with stage(Stage.FEATURES):
                features = self._features_of(clips[start : start + together], window_s)
            with stage(Stage.ENCODER):
                # Parts are put together and taken apart here, where nothing reads a GPU's memory.
                parts.append(self._model.encode(ctranslate2.StorageView.from_array(features), to_cpu=True))
        if len(parts) == 1:
            return parts[0]
        with stage(Stage.ENCODER):
            return ctranslate2.StorageView.from_array(np.concatenate([np.asarray(part) for part in parts]))

    def _features_of(self, clips: Sequence[Clip], window_s: float) -> npt.NDArray[np.float32]:
        samples, frames = round(window_s * SAMPLE_RATE_HZ), round(window_s * 100)
        padded = (np.pad(clip, (0, samples - clip.size)) for clip in clips)
        batch = np.stack([self._features(clip, padding=0)[:, :frames] for clip in padded])
        return np.ascontiguousarray(batch, np.float32)

    def detect_languages(self, encoded: Any) -> list[Mapping[str, float]]:
        """Return the probability of each language code for each clip."""
        import ctranslate2

        with stage(Stage.LANGUAGE):
            frames = int(LANGUAGE_S / _FRAME_S)
            if encoded.shape[1] > frames:
                beginning = np.ascontiguousarray(np.asarray(encoded)[:, :frames])
                encoded = ctranslate2.StorageView.from_array(beginning)
            found = self._model.detect_language(encoded)
        return [{token[2:-2]: odds for token, odds in row} for row in found]

    def generate(
        self, encoded: Any, rows: Sequence[int], *, language: str, prompt: str, beam_size: int
    ) -> list[Decoded]:
        """Decode some of the batch's clips in one language."""
        import ctranslate2

        if len(rows) < encoded.shape[0]:
            picked = np.ascontiguousarray(np.asarray(encoded)[list(rows)])
            encoded = ctranslate2.StorageView.from_array(picked)
        context = self._context(language, prompt)
        mandarin = language == MANDARIN and self._mandarin.can_follow(context)
        with stage(Stage.DECODER):
            answers = (self._mandarin if mandarin else self._any_language).generate(
                encoded,
                context,
                len(rows),
                beam_size=beam_size,
                repetition_penalty=REPETITION_PENALTY,
                no_repeat_ngram_size=NO_REPEAT_TOKENS,
            )
        return [self._read(*answer) for answer in answers]

    def _read(self, tokens: list[int], score: float, no_speech: float) -> Decoded:
        """Turn CTranslate2's mean over the text tokens into one over text and end mark, as Whisper counts."""
        mean_logprob = score * len(tokens) / (len(tokens) + 1)
        return Decoded(self._tokenizer.decode(tokens), len(tokens), mean_logprob, no_speech)

    def _write_context(self, language: str, prompt: str) -> list[int]:
        """Return the tokens before the text: the prompt as what came before, then language and task."""
        before = self._tokenizer.encode(prompt, add_special_tokens=False).ids if prompt else []
        marks = ["startoftranscript", language, "transcribe", "notimestamps"]
        if before:
            marks.insert(0, "startofprev")
        ids = [self._tokenizer.token_to_id(f"<|{mark}|>") for mark in marks]
        if None in ids:
            raise WeightsError(f"these weights do not know the language {language!r}")
        return [ids[0], *before, *ids[1:]] if before else ids


@lru_cache(maxsize=1)
def _load(path: str, device: str, compute_type: str, threads: int) -> tuple[Any, Decoder]:
    """Load the model and its decoder of Mandarin once, for transcribers that differ in their prompts too."""
    import ctranslate2
    from faster_whisper import WhisperModel

    whole = WhisperModel(
        path, device=device, compute_type=compute_type, cpu_threads=threads, local_files_only=True
    )
    reduced = mandarin_files(Path(path), whole.hf_tokenizer)
    if reduced is None:
        return whole, Decoder(whole.model)
    own = ctranslate2.models.Whisper(
        path, device=device, compute_type=compute_type, intra_threads=threads, files=reduced.files
    )
    return whole, Decoder(own, reduced.kept)
