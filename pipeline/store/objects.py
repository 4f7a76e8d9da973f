"""Writing parts and holding the lock on S3-compatible storage.

An object becomes visible whole, at the moment its upload ends, so that nothing is renamed. The lock is an
object too: made only where there is none, replaced only by its holder, and renewed all the time. One that
was not renewed for long is a stopped writer's. Both need a server that carries out conditional writes.
"""

from __future__ import annotations

import json
import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from pipeline.errors import LockedError, StoreError, WriteError
from pipeline.places import call, reaching

RENEWED_S = 30.0
"""So often the holder of a lock says that it is there."""

STALE_S = 300.0
"""A lock that was not renewed for so long is nobody's any more."""


def upload(file: Path, to: Path) -> None:
    """Make an object of a file; it replaces an older one in one moment.

    Raises
    ------
    OSError
        When the storage refuses.
    """
    storage: Any = to
    with reaching():
        storage.fs.put_file(str(file), storage.path)


def scratch_file() -> Path:
    """Return a new empty file of this machine, readable by the owner only, for what is uploaded later."""
    descriptor, name = tempfile.mkstemp(prefix="callaudit-")
    os.close(descriptor)
    return Path(name)


def process_space() -> str:
    """Return what tells the processes of this machine, or container, from others; empty if nobody knows."""
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


@dataclass(frozen=True, slots=True)
class Holder:
    """What the lock's object says: who holds it, since when (ISO 8601), and in which space of process ids."""

    process: str
    host: str
    since: str
    space: str = ""

    @property
    def dead(self) -> bool:
        """Whether it was a process of this machine that is gone.

        Containers may share a machine's name and not its processes.
        """
        here = (socket.gethostname(), process_space())
        return bool(self.space) and (self.host, self.space) == here and not _runs(self.process)


def _runs(process: str) -> bool:
    return Path(f"/proc/{process}").exists()


@dataclass(frozen=True, slots=True)
class _Seen:
    """A lock as it was found; ``tag`` tells this state of it from any other."""

    holder: Holder
    tag: str
    age_s: float

    @property
    def stale(self) -> bool:
        return self.holder.dead or self.age_s > STALE_S


class ObjectLock:
    """The lock of a store on S3.

    Parameters
    ----------
    path : Path
        Its object.
    """

    def __init__(self, path: Path) -> None:
        self._path: Any = path
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        self._holder = Holder(str(os.getpid()), socket.gethostname(), now, process_space())
        self._tag = ""
        self._lost = False
        self._renewed_s = time.monotonic()

    @contextmanager
    def held(self) -> Iterator[Holder | None]:
        """Hold the lock, and renew it until the end.

        Yields
        ------
        Holder or None
            Who was stopped while holding it.

        Raises
        ------
        LockedError
            When another writer holds it.
        StoreError
            When the storage has no conditional writes.
        WriteError
            When it cannot be written; at the end, when it was lost on the way.
        """
        stopped = self._acquire()
        ended = threading.Event()
        renewing = threading.Thread(target=self._renew, args=(ended,), daemon=True)
        renewing.start()
        try:
            yield stopped
        finally:
            ended.set()
            renewing.join()
            self._release()
        self.check()

    def _release(self) -> None:
        """Remove the lock, unless it is another's: it may have been taken since it was renewed."""
        if self._is_lost():
            return
        with suppress(
            Exception
        ):  # whatever a network does: a lock that stays counts for nothing after a while
            seen = self.seen()
            if seen is not None and seen.tag == self._tag:
                self._path.unlink(missing_ok=True)
            elif seen is not None:
                self._lost = True

    def check(self) -> None:
        """Make sure that the lock is still held.

        Raises
        ------
        WriteError
            When another writer has taken it, as this one was not heard of for too long.
        """
        if self._is_lost():
            raise WriteError(
                f"{self._path}: the lock is, or may be, another writer's now, as this one could not renew it "
                f"for nearly {STALE_S / 60:g} minutes; what was stored is whole: run again when the other "
                "has ended"
            )

    def seen(self) -> _Seen | None:
        """Return the lock as it is there; None when nobody holds it."""
        try:
            answer = self._call("get_object")
            body = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(
                f"{self._path}: the storage cannot be asked: {error}; expected AWS_ENDPOINT_URL, credentials "
                "and the bucket's name to be right, and the storage to be reachable"
            ) from error
        try:
            holder = Holder(**json.loads(body))
        except (ValueError, TypeError):
            holder = Holder("unknown", "unknown", "unknown")
        # Both times are the storage's own: this machine's clock may differ.
        now = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
        return _Seen(holder, answer["ETag"], (now - answer["LastModified"]).total_seconds())

    def _acquire(self) -> Holder | None:
        seen = self.seen()
        if seen is not None and not seen.stale:
            raise self._held_by(seen.holder)
        if not (self._write(IfNoneMatch="*") if seen is None else self._write(IfMatch=seen.tag)):
            raise self._held_by(None)
        # Storage that knows no conditions lets everybody write.
        if self._write(keep=False, IfNoneMatch="*"):
            raise StoreError(
                f"{self._path}: this storage does not carry out conditional writes, so that two writers "
                "could not be kept apart; expected a server that knows If-None-Match and If-Match"
            )
        return None if seen is None else seen.holder

    def _held_by(self, holder: Holder | None) -> LockedError:
        who = (
            f"process {holder.process} on {holder.host}, since {holder.since}"
            if holder
            else "another process"
        )
        return LockedError(
            f"{self._path} is locked: {who}, is writing to these tables. Wait until it has ended, or write "
            "to another place; reading is possible meanwhile. The lock of a writer that was stopped counts "
            f"for nothing after {STALE_S / 60:g} minutes"
        )

    def _is_lost(self) -> bool:
        # Also while a renewal hangs: nobody knows whether another writer has taken the lock by then.
        return self._lost or time.monotonic() - self._renewed_s > STALE_S - RENEWED_S

    def _renew(self, ended: threading.Event) -> None:
        while not ended.wait(RENEWED_S) and not self._is_lost():
            asked_s = time.monotonic()
            try:
                if self._write(IfMatch=self._tag) or self._is_ours():
                    self._renewed_s = asked_s
                else:
                    self._lost = True
            except Exception:  # whatever a network does; the next try may get through
                continue

    def _is_ours(self) -> bool:
        """Whether a renewal got through though no answer came: the next try of it is refused."""
        seen = self.seen()
        if seen is None or seen.holder != self._holder:
            return False
        self._tag = seen.tag
        return True

    def _write(self, *, keep: bool = True, **condition: str) -> bool:
        """Write the lock's object where the condition holds; return whether it did."""
        from botocore.exceptions import ClientError

        asked_s = time.monotonic()
        try:
            answer = self._call("put_object", Body=json.dumps(asdict(self._holder)).encode(), **condition)
        except OSError as error:
            cause = error.__cause__
            code = cause.response["Error"]["Code"] if isinstance(cause, ClientError) else ""
            if code in ("PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey", "412", "409"):
                return False
            raise WriteError(f"{self._path}: cannot be written: {error}") from error
        if keep:
            self._tag, self._renewed_s = answer["ETag"], asked_s
        return True

    def _call(self, method: str, **arguments: Any) -> Any:
        return call(self._path, method, **arguments)
