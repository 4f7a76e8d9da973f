"""A transcriber that says what it is told to: for tests of the stages after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from pipeline.transcribers.base import CallClips, Clip, Heard, check_clips

Answer = str | Heard


class CannedTranscriber:
    """Answers clips with given texts.

    Parameters
    ----------
    texts : iterable of str or Heard, or callable
        The answers in the order in which clips come, over all calls of `transcribe`; or a function from the
        clip's number (from 0) and the clip to its answer.
    confidence : float
        Of answers given as plain texts, 0..1.
    language : str
        Of answers given as plain texts.
    scores : mapping of str to float
        Log-probability of texts under forced decoding [nats].
    """

    name = "canned"

    def __init__(
        self,
        texts: Iterable[Answer] | Callable[[int, Clip], Answer],
        *,
        confidence: float = 1.0,
        language: str = "zh",
        key: str = "canned",
        scores: Mapping[str, float] | None = None,
    ) -> None:
        self._scores = dict(scores or {})
        self.key = key
        self._answer = texts if callable(texts) else _in_order(list(texts))
        self._confidence, self._language = confidence, language
        self._answered = 0

    def transcribe(self, calls: Sequence[CallClips]) -> list[list[Heard]]:
        """Return the next answers, one for each clip.

        Raises
        ------
        ValueError
            For a clip that no transcriber takes, or one for which no answer is left.
        """
        for call in calls:
            check_clips(call.clips)
        return [[self._next(clip) for clip in call.clips] for call in calls]

    def score(self, clip: Clip, texts: Sequence[str]) -> list[float]:
        """Return the given scores: of every text `scores` does not name, -10 nats a character."""
        check_clips([clip])
        return [self._scores.get(text, -10.0 * len(text)) for text in texts]

    def _next(self, clip: Clip) -> Heard:
        answer = self._answer(self._answered, clip)
        self._answered += 1
        return answer if isinstance(answer, Heard) else self._as_heard(answer)

    def _as_heard(self, text: str) -> Heard:
        return Heard(text, self._confidence if text else 0.0, self._language)


def _in_order(answers: Sequence[Answer]) -> Callable[[int, Clip], Answer]:
    def answer(number: int, _clip: Clip) -> Answer:
        if number >= len(answers):
            raise ValueError(f"clip {number} came, but only {len(answers)} answers were given")
        return answers[number]

    return answer
