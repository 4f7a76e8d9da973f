"""The reference engine: OpenAI's own implementation with the same weights, in full 30 s windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.errors import ConfigError, WeightsError
from pipeline.profiling import Stage, stage
from pipeline.transcribers.base import CallClips, Clip, Heard, TranscriberOptions, check_clips, describe_key
from pipeline.transcribers.conversion import convert_for_openai
from pipeline.transcribers.passes import hear
from pipeline.transcribers.recogniser import Decoded
from pipeline.transcribers.weights import Weights


class OpenAIWhisperTranscriber:
    """Hears clips with ``whisper.decode``. Slower than the default engine; the one to compare it with.

    Parameters
    ----------
    weights : Weights
        A CTranslate2 model; it is converted once.
    options : TranscriberOptions
        How to listen; ``compute_type`` means nothing here.

    Raises
    ------
    WeightsError
        When the weights do not convert or know only English.
    """

    name = "openai-whisper"

    def __init__(self, weights: Weights, options: TranscriberOptions) -> None:
        import torch
        import whisper

        if options.device != "cpu":
            raise ConfigError(f"the reference engine runs on processors only, not on {options.device}")
        if options.threads:
            torch.set_num_threads(options.threads)
        self.options = options
        self.key = describe_key(self.name, weights.sha256, options)
        self._model: Any = whisper.load_model(str(convert_for_openai(weights)), device="cpu").eval()
        if not self._model.is_multilingual:
            raise WeightsError(f"{weights.path}: an English-only model; a multilingual Whisper is needed")

    def transcribe(self, calls: Sequence[CallClips]) -> list[list[Heard]]:
        """Return what each clip says; see `Transcriber.transcribe`."""
        return hear(self, calls, self.options)

    def score(self, clip: Clip, texts: Sequence[str]) -> list[float]:
        """Return how likely each text is as all that the clip says; see `Transcriber.score`."""
        import torch
        from whisper.tokenizer import get_tokenizer

        check_clips([clip])
        tokenizer = get_tokenizer(multilingual=True, language="zh", task="transcribe")
        context = [*tokenizer.sot_sequence_including_notimestamps]
        encoded = self.encode([clip], window_s=0.0)
        scores = []
        for text in texts:
            tokens = tokenizer.encode(text)
            with stage(Stage.DECODER), torch.inference_mode():
                logits = self._model.logits(torch.tensor([[*context, *tokens]]), encoded)[0]
                odds = torch.log_softmax(logits[len(context) - 1 : -1].float(), dim=-1)
            scores.append(float(odds[torch.arange(len(tokens)), torch.tensor(tokens)].sum()))
        return scores

    def encode(self, clips: Sequence[Clip], *, window_s: float) -> Any:  # noqa: ARG002 - as the protocol has it
        """Return the encoder's output for clips padded to 30 s."""
        import torch
        import whisper

        # The window is always 30 s here, whatever was asked for.
        n_mels = self._model.dims.n_mels
        with stage(Stage.FEATURES):
            mels = [whisper.log_mel_spectrogram(whisper.pad_or_trim(clip), n_mels) for clip in clips]
        with stage(Stage.ENCODER), torch.inference_mode():
            return self._model.embed_audio(torch.stack(mels))

    def detect_languages(self, encoded: Any) -> list[Mapping[str, float]]:
        """Return the probability of each language code for each clip."""
        import whisper

        with stage(Stage.LANGUAGE):
            _tokens, odds = whisper.detect_language(self._model, encoded)
        return list(odds)

    def generate(
        self, encoded: Any, rows: Sequence[int], *, language: str, prompt: str, beam_size: int
    ) -> list[Decoded]:
        """Decode some of the batch's clips in one language."""
        import whisper

        how = whisper.DecodingOptions(
            language=language,
            prompt=prompt or None,
            beam_size=beam_size if beam_size > 1 else None,
            without_timestamps=True,
            fp16=False,
        )
        # Beam search on a batch fails in whisper.decode (openai/whisper pull request 2197): clip by clip.
        size = len(rows) if how.beam_size is None else 1
        parts = [list(rows[start : start + size]) for start in range(0, len(rows), size)]
        with stage(Stage.DECODER):
            results = [r for part in parts for r in whisper.decode(self._model, encoded[part], how)]
        return [Decoded(r.text, len(r.tokens), r.avg_logprob, r.no_speech_prob) for r in results]
