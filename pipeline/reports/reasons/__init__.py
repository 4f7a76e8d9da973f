"""Reasons of findings, measures and scores in the reader's language."""

from __future__ import annotations

from pipeline.reports.reasons.translating import reason_in

__all__ = ["reason_in"]
