from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.errors import ConfigError
from pipeline.transcribers import TranscriberOptions, load_transcriber
from pipeline.transcribers.base import describe_key

DEFAULT = TranscriberOptions()


@pytest.mark.parametrize(
    "other",
    [
        replace(DEFAULT, language="zh"),
        replace(DEFAULT, prompt=""),
        replace(DEFAULT, beam_size=5),
        replace(DEFAULT, batch_size=8),
        replace(DEFAULT, compute_type="float32"),
        replace(DEFAULT, device="cuda"),
    ],
)
def test_an_option_that_can_change_a_text_changes_the_key(other: TranscriberOptions) -> None:
    assert describe_key("e", "f00", other) != describe_key("e", "f00", DEFAULT)


def test_engine_and_weights_are_in_the_key_and_threads_are_not() -> None:
    key = describe_key("e", "f00", DEFAULT)
    assert describe_key("other", "f00", DEFAULT) != key
    assert describe_key("e", "f01", DEFAULT) != key
    assert describe_key("e", "f00", replace(DEFAULT, threads=7)) == key


@pytest.mark.parametrize("wrong", [{"batch_size": 0}, {"beam_size": 0}, {"threads": -1}, {"device": "tpu"}])
def test_an_option_out_of_range_is_refused_by_name(wrong: dict[str, int]) -> None:
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        TranscriberOptions(**wrong)  # type: ignore[arg-type]


def test_an_unknown_engine_is_refused_with_the_engines_there_are() -> None:
    with pytest.raises(ConfigError, match=r"'kaldi'.*faster-whisper, openai-whisper"):
        load_transcriber("kaldi")
