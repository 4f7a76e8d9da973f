"""A recording's identity: the hash of its bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline.call import CallRecord
from pipeline.errors import IntakeError
from pipeline.plain_files import open_file


def _digest(path: Path) -> bytes:
    try:
        with open_file(path) as file:
            return hashlib.file_digest(file, "sha256").digest()
    except (OSError, ValueError) as error:
        raise IntakeError(f"{path}: cannot be read: {error}") from error


def content_hash(record: CallRecord) -> str:
    """Hash the bytes of a call's recording.

    Parameters
    ----------
    record : CallRecord
        Only its paths matter: the same bytes under another name or call id have the same hash.

    Returns
    -------
    str
        64 hexadecimal digits. For one file, the SHA-256 of its bytes, as ``sha256sum`` prints it. For two
        legs, the SHA-256 of the agent leg's digest followed by the customer leg's, so that swapped legs
        differ and no byte can move from one leg to the other unnoticed.

    Raises
    ------
    IntakeError
        When a file cannot be read; the message names it.
    """
    agent = _digest(record.path)
    if record.customer_path is None:
        return agent.hex()
    return hashlib.sha256(agent + _digest(record.customer_path)).hexdigest()
