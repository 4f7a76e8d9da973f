"""Where rulebooks lie: a path, or a name among those shipped."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import ConfigError

PACKAGE = Path(__file__).resolve().parents[1]
# Installed, the files lie inside the package; in a source tree, beside it.
FOLDERS = (PACKAGE / "configs" / "rulebooks", PACKAGE.parent / "configs" / "rulebooks")
SUFFIXES = (".yaml", ".yml")
MAX_PATH_CHARS = 1000


def shipped_rulebooks() -> tuple[str, ...]:
    """Names of the rulebooks that come with the package, sorted."""
    return tuple(sorted({p.stem for folder in FOLDERS if folder.is_dir() for p in folder.glob("*.yaml")}))


def locate(name_or_path: str | Path, *, beside: Path | None = None) -> Path:
    """Return the file of a rulebook.

    Parameters
    ----------
    name_or_path : str or Path
        ``dinghao-380``, or a path that ends in ``.yaml`` or ``.yml``.
    beside : Path, optional
        The folder from which relative paths lead; the current one unless given.

    Raises
    ------
    ConfigError
        When no shipped rulebook has that name, the message listing those there are; or no file can have it.
    """
    path = Path(name_or_path)
    if "\0" in str(path) or len(str(path)) > MAX_PATH_CHARS:
        raise ConfigError(f"no rulebook {str(path)[:60]!r}…; no file has such a name")
    if path.suffix in SUFFIXES:
        return path if beside is None else beside / path
    # A name leads nowhere else: one that came from a file name may hold what it likes.
    if str(name_or_path) in shipped_rulebooks():
        return next(p for folder in FOLDERS if (p := folder / f"{name_or_path}.yaml").is_file())
    known = ", ".join(shipped_rulebooks()) or "none"
    raise ConfigError(f"no rulebook {str(name_or_path)!r}; known are {known}, or give a path to a .yaml file")
