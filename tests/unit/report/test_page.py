from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from threonate.report.cohort import view_result
from threonate.report.figures import draw_figures
from threonate.report.page import build_page
from threonate.report.whole import summarise
from threonate.report.wording import VERBS, question_of
from unit.report.catalogue import make_catalogue
from unit.report.synthetic import make_result

VOID = {"meta", "br", "link", "img", "hr", "input"}


class Outline(HTMLParser):
    """Headings, ids, tags and attributes of a page; fails on tags that do not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fields = dict(attrs)
        self.tags.append((tag, fields))
        self.ids += [value for key, value in attrs if key == "id" and value]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for key, value in attrs if key == "id" and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page_of(result, catalogue=None) -> str:
    catalogue = catalogue or make_catalogue()
    view = view_result(result, catalogue)
    return build_page(view, summarise(result, catalogue), draw_figures(view))


@pytest.fixture(scope="module")
def page() -> str:
    return page_of(make_result(("l_threonate", "oxide"), subjects=6))


def test_page_needs_nothing_but_itself(page):
    outline = Outline(page)
    tags = {tag for tag, _ in outline.tags}

    assert not tags & {"script", "link", "img", "iframe", "object"}
    assert not re.search(r"@import|url\(\s*['\"]?(?!#)", page)
    assert {fields["href"] for tag, fields in outline.tags if tag == "a"} == {"https://doi.org/10.1172/JCI115317"}


def test_page_is_sound_for_a_screen_reader(page):
    outline = Outline(page)

    assert '<html lang="en">' in page
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert len(outline.ids) == len(set(outline.ids))
    assert all("scope" in fields for tag, fields in outline.tags if tag == "th")
    pictures = [fields for _, fields in outline.tags if fields.get("role") == "img"]
    assert len(pictures) == 6
    assert all(fields.get("aria-label") for fields in pictures)


def test_safety_stands_before_the_answer_and_a_stop_is_an_alert(page):
    assert page.index("Kidney function") < page.index("The answer in plain words")
    assert page.count('role="alert"') == 1
    assert page.count("not medical advice") >= 2


def test_brain_is_never_one_number(page):
    answer = page[page.index('class="answer"') : page.index("The dose, said three ways")]

    assert "there is no human measurement" in answer
    assert "under NULL" in answer
    assert "under THREONATE" in answer
    assert "animal evidence only" in answer


def test_dose_is_said_three_ways_by_label_and_by_formula(page):
    for words in ("2,000 mg a day", "144 mg a day", "165 mg a day", "5.92 mmol a day", "6.79 mmol a day"):
        assert words in page


def test_failed_subjects_sources_and_command_are_shown(page):
    assert "5 of 6 subjects were simulated to the end; 1 failed" in page
    assert "step size became too small" in page
    assert "abstract read, full text not" in page
    assert "threonate simulate --compound l_threonate" in page


def test_question_is_one_sentence():
    question = question_of(view_result(make_result(), make_catalogue()))

    assert question.endswith("for 84 days?")
    assert question.count("?") == 1


def test_text_from_the_shelf_cannot_become_markup():
    result = make_result(subjects=2)
    hostile = replace(result, provenance={**result.provenance, "note": "<script>alert(1)</script>"})

    assert "<script>" not in page_of(hostile)


def test_every_grade_has_a_verb_and_a_word():
    assert set(VERBS) == set(make_catalogue().grades)


def test_ionised_change_is_not_read(page):
    row = page[page.index("Plasma magnesium, ionised") :].partition("</tr>")[0]

    assert "too small to read" in row


@pytest.mark.parametrize(
    "changed",
    [
        {"subjects": 1},
        {"days": 1, "subjects": 3},
        {"iv_mgso4_g": 2.0, "days": 2, "subjects": 3},
        {"hypothesis": "null", "subjects": 3},
        {"washout_days": 14, "subjects": 3},
    ],
)
def test_other_questions_make_whole_pages(changed):
    Outline(page_of(make_result(**changed)))
