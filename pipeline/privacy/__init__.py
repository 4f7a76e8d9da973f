"""Personal data in what is said: found once, taken out of stored texts, stood in for when judging."""

from pipeline.privacy.entities import Entity, EntityKind, entities_of, placeholder
from pipeline.privacy.muting import muted_spans
from pipeline.privacy.redaction import redact, redact_record
from pipeline.privacy.stand_ins import hide, with_stand_ins

__all__ = [
    "Entity",
    "EntityKind",
    "entities_of",
    "hide",
    "muted_spans",
    "placeholder",
    "redact",
    "redact_record",
    "with_stand_ins",
]
