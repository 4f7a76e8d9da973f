"""What to say or do instead: advice from rulebooks, for agents."""

from __future__ import annotations

from pipeline.reports.coaching.advising import Coaching, coaching

__all__ = ["Coaching", "coaching"]
