"""Which claims of the ledger a sentence makes; a sentence that says more than a claim does not make it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from threonate.appraisal import Verdict
from threonate.audit.doses import WORDS as NUMBERS
from threonate.audit.words import Said, Vocabulary, normal_form
from threonate.evidence import Catalogue
from threonate.evidence.claim_records import Claim

SUBJECT = "mgt"
SUBSTANCES = ("magnesium", "named_salts", "other_mineral", "vitamin_d", "omega3", "other_agent")
CONFIRMING = frozenset({"supported", "background"})
BEYOND_BACKGROUND = frozenset({"disease", "organ", "miracle", "group", "other_mineral", "cure", "regrow"})
NEAR_PHRASE = 84.0
QUIET, QUIET_PRAISE = "quiet", "quiet_praise"
"""Concepts of words that turn no true sentence into a false one; the second only beside what is true of every body."""
_POINTING = re.compile(
    r"^ (?:\S+ ){0,3}?"
    r"(?:it|its|this|these|they|their|such|our|the (?:product|supplement|compound|formula|capsules?|pills?)) "
    r"|^ (?!magnesium|\S+ magnesium).* , (?:it|its|they) "
    r"|^ \S{0,8}(?:\u8fd9\u79cd|\u5b83|\u5176)"
)
_NEEDS = re.compile(
    r"\b(?:needs|need|requires?|rel(?:y|ies)|depends?|uses?|used|stores?|holds?|contains?|runs? on|draws?|calls?) "
)
_BACKWARD = re.compile(r"\b(?:by|from|after|with|without|of|in|on|when|if|to) ")
_MINERAL = re.compile(r"\b(?:the|this|that) (?:\w+ )?(?:mineral|nutrient|electrolyte) ")
_JOINED = re.compile(r"\bpairing it\b|\bco administ\w*|\bcombin\w* it\b|\btaken with it\b")
_WORD = re.compile(r"[a-z]{5,}")
_ANY_WORD = re.compile(r"[a-z]{3,}|\bby\b")
_SIZE = re.compile(
    r"\d+(?:\.\d+)? ?(?:%|percent|fold|times|mg|g|mcg|mmol|ml|hours|minutes|days|weeks|months|years)\b|\b\d{2,}\b"
)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?) ?(?:%|percent)")
_ALL = re.compile(r"\b(?:only(?! under| with| after| if| when)|solely|exclusively|every|all|always|any)\b")


@dataclass(frozen=True, slots=True)
class Match:
    """The claims that a sentence makes, and what was noticed on the way.

    claims    in the order of the ledger
    denied    claims that the sentence denies
    exceeded  claims that it resembles but goes beyond
    """

    claims: tuple[Claim, ...]
    denied: tuple[Claim, ...]
    exceeded: tuple[Claim, ...]
    notes: tuple[str, ...]
    said: Said


class Matcher:
    """Reads sentences one after the other and remembers what the text is about."""

    def __init__(self, catalogue: Catalogue, verdicts: Mapping[str, Verdict]) -> None:
        self._vocabulary = Vocabulary(catalogue.concepts)
        self._guards = frozenset(name for name, concept in catalogue.concepts.items() if concept.guard)
        self._claims = tuple(sorted(catalogue.claims.values(), key=lambda claim: int(claim.number[1:])))
        self._rules = {claim.id: [_rule(item) for item in claim.says] for claim in self._claims}
        self._known = {claim.id: _vocabulary_of(claim, self._rules[claim.id], catalogue) for claim in self._claims}
        self._phrases = {claim.id: [normal_form(phrase) for phrase in claim.phrases] for claim in self._claims}
        self._verdicts = verdicts
        self._topic = ""
        self._last = ""

    def read(self, sentence: str, *, doses: Sequence[float] = ()) -> Match:
        """What one sentence claims.

        doses    masses of compound named in it [mg]
        """
        said = self._vocabulary.read(sentence, ["dose_amount"] if doses else [])
        said = self._with_topic(said)
        made: list[Claim] = []
        denied: list[Claim] = []
        for claim in self._claims:
            ways = [way for way in self._rules[claim.id] if _holds(way, said)]
            if any(said.has(name) for name in claim.never):
                continue
            if ways:
                (denied if _is_denied(claim, ways, said) else made).append(claim)
        made = made or [claim for claim in self._claims if claim not in denied and self._resembles(claim, said)]
        exceeded, notes = [], []
        for claim in [one for one in made if self._verdicts[one.id].answer in CONFIRMING]:
            if reason := self._excess(claim, said, made, doses):
                exceeded.append(claim)
                notes.append(f"Goes beyond {claim.number}: {reason}.")
        kept = [claim for claim in made if claim not in exceeded]
        notes += [note for claim in kept if (note := _size_note(claim, said))]
        notes += [f"Denies {claim.number}; the ledger answers what is asserted." for claim in denied]
        return Match(tuple(kept), tuple(denied), tuple(exceeded), tuple(notes), said)

    def _with_topic(self, said: Said) -> Said:
        """The substance that the text is about stands for the sentence's subject where it names no other."""
        named = [name for name in (SUBJECT, *SUBSTANCES) if said.has(name)]
        pointing = bool(_POINTING.search(said.plain))
        others = [name for name in named if name not in (SUBJECT, "magnesium", "named_salts")]
        if "magnesium" not in named and (self._topic or self._last) and _MINERAL.search(said.plain):
            return self._vocabulary.read(said.raw, [*_added(said), "magnesium"])
        if SUBJECT in named:
            self._topic = self._last = SUBJECT
            return said
        if pointing and not named and self._last == "magnesium":
            return self._vocabulary.read(said.raw, [*_added(said), "magnesium"])
        self._last = "magnesium" if "magnesium" in named and not pointing else (SUBJECT if not others else "")
        if self._topic == SUBJECT and (pointing or not named or _JOINED.search(said.plain)):
            return self._vocabulary.read(said.raw, [*_added(said), SUBJECT])
        if others and not pointing:
            self._topic = ""
        return said

    def _resembles(self, claim: Claim, said: Said) -> bool:
        """Close to a wording of the claim; never for a claim that would be confirmed."""
        if self._verdicts[claim.id].answer in CONFIRMING or not said.has(SUBJECT):
            return False
        return any(fuzz.token_sort_ratio(said.plain, phrase) >= NEAR_PHRASE for phrase in self._phrases[claim.id])

    def _excess(self, claim: Claim, said: Said, made: Iterable[Claim], doses: Sequence[float]) -> str:
        """What a sentence says beyond a claim that would confirm it; empty when nothing."""
        own = self._known[claim.id]
        covered = set(own.concepts).union(*(self._known[other.id].concepts for other in made))
        if beyond := self._beyond(claim, said, covered):
            return beyond
        if said.denied and (claim.kind == "background" or not claim.negative):
            return "it holds a denial"
        if any(_is_turned_round(pair, said) for pair in claim.order):
            return "it says it the other way round"
        if unknown := self._unaccounted(made, said, bool(doses)):
            return f"words that the ledger does not know there ({', '.join(unknown[:4])})"
        if claim.kind == "background":
            return ""
        if claim.dose_low_mg is not None and claim.dose_high_mg is not None:
            if any(not claim.dose_low_mg <= dose <= claim.dose_high_mg for dose in doses):
                return f"the dose is not {claim.dose_low_mg:g} to {claim.dose_high_mg:g} mg of the compound"
        elif _SIZE.search(said.plain) and not any(other.dose_low_mg for other in made):
            return "it gives a number that the ledger does not have"
        if _ALL.search(said.plain):
            return "it speaks of all, any or only"
        return ""

    def _unaccounted(self, made: Iterable[Claim], said: Said, dosed: bool) -> list[str]:
        """Words of a sentence that neither its claims nor plain English account for, where all would be confirmed.

        A sentence that also makes a claim of another answer gets that answer, whatever else it says.
        """
        claims = list(made)
        if any(self._verdicts[one.id].answer not in CONFIRMING for one in claims):
            return []
        praise = [QUIET_PRAISE] if all(one.kind == "background" for one in claims) else []
        concepts = {QUIET, *praise}.union(*(self._known[one.id].concepts for one in claims))
        words = frozenset(NUMBERS if dosed else ()).union(*(self._known[one.id].words for one in claims))
        taken = [span for name in concepts for span in said.pieces.get(name, ())]
        return [
            match[0]
            for match in _ANY_WORD.finditer(said.plain)
            if match[0] not in words and not any(a <= match.start() and match.end() <= b for a, b in taken)
        ]

    def _beyond(self, claim: Claim, said: Said, covered: set[str]) -> str:
        """A product in a sentence whose claims are not about one, or another guarded concept."""
        if not covered & {SUBJECT, "magnesium"} and (said.names(SUBJECT) or said.names("named_salts")):
            return "it also says something of a product"
        guards = self._guards if self._verdicts[claim.id].answer == "supported" else self._guards & BEYOND_BACKGROUND
        beyond = sorted(name for name in guards - covered if _stands_alone(name, covered, said))
        return f"it also speaks of {', '.join(beyond).replace('_', ' ')}" if beyond else ""


def _size_note(claim: Claim, said: Said) -> str:
    """That a sentence gives another size than the one the claim is known for."""
    bound = claim.bound
    sizes = [float(number) for number in _PERCENT.findall(said.plain)]
    if bound is None or bound.claimed_low is None or bound.claimed_high is None or not sizes:
        return ""
    if any(bound.claimed_low <= size <= bound.claimed_high for size in sizes):
        return ""
    return f"{sizes[0]:g} % is not the size that {claim.number} is known for ({bound.claimed_low:g} %)."


def _is_turned_round(pair: str, said: Said) -> bool:
    """Whether what gets is said to give.

    `a b` stands for a gives b. Said in this order, no verb of need may stand between them; said the other way, such a
    verb or a preposition has to.
    """
    giver, getter = ([span for span in said.spans.get(name, ()) if span != (0, 0)] for name in pair.split())
    if not giver or not getter:
        return False
    (first, first_end), (second, second_end) = giver[0], getter[0]
    if first <= second:
        return bool(_NEEDS.search(said.plain[first_end:second]))
    return not (_NEEDS.search(said.plain[second:first]) or _BACKWARD.search(said.plain[second_end:first]))


def _stands_alone(name: str, covered: Iterable[str], said: Said) -> bool:
    """Whether a concept is said in words of the sentence that no covered concept accounts for."""
    taken = [span for other in covered for span in said.pieces.get(other, ())]
    own = [span for span in said.spans.get(name, ()) if span != (0, 0)]
    return any(not any(a < end and start < b for a, b in taken) for start, end in own)


@dataclass(frozen=True, slots=True)
class _Rule:
    needed: tuple[str, ...]
    barred: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    concepts: frozenset[str]
    words: frozenset[str]


def _rule(item: str) -> _Rule:
    words = item.split()
    return _Rule(tuple(w for w in words if not w.startswith("!")), tuple(w[1:] for w in words if w.startswith("!")))


def _holds(rule: _Rule, said: Said) -> bool:
    return all(said.has(name) for name in rule.needed) and not any(said.has(name) for name in rule.barred)


def _is_denied(claim: Claim, ways: list[_Rule], said: Said) -> bool:
    """A claim is denied when in every way it is made, something it needs stands under a denial."""
    return not claim.negative and all(any(said.is_denied(name) for name in way.needed) for way in ways)


def _vocabulary_of(claim: Claim, rules: list[_Rule], catalogue: Catalogue) -> _Known:
    concepts = frozenset(name for rule in rules for name in rule.needed) | frozenset(claim.allows)
    texts = [claim.statement, claim.note, *claim.phrases]
    texts += [word.replace("*", "") for name in concepts for word in catalogue.concepts[name].words]
    return _Known(concepts, frozenset(_WORD.findall(normal_form(" ".join(texts)))))


def _added(said: Said) -> list[str]:
    return [name for name, spans in said.spans.items() if spans == ((0, 0),)]
