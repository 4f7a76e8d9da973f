"""On which of several workers tests run: those of a file together, and the files that take longest first.

The long ones first, both workers end together; by the number of tests, as xdist has it, they would come last:
a night on a cluster is one test of fifteen.
"""

from __future__ import annotations

from typing import Any

BROWSER = "tests/browser/"
"""These share a report that takes a quarter of a minute to write: they stay together."""

LONGEST = (
    BROWSER,
    "tests/executors/test_cluster.py",
    "tests/test_notebooks.py",
    "tests/executors/test_groups.py",
    "tests/executors/test_local.py",
    "tests/transcribers/test_real_engines.py",
    "tests/end_to_end/",
    "tests/faults/",
    "tests/cli/",
    "tests/executors/",
    "tests/speakers/test_voice_network.py",
    "tests/store/test_objects.py",
    "tests/reports/",
)
"""Files and folders whose tests take longest, in that order. A file that is not here runs after them."""


def turn(nodeid: str) -> int:
    """When a test has its turn: the place of its file or folder among the longest."""
    return next((place for place, path in enumerate(LONGEST) if nodeid.startswith(path)), len(LONGEST))


def schedule(config: Any, log: Any) -> Any:
    """Return what gives tests to the workers of xdist, in the order in which they were collected."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return BROWSER if nodeid.startswith(BROWSER) else super()._split_scope(nodeid)

    config.option.loadscopereorder = False
    return Scheduling(config, log)
