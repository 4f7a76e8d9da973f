"""callaudit: hear recorded calls once, judge them often.

The public names for notebooks live here; each is imported when first used, so that
``import pipeline`` and the command line stay light.
"""

from __future__ import annotations

__version__ = "0.1.0"
