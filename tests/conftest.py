from __future__ import annotations

import sys
from pathlib import Path

# Tests in any folder import the builders beside this file.
sys.path.insert(0, str(Path(__file__).parent))
