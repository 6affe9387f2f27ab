"""Paragraphs as sentences, each with its language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

ENGLISH, CHINESE, UNKNOWN = "en", "zh", ""
SURE = 0.95
LONG_ENOUGH = 40
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_ITEM = re.compile(r"^(?:\d{1,3}[.)]|[-*\u2022]|[QA]:)$")
_COMMON_WORDS = "the of and is in to a that it with for are as by may can has"
_COMMON = frozenset(_COMMON_WORDS.split())


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as it stands in the text.

    language    two letters, or empty where it is not known
    """

    text: str
    paragraph: int
    language: str


def sentences_of(paragraphs: tuple[str, ...]) -> tuple[Sentence, ...]:
    """The sentences of a text, in order.

    >>> [s.text for s in sentences_of(("Dr. Low found 1.5 g a day. It helped.", "1. A list"))]
    ['Dr. Low found 1.5 g a day.', 'It helped.', '1. A list']
    """
    found = []
    for number, paragraph in enumerate(paragraphs):
        found += [Sentence(text, number, language_of(text)) for text in _split(paragraph)]
    return tuple(found)


def _split(paragraph: str) -> Iterator[str]:
    import sentencex

    waiting = ""
    for piece in sentencex.segment("en", paragraph):
        text = f"{waiting} {piece.strip()}".strip()
        if _ITEM.match(text):
            waiting = text
            continue
        waiting = ""
        if text:
            yield text
    if waiting:
        yield waiting


def language_of(text: str) -> str:
    """Two letters of the language; English words or Chinese letters decide, else a detector if it is sure.

    >>> language_of("Magnesium is good for the nerves.")
    'en'
    >>> language_of("Das Mineral ist gut f\u00fcr die Nerven und den Schlaf.")
    'de'
    """
    chinese = len(_CHINESE.findall(text))
    words = [word.casefold() for word in _LATIN_WORD.findall(text)]
    if chinese and chinese >= len(words):
        return CHINESE
    letters = sum(letter.isalpha() for letter in text)
    if len(words) >= 3 and sum(word in _COMMON for word in words) >= max(1, len(words) // 8):
        return ENGLISH
    if letters < LONG_ENOUGH:
        return ENGLISH if text.isascii() else UNKNOWN
    language, sure = _detector().classify(text)
    if sure < SURE:
        return ENGLISH if text.isascii() else UNKNOWN
    return str(language)


@lru_cache(maxsize=1)
def _detector():  # type: ignore[no-untyped-def]
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
