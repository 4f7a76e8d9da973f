"""What stands for ids in paths.

Ids come from outside. In a path they become letters, digits, dots and hyphens with a short hash, so that two
ids never share a file, whatever they are made of and on whatever file system.
"""

from __future__ import annotations

import re

from pipeline.store.files import hashed

HASH_CHARS = 10

_NOT_PLAIN = re.compile(r"[^a-z0-9.]+")
_SHOWN_CHARS = 40


def slug(identifier: str) -> str:
    """Return what stands for an id in a path: ``dev-005-9c1f3a7b20``."""
    shown = _NOT_PLAIN.sub("-", identifier.lower())[:_SHOWN_CHARS].strip("-.")
    return f"{shown}-{slug_hash(identifier)}" if shown else slug_hash(identifier)


def slug_hash(identifier: str) -> str:
    """Return the end of an id's slug; a call's part files in a store begin with the same digits."""
    return hashed(identifier)[:HASH_CHARS]
