"""Pages as tests look at them: what is in them, where their links lead, whether they are well formed."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

_VOID = {"meta", "link", "br", "img", "input", "hr", "source", "wbr"}


class Page(HTMLParser):
    """A page that was written.

    Attributes
    ----------
    text : str
        What is read, scripts and styles left out.
    links : list of (href, text)
    ids : Counter of str
    tags : list of (name, attributes)
    misnested : list of str
        Tags that were closed out of order, or not at all.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.path = path
        self.source = path.read_text(encoding="utf-8")
        self.links: list[tuple[str, str]] = []
        self.ids: Counter[str] = Counter()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.misnested: list[str] = []
        self._open: list[str] = []
        self._texts: list[str] = []
        self.feed(self.source)
        self.close()
        self.misnested += self._open
        self.text = " ".join(" ".join(self._texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if given.get("id"):
            self.ids[given["id"] or ""] += 1
        if tag == "a":
            self.links.append((given.get("href") or "", ""))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()
        else:
            self.misnested.append(tag)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("script", "style"):
            return
        self._texts.append(data)
        if "a" in self._open:
            href, text = self.links[-1]
            self.links[-1] = (href, text + data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of every element of that name."""
        return [given for name, given in self.tags if name == tag]


def pages_of(folder: Path) -> dict[str, Page]:
    """Every page of a report, by its path in it."""
    return {path.relative_to(folder).as_posix(): Page(path) for path in sorted(folder.rglob("*.html"))}


def broken_links(folder: Path, pages: dict[str, Page], *, unwritten: tuple[str, ...] = ()) -> list[str]:
    """Links of a report that lead nowhere, out of it, or to a place that is not on the page."""
    broken = []
    for name, page in pages.items():
        targets = [href for href, _ in page.links]
        targets += [given["href"] or "" for given in page.all("link")]
        targets += [given["src"] or "" for given in page.all("script") if given.get("src")]
        for target in targets:
            path, _, anchor = target.partition("#")
            place = (folder / name).parent / unquote(path) if path else folder / name
            inside = place.resolve().relative_to(folder.resolve()).as_posix()
            if inside.startswith(unwritten) and unwritten:
                continue
            if not place.is_file() or (anchor and anchor not in pages[inside].ids):
                broken.append(f"{name}: {target}")
    return broken
