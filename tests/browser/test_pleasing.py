"""What makes it a pleasure: the organ picture, the words, undo, an article annotated, one file to keep."""

import urllib.request

from tests.browser.chromium import watched_page


def test_the_body_map_accounts_for_what_was_swallowed_day_by_day(seen):
    seen.open(view="body")
    organs = seen.page.locator(".organs li")
    last = organs.filter(has_text="urine").locator(".amount").inner_text()
    assert organs.count() >= 5
    assert seen.page.locator("svg.sankey .flow").count() >= 3
    slider = seen.page.get_by_label("Day", exact=True)
    slider.focus()
    seen.page.keyboard.press("Home")

    assert organs.filter(has_text="urine").locator(".amount").inner_text() != last
    assert "day=0" in seen.page.url


def test_the_body_map_shows_the_brain_once_under_each_hypothesis(seen):
    seen.open(view="body")

    assert seen.page.locator(".brain-note h3").all_inner_texts() == ["NULL", "THREONATE"]
    assert "nobody has measured" in seen.page.locator(".brain-note").inner_text().lower()


def test_the_glossary_finds_a_word(seen):
    seen.open(view="glossary")
    whole = seen.page.locator("dl.glossary dt").count()
    seen.page.get_by_label("Find a word").fill("elemental")

    assert whole >= 10
    assert 1 <= seen.page.locator("dl.glossary dt").count() < whole


def test_going_back_undoes_a_change(seen):
    seen.open()
    box = seen.page.locator("input[name=age]")
    box.fill("72")
    box.press("Enter")
    seen.page.wait_for_selector("main[data-drawn*='age=72']")
    box.blur()
    seen.page.locator("#undo").click()
    seen.page.wait_for_selector("main[data-drawn]:not([data-drawn*='age=72'])")

    assert box.input_value() == "40"
    seen.page.go_forward()
    seen.page.wait_for_selector("main[data-drawn*='age=72']")


def test_one_drag_is_one_step_back(seen):
    seen.open()
    slider = seen.page.locator("[data-slider=dose]")
    slider.focus()
    for _ in range(5):
        seen.page.keyboard.press("ArrowRight")
    seen.page.wait_for_selector("main[data-drawn*='compound_mg=2250'][data-settled=true]")
    slider.blur()
    assert seen.address_says("compound_mg=2250")
    seen.page.go_back()
    seen.page.wait_for_selector("main[data-drawn*='compound_mg=2000&']")

    assert seen.page.locator("input[name=dose]").input_value() == "2000"


def test_an_article_is_annotated(seen):
    seen.open(view="claims")
    seen.page.get_by_role("button", name="Use an example").click()
    seen.page.get_by_role("button", name="Read it against the ledger").click()
    said = seen.page.locator(".annotated button.said").first
    said.click()

    assert seen.page.locator(".said-why:visible .verdict").count() == 1
    assert seen.page.locator(".annotated").inner_text().count("brain") >= 1


def test_a_claim_opens_to_its_reasons_and_sources(seen):
    seen.open(view="claims", own="claim=raises_brain_magnesium")
    claim = seen.page.locator("#claim-raises_brain_magnesium")
    claim.locator(".claim-detail").wait_for()

    assert "animals only" in claim.inner_text()
    assert claim.locator("ul.sources li").count() >= 2


def test_the_report_is_one_file_that_needs_nothing_else(seen, running):
    seen.open()
    with urllib.request.urlopen(seen.base + seen.page.locator("[data-act=report]").get_attribute("href")) as answer:
        html = answer.read().decode()
    context = running.new_context(offline=True)
    other = watched_page(context, seen.base)
    other.page.set_content(html)

    assert other.page.locator("svg").count() >= 2
    assert [one for one in other.asked if not one.startswith(("data:", "about:"))] == []
    context.close()
