"""Where calls are heard: in this process, or in several local ones."""

from pipeline.executors.local import Setup, hear_all

__all__ = ["Setup", "hear_all"]
