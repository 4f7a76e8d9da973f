"""``python -m pipeline.docs FOLDER`` writes the reference pages there."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.docs import write_pages

parser = argparse.ArgumentParser(prog="python -m pipeline.docs", description="Write the reference pages.")
parser.add_argument("folder", type=Path, help="where to write them, such as docs")
write_pages(parser.parse_args().folder)
