"""pydub, imported when samples are held as a segment."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydub import AudioSegment


def audio_segment() -> type[AudioSegment]:
    """Import pydub without its warning about a missing ffmpeg binary, which is not needed here."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Couldn't find ffmpeg", category=RuntimeWarning)
        warnings.filterwarnings("ignore", message="'audioop' is deprecated", category=DeprecationWarning)
        from pydub import AudioSegment
    segment_type: type[AudioSegment] = AudioSegment
    return segment_type
