"""Any input: read as text, or refused with a clear sentence."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from threonate.audit import article_of, audit_text, build_page, read_article
from threonate.audit.reading import LARGEST_BYTES
from threonate.errors import TextError
from threonate.evidence import read_catalogue

CATALOGUE = read_catalogue()
ATTACK = """<html><head><title>x</title><script>alert('head')</script></head><body onload="alert(1)">
<p>Magnesium L-threonate raises brain magnesium. <img src=x onerror=alert(2)></p>
<p>5 &lt; 6 &amp; &lt;script&gt;alert(3)&lt;/script&gt; cures cancer.</p><style>p{}</style>
<script>alert('body')</script><svg><script>alert(4)</script></svg><a href="javascript:alert(5)">Sleep well.</a>
</body></html>"""


@pytest.mark.parametrize(
    "content", [b"", b"   \n\t ", b"<html><body><script>1</script></body></html>", b"\xef\xbb\xbf"]
)
def test_nothing_to_read(content):
    with pytest.raises(TextError, match="holds no text"):
        article_of(content, "a.txt")


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 40, bytes(range(256)) * 20, b"PK\x03\x04\0\0" * 99]
)
def test_binary_is_refused(content):
    with pytest.raises(TextError, match="is not text"):
        article_of(content, "a.pdf")


def test_large_file_is_refused_without_reading_it_whole(tmp_path):
    path = tmp_path / "large.txt"
    with path.open("wb") as opened:
        opened.truncate(50_000_000)

    with pytest.raises(TextError, match=r"large\.txt is too large"):
        read_article(path)


def test_long_input_from_elsewhere_is_refused():
    with pytest.raises(TextError, match="too large"):
        article_of(b"word " * (LARGEST_BYTES // 4), "text")


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(TextError, match="cannot be read"):
        read_article(tmp_path / "none.txt")
    with pytest.raises(TextError, match="is a folder"):
        read_article(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding):
    assert article_of("Magnésium, 镁.".encode(encoding)).paragraphs == ("Magnésium, 镁.",)


def test_broken_encoding_is_kept_and_said():
    article = article_of("Le magnésium est bon pour les nerfs.".encode("latin-1"))

    assert "magn\ufffdsium" in article.paragraphs[0]
    assert "not UTF-8" in article.notes[0]


def test_lines_broken_inside_a_sentence_are_joined():
    text = "Magnesium L-threonate raises magnesium in the brain of\nrats that were given it.\n\nNext one."

    assert article_of(text).paragraphs == (
        "Magnesium L-threonate raises magnesium in the brain of rats that were given it.",
        "Next one.",
    )


def test_scripts_of_the_input_never_reach_the_page():
    audit = audit_text(ATTACK, CATALOGUE)
    page = build_page(audit, CATALOGUE)

    assert "alert('head')" not in page
    assert "alert('body')" not in page
    assert "alert(4)" not in page
    assert "onerror" not in page
    assert "javascript:" not in page
    assert page.count("<script") == 0
    assert "&lt;script&gt;alert(3)&lt;/script&gt;" in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page


class Parts(HTMLParser):
    """Tags and attributes of a page, as a browser would find them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


@pytest.mark.parametrize(
    "text",
    [
        ATTACK,
        "Plain. <img src=x onerror=alert(1)> raises brain magnesium.",
        "\"><script>alert(1)</script> <svg/onload=alert(2)> </summary></details><iframe srcdoc='<script>1</script>'>x",
        "{{ 7*7 }} {% include 'x' %} magnesium L-threonate raises brain magnesium.",
        "<style>body{background:url(//x.example)}</style><math><mtext></style><script>1</script></mtext></math> Words.",
        "Magnesium &#60;script&#62;alert(1)&#60;/script&#62; <p onclick=alert(2)>raises brain magnesium</p>.",
    ],
)
def test_nothing_of_the_input_is_markup_on_the_page(text):
    parts = Parts()
    parts.feed(build_page(audit_text(text, CATALOGUE), CATALOGUE))

    assert not parts.tags & {"script", "iframe", "object", "embed", "img", "svg", "form", "link", "base", "math"}
    assert not [name for name, _ in parts.attributes if name.startswith("on") or name in ("src", "srcdoc", "style")]
    assert all(value.startswith("#") for name, value in parts.attributes if name == "href")


def test_page_asks_for_nothing_from_elsewhere():
    page = build_page(audit_text("Magnesium L-threonate raises brain magnesium.", CATALOGUE), CATALOGUE)

    assert "src=" not in page.replace("default-src", "").replace("style-src", "")
    assert 'href="http' not in page
    assert "@import" not in page


def test_name_of_the_file_is_escaped():
    audit = audit_text("Magnesium L-threonate raises brain magnesium.", CATALOGUE)
    article = article_of("x <b>.", "<script>1</script>.txt")

    page = build_page(type(audit)(article, audit.findings, audit.verdicts, audit.library), CATALOGUE)
    assert "<script>1" not in page
