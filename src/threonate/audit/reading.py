"""Any text that somebody hands in, as clean paragraphs; or why it cannot be read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from threonate.errors import TextError

LARGEST_BYTES = 4_000_000
LARGEST_CHARACTERS = 600_000
LARGEST_SHARE_OF_CONTROLS = 0.02
SHORTEST_BROKEN_LINE = 40
_SILENT = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "object", "head"})
_INLINE = frozenset({"a", "b", "i", "em", "strong", "span", "sub", "sup", "u", "small", "code", "abbr", "mark", "font"})
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "source", "wbr", "area", "base", "col", "embed"})
_HTML = re.compile(r"<\s*(?:!doctype\s+html|html|head|body|div|p|span|script|table|article|section|h[1-6]|ul)\b", re.I)
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Article:
    """A text that was handed in.

    paragraphs   in order, one line each
    notes        what was odd about the input
    """

    name: str
    paragraphs: tuple[str, ...]
    notes: tuple[str, ...]


def read_article(path: Path) -> Article:
    """The paragraphs of a file.

    Raises    TextError when the file is missing, empty, too large, or no text
    """
    try:
        if path.is_dir():
            raise TextError(f"{path} is a folder. Name a text or HTML file.")
        if path.is_file() and path.stat().st_size > LARGEST_BYTES:
            raise TextError(_too_large(path.name, path.stat().st_size))
        with path.open("rb") as opened:
            content = opened.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise TextError(f"{path} cannot be read: {error.strerror}. Name a text or HTML file.") from None
    return article_of(content, path.name)


def article_of(content: bytes | str, name: str = "text") -> Article:
    """The paragraphs of a text, plain or HTML; scripts and styles are left out.

    Raises    TextError when it is empty, too large, or no text

    >>> article_of("<p>One.</p><script>alert(1)</script><p>Two &amp; three.</p>").paragraphs
    ('One.', 'Two & three.')
    """
    text, notes = (content, []) if isinstance(content, str) else _decoded(content, name)
    if len(text) > LARGEST_CHARACTERS:
        raise TextError(_too_large(name, len(text)))
    _refuse_binary(text, name)
    if _HTML.search(text[:20_000]):
        text = _text_of_html(text)
        notes.append("HTML: scripts, styles and markup were left out.")
    paragraphs = tuple(_paragraphs(text))
    if not paragraphs:
        raise TextError(f"{name} holds no text. Give an article as plain text or HTML.")
    return Article(name, paragraphs, tuple(notes))


def _too_large(name: str, size: int) -> str:
    return (
        f"{name} is too large ({size:,} bytes or characters; at most {LARGEST_CHARACTERS:,} characters). "
        "Give one article at a time."
    )


def _decoded(content: bytes, name: str) -> tuple[str, list[str]]:
    if len(content) > LARGEST_BYTES:
        raise TextError(_too_large(name, len(content)))
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace"), []
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        note = "The encoding is not UTF-8; letters that could not be read are shown as \ufffd."
        return content.decode("utf-8", errors="replace"), [note]


def _refuse_binary(text: str, name: str) -> None:
    beginning = text[:20_000]
    if not beginning.strip():
        return
    odd = sum(
        unicodedata.category(letter) in ("Cc", "Cn", "Co", "Cs") and letter not in "\t\n\r\f\v" for letter in beginning
    )
    lost = beginning.count("\ufffd")
    if "\0" in beginning or odd > LARGEST_SHARE_OF_CONTROLS * len(beginning) or lost > 0.2 * len(beginning):
        raise TextError(f"{name} is not text (a picture, an archive or a document?). Save it as plain text or HTML.")


class _Text(HTMLParser):
    """Words of a page, with a line break at the end of every block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag not in _INLINE:
            self.parts.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID and tag not in _INLINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass
        elif tag not in _INLINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def _text_of_html(text: str) -> str:
    parser = _Text()
    parser.feed(text)
    parser.close()
    return "".join(parser.parts)


def _paragraphs(text: str) -> list[str]:
    """Lines, with those that were broken inside a sentence put together again."""
    found: list[str] = []
    open_line = False
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        words = " ".join("".join(c for c in line if c.isprintable() or c in " \t").split())
        if not words:
            open_line = False
            continue
        if open_line and words[0].islower() and len(found[-1]) >= SHORTEST_BROKEN_LINE:
            found[-1] = f"{found[-1]} {words}"
        else:
            found.append(words)
        open_line = words[-1].isalnum() or words[-1] in ",-"
    return found
