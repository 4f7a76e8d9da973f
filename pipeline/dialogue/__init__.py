"""Small dialogues as text, turned into calls: the examples of rulebooks and of tests."""

from __future__ import annotations

from pipeline.dialogue.layout import build_call, dialogue_call
from pipeline.dialogue.parsing import Dialogue, parse_dialogue

__all__ = ["Dialogue", "build_call", "dialogue_call", "parse_dialogue"]
