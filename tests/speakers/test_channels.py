"""Which channels carry a party of their own."""

import numpy as np

from pipeline.speakers.channels import distinct_channels


def test_a_mono_call_stored_twice_is_listened_to_once():
    signal = np.random.default_rng(0).normal(0, 0.1, 16000).astype(np.float32)
    other = np.random.default_rng(1).normal(0, 0.1, 16000).astype(np.float32)
    assert len(distinct_channels((signal, 0.5 * signal))) == 1
    assert len(distinct_channels((signal, other))) == 2


def test_a_channel_without_a_line_is_not_a_party():
    signal = np.random.default_rng(0).normal(0, 0.1, 16000).astype(np.float32)
    line_noise = np.random.default_rng(1).normal(0, 0.001, 16000).astype(np.float32)
    assert len(distinct_channels((signal, np.zeros_like(signal)))) == 1
    assert len(distinct_channels((signal, line_noise))) == 2
