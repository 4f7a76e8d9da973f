"""What reports call things, and what they mean, in the reader's language."""

from __future__ import annotations

from pipeline.reports.glossary.quantities import amount, unit_in
from pipeline.reports.glossary.terms import KINDS, Term, find, name_in, terms

__all__ = ["KINDS", "Term", "amount", "find", "name_in", "terms", "unit_in"]
