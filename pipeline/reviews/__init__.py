"""Review and appeal: what people say of findings, and what holds after it.

Marks are kept in a ledger that is only ever added to (`Ledger`); findings and scores as the audit made them
never change. What holds after review stands beside them (`after_review`). A mark holds for what the reviewer
saw; once a finding has become another one, the mark is kept and reported as stale, and not applied.
"""

from pipeline.reviews.effects import Reviewed, after_review, reviewed_scores
from pipeline.reviews.ledger import Ledger, Standing, key_of, stored_marks
from pipeline.reviews.marks import AGREE, COLUMNS, OVERTURN, Key, Review, finding_hash

__all__ = [
    "AGREE",
    "COLUMNS",
    "OVERTURN",
    "Key",
    "Ledger",
    "Review",
    "Reviewed",
    "Standing",
    "after_review",
    "finding_hash",
    "key_of",
    "reviewed_scores",
    "stored_marks",
]
