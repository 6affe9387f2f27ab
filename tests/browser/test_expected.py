"""What professionals expect of such a page."""

import json
import re
import time
import urllib.request

import pytest

from tests.browser.test_must_have import HASH

ARMS = "&".join(
    f"{key}=compound%3D{compound}%26elemental_mg%3D150"
    for key, compound in zip("abc", ("l_threonate", "citrate", "oxide"), strict=True)
)
ADVICE = re.compile(r"\b(should|must|ought|recommend(ed)?|you need|take it)\b", re.IGNORECASE)


def test_regimens_are_compared_by_summaries_and_ratios(seen):
    seen.open(view="compare", own=ARMS)
    table = seen.page.locator("table.metrics")
    text = table.inner_text().lower()

    assert table.locator("thead th").count() == 4
    for word in ("area", "highest", "lowest", "above"):
        assert word in text or {"area": "auc", "highest": "cmax", "lowest": "cmin"}.get(word, word) in text
    assert "× " in text
    assert seen.page.locator("#figure-plasma .key li").count() >= 3


def test_a_regimen_is_added_and_removed_up_to_four(seen):
    seen.open(view="compare", own=ARMS)
    seen.page.get_by_role("button", name="Add a regimen").click()
    seen.page.locator("table.metrics thead th").nth(4).wait_for()

    assert seen.page.get_by_role("button", name="Add a regimen").count() == 0
    seen.page.get_by_role("button", name="Remove D").click()
    seen.page.get_by_role("button", name="Add a regimen").wait_for()


@pytest.mark.parametrize("title", ["older", "stage 3", "citrate"])
def test_presets_fill_the_form(seen, title):
    seen.open()
    options = seen.page.locator(".presets option").all_inner_texts()
    wanted = next(one for one in options if title in one.lower())
    before = seen.page.url
    seen.page.locator(".presets select").select_option(label=wanted)
    seen.page.wait_for_function("(before) => location.href !== before", arg=before)
    seen.drawn()

    assert seen.page.url != before
    assert seen.page.locator(".presets optgroup").count() == 3


@pytest.fixture
def long_run(seen):
    seen.open()
    seen.page.get_by_text("Many people, many weeks").click()
    seen.page.get_by_label("People", exact=True).fill("900")
    seen.page.get_by_label("Days", exact=True).fill("120")
    seen.page.locator("[data-act=job]").click()
    seen.page.locator(".job progress").wait_for()
    return seen


def test_a_long_run_shows_progress_survives_a_reload_and_stops_within_a_second(long_run):
    long_run.page.wait_for_selector(".job[data-state=running]")
    assert "left" in long_run.page.locator(".job").inner_text()
    long_run.page.reload()
    long_run.page.wait_for_selector(".job[data-state=running]")
    started = time.monotonic()
    long_run.page.locator(".job button").click()
    long_run.page.wait_for_selector(".job[data-state=cancelled]")

    assert time.monotonic() - started < 1.0


def test_a_finished_long_run_is_drawn(seen):
    seen.open()
    first = seen.evaluate(HASH)
    seen.page.get_by_text("Many people, many weeks").click()
    seen.page.get_by_label("People", exact=True).fill("60")
    seen.page.get_by_label("Days", exact=True).fill("21")
    seen.page.locator("[data-act=job]").click()
    seen.page.wait_for_selector("main[data-drawn=job]")

    assert seen.evaluate(HASH) != first
    assert "21 days" in seen.page.locator(".results h1").inner_text()


def test_provenance_stands_in_the_footer_and_in_every_file(seen):
    seen.open()
    shown = {one.get_attribute("data-provenance"): one for one in seen.page.locator("[data-provenance]").all()}
    link = seen.base + seen.page.locator("#figure-plasma .files a", has_text="CSV").get_attribute("href")
    with urllib.request.urlopen(link) as answer:
        text = answer.read().decode()

    assert {"version", "library_hash", "parameter_hash", "seed", "command"} <= set(shown)
    assert "threonate simulate" in shown["command"].inner_text()
    for name in ("library_hash", "parameter_hash", "seed", "command"):
        assert shown[name].locator("dd").get_attribute("title") in text


@pytest.mark.parametrize("query", ["", "compound=oxide&elemental_mg=300", "egfr=25&age=80"])
def test_the_answer_in_words_follows_the_grade_and_advises_nobody(seen, query):
    seen.open(query)
    items = seen.page.locator("ul.answer li")

    assert items.count() >= 3
    for one in items.all():
        assert one.locator(".grade").count() == 1
        assert not ADVICE.search(one.inner_text())


def test_parameters_are_sorted_and_filtered_and_carry_their_sources(seen):
    seen.open(view="library")
    total = int(seen.page.locator("[role=status]").first.inner_text().split()[0])
    seen.page.get_by_label("Filter").fill("kidney")
    seen.page.wait_for_selector("main[data-drawn*='|kidney|']")
    rows = seen.page.locator("tbody tr")
    assert 0 < rows.count() < total
    seen.page.locator("thead button", has_text="id").first.click()
    seen.page.wait_for_selector("main[data-drawn$='|id|']")
    seen.page.locator("thead button", has_text="id").first.click()
    seen.page.wait_for_selector("main[data-drawn$='|id|true']")
    ids = seen.page.locator("tbody th").all_inner_texts()

    assert ids == sorted(ids, key=str.casefold, reverse=True)
    assert seen.page.locator("thead th[aria-sort=descending]").count() == 1
    seen.page.locator("tbody a").first.click()
    seen.page.wait_for_selector("main[data-drawn^='sources|']")
    assert rows.count() >= 1


def test_measurements_in_people_lie_over_the_simulation(seen):
    seen.open()
    assert seen.page.locator("#figure-urine .ring").count() == 0
    seen.page.get_by_label("Show measurements in people over the simulation").check()
    seen.page.locator("#figure-urine .ring").wait_for()

    assert "Circles:" in seen.page.locator("#figure-urine figcaption").inner_text()
    assert "data=on" in seen.page.url


def test_responses_stand_beside_placebo_with_grade_and_weakest_step(seen):
    seen.open(view="responses")
    figures = seen.page.locator(".figures figure.card")

    assert figures.count() >= 1
    for one in figures.all():
        text = one.inner_text()
        assert "placebo" in text.lower()
        assert "difference from placebo" in text
        assert one.locator(".grade").count() >= 2
    assert seen.page.locator("table.forest tbody tr").count() >= figures.count()


def test_what_moves_the_answer_is_shown_when_asked_and_follows_the_question(seen):
    seen.open()
    seen.page.get_by_text("What moves this answer most").click()
    seen.page.locator("table.movers").first.wait_for()
    titles = seen.page.locator("table.movers caption b").all_inner_texts()
    first = seen.page.locator("[data-part=movers]").get_attribute("data-shown")
    seen.page.locator("[data-slider=dose]").press("ArrowRight")
    seen.page.wait_for_function(
        "(first) => document.querySelector('[data-part=movers]').dataset.shown !== first", arg=first
    )

    assert any("Plasma" in title for title in titles)
    assert {title.split(", ")[-1] for title in titles if "CSF" in title} == {"NULL", "THREONATE"}
    assert seen.page.locator("table.movers tbody tr").count() >= 6
    assert "no proof of a cause" in seen.page.locator("[data-part=movers]").inner_text()


def test_nothing_is_told_apart_from_little(seen):
    seen.open(view="responses")
    shown = seen.page.locator("figure.card li.none")
    chain = seen.page.locator("figure.card:has(li.none) ol.path").first

    assert shown.count() >= 1
    assert "not a small effect" in shown.first.inner_text()
    assert "what-if" in chain.text_content()


def test_the_api_calls_repeat_the_scenario(seen):
    seen.open("age=61&compound=citrate&elemental_mg=200", view="api")
    address = re.search(r"'(http[^']+)'", seen.page.locator("[data-call=curl]").inner_text())[1]
    with urllib.request.urlopen(address) as answer:
        scenario = json.loads(answer.read())["scenario"]
    python = seen.page.locator("[data-call=python]").inner_text()

    assert (scenario["age"], scenario["compound"], scenario["elemental_mg"]) == (61, "citrate", 200)
    compile(python, "copied", "exec")
    assert "age=61" in python


MOVE_AT_ONCE = """() => {
  window.written = 0;
  for (const name of ["pushState", "replaceState"]) {
    const real = history[name].bind(history);
    history[name] = (...given) => { window.written += 1; return real(...given); };
  }
  const slider = document.querySelector("[data-slider=dose]");
  for (let value = 2050; value <= 3000; value += 50) {
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""
"""Twenty positions in one task, so that nothing hangs on how fast the machine is."""


def test_the_address_is_written_once_when_nothing_moves_any_more(seen):
    seen.open()
    seen.evaluate(MOVE_AT_ONCE)

    assert seen.address_says("compound_mg=3000")
    assert seen.evaluate("() => window.written") == 1


STAYS = "#figure-plasma .key li, #figure-brain .key li, figure header .grade"


def test_what_stays_on_the_page_is_not_put_there_again(seen):
    seen.open()
    seen.evaluate(f"() => {{ window.stays = [...document.querySelectorAll('{STAYS}')]; }}")
    slider = seen.page.locator("[data-slider=dose]")
    slider.focus()
    seen.page.keyboard.press("ArrowRight")
    seen.page.wait_for_selector("main[data-drawn*='compound_mg=2050&'][data-settled=true]")
    kept = seen.evaluate("() => window.stays.map((one) => one.isConnected)")

    assert len(kept) > 5
    assert all(kept)
