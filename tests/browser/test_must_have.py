"""What the page must have: one test or more for each promise."""

import io
import time
import urllib.request

import polars as pl
import pytest

from tests.browser.chromium import VIEWS
from tests.browser.latency import keydown_to_drawn

INKED = """(id) => {
  const canvas = document.querySelector(`#figure-${id} canvas`);
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let inked = 0;
  for (let i = 3; i < pixels.length; i += 4) if (pixels[i]) inked += 1;
  return inked;
}"""
HASH = "() => document.querySelector('main').dataset.hash"
FORM = """() => [...document.querySelectorAll('form.panel [name]')].map((one) =>
  [one.name, one.type === 'radio' || one.type === 'checkbox' ? one.checked : one.value])"""
BEFORE = """([one, two]) => Boolean(
  document.querySelector(one).compareDocumentPosition(document.querySelector(two))
  & Node.DOCUMENT_POSITION_FOLLOWING)"""


def fetched(address: str) -> bytes:
    with urllib.request.urlopen(address) as answer:
        return bytes(answer.read())


def greatest_median(table: pl.DataFrame) -> object:
    (name,) = [one for one in table.columns if one.startswith("median")]
    return table[name].max()


def test_a_finished_scenario_is_drawn_before_any_click(seen):
    seen.open()
    drawn_ms = seen.evaluate("() => performance.getEntriesByName('drawn')[0].startTime")

    assert seen.evaluate(INKED, "plasma") > 1000
    assert seen.evaluate(INKED, "urine") > 1000
    assert drawn_ms <= 2000


def test_dragging_ends_at_the_last_input_with_one_question_at_a_time(seen, record_property):
    seen.open()
    timed = keydown_to_drawn(seen, presses=20)
    record_property("median_ms", timed.median_ms)
    record_property("p90_ms", timed.p90_ms)

    assert timed.most_in_flight == 1
    assert f"compound_mg={timed.last_value}" in seen.evaluate("() => document.querySelector('main').dataset.drawn")
    assert f"{timed.last_value} mg" in seen.page.locator("#dose-ways").inner_text().replace("\u2009", "").replace(
        ",", ""
    )


def test_a_burst_of_presses_skips_what_nobody_waits_for(seen):
    seen.open()
    seen.asked.clear()
    slider = seen.page.locator("[data-slider=dose]")
    slider.focus()
    for _ in range(12):
        seen.page.keyboard.press("ArrowRight")
    last = slider.input_value()
    seen.page.wait_for_selector(f"main[data-drawn*='compound_mg={last}&'][data-settled=true]")

    assert 1 <= sum("api/simulate" in one for one in seen.asked) <= 12
    assert seen.address_says(f"compound_mg={last}")


def test_every_view_works_without_any_other_machine(fresh):
    for view in VIEWS:
        page = fresh().open(view=view)
        page.assert_clean()
        page.page.close()


def test_dose_is_said_three_ways_and_units_never_change_the_result(seen):
    seen.open()
    ways = seen.page.locator("#dose-ways").inner_text()
    before = seen.evaluate(HASH)
    axis = seen.page.locator("#figure-urine .max").inner_text()
    seen.page.get_by_label("mg magnesium").check()
    field = seen.page.locator("input[name=dose]").input_value()

    assert "compound" in ways
    assert "elemental" in ways
    assert "mmol" in ways
    assert field == "144"
    assert axis.endswith("mmol/d")
    assert seen.page.locator("#figure-urine .max").inner_text().endswith("mg/d")
    assert seen.evaluate(HASH) == before
    assert seen.page.locator("#dose-ways").inner_text() == ways


@pytest.mark.parametrize("figure", ["plasma", "urine", "brain"])
def test_files_hold_what_is_seen(seen, address, figure):
    seen.open()
    shown = float(seen.page.locator(f"#figure-{figure} .max").get_attribute("data-value"))
    unit = seen.page.locator(f"#figure-{figure} .max").inner_text().split()[-1]
    links = {
        kind: address + seen.page.locator(f"#figure-{figure} .files a", has_text=kind.upper()).get_attribute("href")
        for kind in ("csv", "parquet", "svg", "pdf")
    }
    text = fetched(links["csv"]).decode()
    table = pl.read_csv(io.StringIO(text), comment_prefix="#")

    assert unit in "".join(line for line in text.splitlines() if line.startswith("#"))
    assert greatest_median(table) == pytest.approx(shown, rel=1e-6)
    assert greatest_median(pl.read_parquet(io.BytesIO(fetched(links["parquet"])))) == pytest.approx(shown, rel=1e-6)
    assert "not medical advice" in text
    assert fetched(links["svg"]).lstrip().startswith(b"<")
    assert fetched(links["pdf"]).startswith(b"%PDF")


def test_files_follow_the_unit_of_the_axes(seen, address):
    seen.open(own="unit=elemental_mg")
    shown = seen.page.locator("#figure-urine .max")
    link = seen.page.locator("#figure-urine .files a", has_text="CSV").get_attribute("href")
    text = fetched(address + link).decode()

    assert shown.inner_text().endswith("mg/d")
    assert "[mg/d]" in text
    greatest = greatest_median(pl.read_csv(io.StringIO(text), comment_prefix="#"))
    assert greatest == pytest.approx(float(shown.get_attribute("data-value")), rel=1e-6)


def test_a_shared_link_shows_the_same_form_and_the_same_result(seen, fresh):
    seen.open("age=67&compound=citrate&doses_per_day=3&elemental_mg=210&meals=with", own="unit=mmol")
    other = fresh()
    other.page.goto(seen.page.url)
    other.drawn()

    assert other.evaluate(FORM) == seen.evaluate(FORM)
    assert other.evaluate(HASH) == seen.evaluate(HASH)


def test_a_link_with_a_bad_parameter_is_answered_in_words(seen):
    seen.page.goto(f"{seen.base}?weight=70")
    message = seen.page.locator("form.panel [role=alert]:visible").first

    message.wait_for()
    assert "weight" in message.inner_text()
    assert "weight_kg" in message.inner_text()


def test_evidence_stands_beside_every_figure_one_click_from_its_sources(seen):
    seen.open()
    for figure in seen.page.locator("figure.card:visible").all():
        grade = figure.locator("button.grade")
        assert len(grade.inner_text().split()) >= 3
        grade.click()
        figure.locator("ul.sources li").first.wait_for()


def test_unsupported_links_are_never_on_by_default(seen):
    seen.open(view="responses")
    weak = seen.page.locator("[data-link]").filter(has=seen.page.locator(".grade.D, .grade.E, .grade.X, .grade.U"))

    assert weak.count() >= 1
    assert [text for text in weak.all_inner_texts() if "NULL on" in text] == []
    assert seen.page.locator(".warnings .warning").count() == 0


def test_a_link_without_support_in_people_is_switched_by_hand_and_warns_above_the_plot(seen):
    seen.open(view="responses", own="response=synapse")
    link = seen.page.locator("[data-link=receptors_to_synapses]")
    assert not link.locator("input").is_checked()
    link.locator("input").check()
    warning = seen.page.locator(".warnings .warning")
    warning.wait_for()

    assert "without human support" in warning.inner_text()
    assert seen.address_says("receptors_to_synapses")
    assert link.locator("input").is_checked()
    assert warning.bounding_box()["y"] < seen.page.locator(".figures").bounding_box()["y"]


def test_doubt_is_always_drawn_and_said_and_the_brain_shows_both_hypotheses(seen):
    seen.open()
    for figure in seen.page.locator("figure.card:visible").all():
        assert "Band:" in figure.locator("figcaption").inner_text()
    titles = seen.page.locator("#figure-brain .panel-title").all_inner_texts()

    assert [title.split(":")[0] for title in titles] == ["NULL", "THREONATE"]
    assert seen.page.locator("#figure-brain canvas").count() == 2


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("egfr=20", "kidney"),
        ("elemental_mg=500&compound=citrate", "upper"),
        ("conditions=levothyroxine", "levothyroxine"),
    ],
)
def test_safety_comes_first(seen, query, word):
    seen.open(query)
    alert = seen.page.locator(".safety[role=alert]")

    assert word in alert.inner_text().lower()
    assert alert.locator(".finding.stop:visible, .finding.caution:visible").count() >= 1
    assert seen.evaluate(BEFORE, [".safety[role=alert]", ".results figure"])


def test_every_view_and_file_says_what_it_is_not(fresh, seen):
    for view in VIEWS:
        page = fresh().open(view=view)
        assert "not medical advice" in page.page.locator(".notice").inner_text()
    seen.open()
    svg = fetched(seen.base + seen.page.locator("#figure-plasma .files a", has_text="SVG").get_attribute("href"))
    report = fetched(seen.base + seen.page.locator("[data-act=report]").get_attribute("href"))

    assert b"not medical advice" in svg
    assert b"not medical advice" in report


def test_every_figure_has_a_table_and_a_sentence(seen):
    seen.open()
    for figure in seen.page.locator("figure.card:visible").all():
        assert len(figure.locator("[role=img]").first.get_attribute("aria-label")) > 30
        figure.get_by_text("Data table", exact=True).click()
        figure.locator("tbody tr").first.wait_for()


def test_a_wrong_value_is_answered_beside_its_field(seen):
    seen.open()
    box = seen.page.locator("input[name=egfr]")
    box.fill("0")
    box.press("Enter")
    problem = seen.page.locator("[data-field=egfr] .problem")
    problem.wait_for()
    text = problem.inner_text()

    assert "0" in text
    assert "1 to 250" in text
    assert "Check" in text
    assert box.get_attribute("aria-invalid") == "true"
    box.fill("60")
    box.press("Enter")
    problem.wait_for(state="hidden")


def test_when_the_server_is_gone_the_old_plot_stays_dimmed_under_a_banner(seen):
    seen.open()
    before = seen.evaluate(INKED, "plasma")
    seen.page.route("**/api/simulate*", lambda route: route.abort("connectionrefused"))
    seen.page.locator("input[name=age]").fill("50")
    seen.page.locator("input[name=age]").press("Enter")
    seen.page.locator("#banner:visible").wait_for()

    assert seen.evaluate(INKED, "plasma") == before
    assert seen.page.locator("main.stale").count() == 1
    seen.page.unroute("**/api/simulate*")
    started = time.monotonic()
    seen.page.locator("#banner").wait_for(state="hidden")
    assert time.monotonic() - started < 30
    assert seen.page.locator("main.stale").count() == 0
