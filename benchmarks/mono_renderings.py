"""Write mono renderings of a corpus: every call as one channel, with its truth and manifest.

    python benchmarks/mono_renderings.py CORPUS OUT [CALL_ID ...]

``CORPUS`` holds ``calls.csv``, ``ID.wav`` and ``ID.json``. Stereo channels are summed, as a recorder that
stores both parties on one channel does; a mono call stored twice loses its copy. What a recording with one
channel cannot tell (which channel is the agent's) is taken out of the manifest. The renderings are then
measured with ``make evaluate CALLS=OUT/calls.csv TRUTH=OUT``.
"""

from __future__ import annotations

import csv
import json
import sys
import wave
from pathlib import Path

import numpy as np


def render(source: Path, target: Path, call_ids: list[str]) -> int:
    """Write the renderings and return their number."""
    target.mkdir(parents=True, exist_ok=True)
    with (source / "calls.csv").open(encoding="utf-8") as manifest:
        rows = [row for row in csv.DictReader(manifest) if not call_ids or row["call_id"] in call_ids]
    for row in rows:
        _write_mono(source / row["path"], target / f"{row['call_id']}.wav")
        truth = json.loads((source / f"{row['call_id']}.json").read_text(encoding="utf-8"))
        truth |= {"channels": "mono", "form": "mono", "leak_db": None}
        (target / f"{row['call_id']}.json").write_text(
            json.dumps(truth, ensure_ascii=False), encoding="utf-8"
        )
        row |= {"path": f"{row['call_id']}.wav", "agent_channel": ""}
    with (target / "calls.csv").open("w", encoding="utf-8", newline="") as manifest:
        writer = csv.DictWriter(manifest, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def _write_mono(source: Path, target: Path) -> None:
    """Sum of the channels of a recording, decoded as the product decodes it, as 16-bit samples."""
    from pipeline.audio import RATE_HZ, load_recording
    from pipeline.call import CallRecord

    channels = load_recording(CallRecord(source.stem, source), max_duration_s=86400.0).channels
    same = len(channels) == 2 and np.corrcoef(channels[0], channels[1])[0, 1] > 0.98
    mono = channels[0] if same else np.sum(channels, axis=0)
    with wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes((np.clip(mono, -1.0, 1.0) * 32767).astype("<i2").tobytes())


if __name__ == "__main__":
    print(render(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]), "renderings")
