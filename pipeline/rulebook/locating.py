"""Where rulebooks lie: a path, or a name among those shipped."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.rulebook.reading import read_rulebook
from pipeline.rulebook.rules import Rulebook

PACKAGE = Path(__file__).resolve().parents[1]
# Installed, the files lie inside the package; in a source tree, beside it.
FOLDERS = (PACKAGE / "configs" / "rulebooks", PACKAGE.parent / "configs" / "rulebooks")
SUFFIXES = (".yaml", ".yml")


def shipped_rulebooks() -> tuple[str, ...]:
    """Names of the rulebooks that come with the package, sorted."""
    return tuple(sorted({p.stem for folder in FOLDERS if folder.is_dir() for p in folder.glob("*.yaml")}))


def load_rulebook(name_or_path: str | Path) -> Rulebook:
    """Load a rulebook by its name or from a file.

    Parameters
    ----------
    name_or_path : str or Path
        ``dinghao-380``, or a path that ends in ``.yaml`` or ``.yml``.

    Raises
    ------
    ConfigError
        When there is no such rulebook (the message lists those there are) or it has errors.
    """
    path = Path(name_or_path)
    if path.suffix in SUFFIXES:
        return read_rulebook(path)
    for folder in FOLDERS:
        if (found := folder / f"{name_or_path}.yaml").is_file():
            return read_rulebook(found)
    known = ", ".join(shipped_rulebooks()) or "none"
    raise ConfigError(f"no rulebook {str(name_or_path)!r}; known are {known}, or give a path to a .yaml file")
