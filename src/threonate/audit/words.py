"""What a sentence speaks of: concepts, where they stand, and what is denied or hedged."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz

from threonate.evidence.claim_records import Concept

Span = tuple[int, int]
GAP = r"(?: \S+){0,6}? "
FUZZY = ("threonate", "magnesium", "alzheimer", "androgenic", "dihydrotestosterone", "hypomagnesemia")
NEAR = 88.0
LONG_ENOUGH_FOR_PLURAL = 4
_DASHES = re.compile(r"[-\u2010-\u2015\u2212/_]")
_APOSTROPHES = re.compile(r"[\u2018\u2019'`]s?\b|[\u2018\u2019'`]")
_NUMBER_COMMA = re.compile(r"(?<=\d),(?=\d{3})")
_BREAKS = re.compile(r"([,;:\uff0c\uff1b\u3002.!?()])(?=\s|$)")
_DENIALS = re.compile(
    r"\b(?:not|no|never|cannot|cant|wont|dont|doesnt|didnt|isnt|arent|wasnt|werent|without|neither|nor|none|"
    r"nobody|nothing|unlikely|fails? to|failed to|lacks?|myth|false|untrue|debunked|disproved|disproven|"
    r"rather than|contrary to)\b"
)
_NOT_DENIALS = re.compile(
    r"\bnot only\b|\bnot just\b|\bnot all\b|\bno doubt\b|\bwithout doubt\b"
    r"|\b(?:kidneys?|kidney function) (?:do|does|is|are|that do|that does|which do) not (?:work|function)\b"
    r"|\b(?:should|must|do) not (?:take|use) (?:it|this|them|magnesium|supplements)\b(?= (?:\S+ ){0,2}?"
    r"(?:without (?:medical|asking|consult|advice|supervis|a doctor)|unsupervised|unless|on (?:your|their) own))"
)
_LACKING = re.compile(
    r"\bwithout (?:enough|sufficient|adequate) magnesium\b[^.;]{0,60}?\b(?:cannot|cant|can not|do not|dont|unable)\b"
    r"|\b(?:cannot|cant|can not|impossible)\b[^.;]{0,60}?\bwithout (?:enough |sufficient |adequate )?magnesium\b"
)
"""Two denials that say one thing: without it something does not work."""
_CLAUSE_END = re.compile(r" [,;:.!?()] | but | however | although | though | while | whereas ")
_HEDGES = re.compile(
    r"\b(?:may|might|could|potential\w*|possibly|perhaps|suggest\w*|appear\w*|seem\w*|believed|thought to|likely)\b"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence read for concepts.

    plain      normal form: lower case, dashes as blanks, punctuation apart
    spans      where each concept that is present stands in `plain`
    pieces     the same without what stands between the words of a concept
    denied     stretches of `plain` under a denial
    hedged     whether it says may, could or the like
    """

    raw: str
    plain: str
    spans: Mapping[str, tuple[Span, ...]]
    denied: tuple[Span, ...]
    hedged: bool
    pieces: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)

    def has(self, concept: str) -> bool:
        return concept in self.spans

    def names(self, concept: str) -> bool:
        """Whether its own words hold a concept, and not only what the text is about."""
        return any(span != (0, 0) for span in self.spans.get(concept, ()))

    def is_denied(self, concept: str) -> bool:
        """Whether every mention of a concept stands under a denial that is no part of the mention itself."""
        spans = self.spans.get(concept, ())
        return bool(spans) and all(any(a < start < b for a, b in self.denied) for start, _ in spans)


class Vocabulary:
    """Concepts made ready for searching."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        self._plain = {name: _pattern(concept.words) for name, concept in concepts.items()}
        self._raw = {
            name: re.compile("|".join(word for word in concept.words if word.startswith("^")))
            for name, concept in concepts.items()
            if any(word.startswith("^") for word in concept.words)
        }

    def read(self, sentence: str, more: Iterable[str] = ()) -> Said:
        """A sentence as concepts.

        more    concepts that hold for reasons outside the words
        """
        plain = normal_form(sentence)
        spans: dict[str, tuple[Span, ...]] = {}
        pieces: dict[str, tuple[Span, ...]] = {}
        for name, pattern in self._plain.items():
            found = list(pattern.finditer(plain)) if pattern is not None else []
            if found:
                spans[name] = tuple(match.span() for match in found)
                pieces[name] = tuple(span for match in found for span in match.regs[1:] if span != (-1, -1))
        for name, pattern in self._raw.items():
            if pattern.search(sentence.casefold()):
                spans[name] = ((0, len(plain)),)
        spans.update((name, ((0, 0),)) for name in more)
        return Said(sentence, plain, spans, _denied(plain), bool(_HEDGES.search(plain)), pieces)


def normal_form(text: str) -> str:
    """Lower case, dashes as blanks, apostrophes gone, punctuation as words of its own.

    >>> normal_form("Magnesium L-Threonate\u2019s 1,500 mg, daily.")
    ' magnesium l threonate 1500 mg , daily . '
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = _APOSTROPHES.sub("", _NUMBER_COMMA.sub("", plain))
    plain = _BREAKS.sub(r" \1 ", _DASHES.sub(" ", plain))
    plain = plain.replace("%", " % ")
    plain = re.sub(r"[\[\]\"\u201c\u201d\u00ab\u00bb*#|()]", " ", plain)
    return f" {' '.join(_mended(word) for word in plain.split())} "


@lru_cache(maxsize=4096)
def _mended(word: str) -> str:
    """A misspelt long word as it is spelt in the ledger."""
    if len(word) < 8 or not word.isascii():
        return word
    for known in FUZZY:
        if word != known and not word.startswith("hyp") and fuzz.ratio(word, known) >= NEAR and word[0] == known[0]:
            return known if not word.endswith("s") else f"{known}s"
    return word


@lru_cache(maxsize=1024)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    longest_first = sorted(words, key=len, reverse=True)
    parts = [_part(word) for word in longest_first if not word.startswith(("^", "@"))]
    return re.compile("|".join(parts)) if parts else None


def _part(word: str) -> str:
    if not word.isascii():
        return f"({re.escape(word)})"
    plural = "(?:s|es)?" if len(word) >= LONG_ENOUGH_FOR_PLURAL and word[-1].isalpha() and word[-1] != "s" else ""
    *first, last = (_plain_part(piece) for piece in word.split(" ... "))
    return rf"(?<!\w){GAP.join(f'({piece})' for piece in [*first, last + plural])}(?!\w)"


def _plain_part(word: str) -> str:
    plain = _DASHES.sub(" ", word.casefold())
    return r"\w*".join(re.escape(piece) for piece in plain.split("*"))


def _denied(plain: str) -> tuple[Span, ...]:
    harmless = [match.span() for pattern in (_NOT_DENIALS, _LACKING) for match in pattern.finditer(plain)]
    found = []
    for match in _DENIALS.finditer(plain):
        if any(a <= match.start() < b for a, b in harmless):
            continue
        end = _CLAUSE_END.search(plain, match.end())
        found.append((match.start(), end.start() if end else len(plain)))
    return tuple(found)
