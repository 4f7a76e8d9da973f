"""Compiled functions are kept for the next run, and not beyond a change of any of the files."""

import subprocess
import sys
from pathlib import Path

from pipeline.wording import compiling


def test_what_is_kept_has_a_name_that_changes_with_every_file(tmp_path: Path, monkeypatch) -> None:
    before = compiling._folder(str(tmp_path))
    assert before.parent == tmp_path
    copies = tmp_path / "wording"
    copies.mkdir()
    for path in Path(compiling.__file__).parent.glob("*.py"):
        (copies / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(compiling, "__file__", str(copies / "compiling.py"))
    compiling._folder.cache_clear()
    try:
        assert compiling._folder(str(tmp_path)) == before
        compiling._folder.cache_clear()
        (copies / "gains.py").write_text("# another way to gain")
        assert compiling._folder(str(tmp_path)) != before
    finally:
        compiling._folder.cache_clear()


def test_functions_are_kept_in_the_cache_and_nowhere_beside_the_sources(tmp_path: Path) -> None:
    code = (
        "from pipeline.wording.compiling import compiled\n"
        "from pipeline.wording import gains\n"
        "print(gains.__file__)\n"
        "import numba\n"
        "import numpy as np\n"
        "f = [v for v in vars(gains).values() if hasattr(v, 'stats') and v.stats.cache_path][0]\n"
        "print(f.stats.cache_path)\n"
        "print(numba.config.CACHE_DIR)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"CALLAUDIT_CACHE": str(tmp_path), "PATH": "", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    _, kept, restored = done.stdout.split("\n")[:3]
    assert Path(kept).is_relative_to(tmp_path / "compiled")
    assert restored == ""
