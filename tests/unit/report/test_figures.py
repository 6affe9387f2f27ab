from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from threonate.report.cohort import view_result
from threonate.report.fate import read_flows
from threonate.report.figures import draw_figures
from unit.report.catalogue import make_catalogue, make_limit
from unit.report.synthetic import make_result

RIVALS = ("l_threonate", "citrate", "oxide", "glycinate")


def drawn(*compounds: str, **changed: object):
    view = view_result(make_result(compounds or ("l_threonate",), **changed), make_catalogue())
    return {figure.id: figure for figure in draw_figures(view)}


def test_each_figure_is_drawn_with_title_caption_grade_and_numbers():
    figures = drawn(*RIVALS)

    assert set(figures) == {"plasma-day", "urine-days", "time-course", "brain-days", "compound-dots", "sankey"}
    for figure in figures.values():
        ET.fromstring(figure.svg)
        assert figure.title
        assert figure.grade
        assert "simulated adults" in figure.caption
        assert figure.table.rows
        assert {len(row) for row in figure.table.rows} == {len(figure.table.columns)}


def test_a_figure_has_the_same_bytes_every_time():
    assert {name: figure.svg for name, figure in drawn().items()} == {
        name: figure.svg for name, figure in drawn().items()
    }


def test_svg_holds_no_date_no_font_name_and_only_its_own_ids():
    figures = drawn()
    ids = [name for figure in figures.values() for name in re.findall(r'\sid="([^"]+)"', figure.inline)]

    assert len(ids) == len(set(ids))
    for figure in figures.values():
        assert "<metadata" not in figure.svg
        assert "dc:date" not in figure.svg
        used = set(re.findall(r'href="#([^"]+)"', figure.inline)) | set(re.findall(r"url\(#([^)]+)\)", figure.inline))
        assert used <= set(re.findall(r'\sid="([^"]+)"', figure.inline))


def test_brain_shows_both_hypotheses_and_says_that_nobody_measured():
    brain = drawn()["brain-days"]

    assert "No human measurement exists" in brain.title
    assert "NULL" in brain.title
    assert "THREONATE" in brain.title
    assert "animal evidence only" in brain.grade
    assert len(brain.table.columns) == 5


def test_brain_of_a_run_without_threonate_says_that_both_hypotheses_agree():
    brain = drawn("citrate", compound="citrate")["brain-days"]

    assert "the same under THREONATE" in brain.title
    assert "No human measurement" not in brain.title


def test_comparison_names_the_salt_that_does_less():
    assert "less with oxide" in drawn(*RIVALS)["compound-dots"].title
    assert "compound-dots" not in drawn()


def test_sankey_flows_add_up_to_what_was_swallowed():
    given, ends = read_flows(view_result(make_result(), make_catalogue()))

    assert given is not None
    assert sum(flow.mean_mmol for flow in ends) == pytest.approx(given.mean_mmol)
    assert next(flow for flow in ends if flow.place == "brain").note.count("\u00b5mol") == 2


def test_short_and_intravenous_runs_are_drawn_by_the_hour():
    assert drawn(days=3)["time-course"].table.columns[0] == "hour"
    infused = drawn(iv_mgso4_g=4.0, days=14)["time-course"]
    assert infused.table.columns[0] == "hour"
    assert "peaks" in infused.title


def test_one_subject_has_no_band_and_the_caption_says_so():
    figures = drawn(subjects=1)

    assert all("there is no band" in figure.caption for figure in figures.values())


def test_normal_range_is_shaded_only_when_the_shelf_has_one():
    result = make_result()
    plain = view_result(result, make_catalogue())
    shaded = view_result(result, make_catalogue(limits={"serum_reference": make_limit()}))

    assert draw_figures(plain)[0].svg != draw_figures(shaded)[0].svg
