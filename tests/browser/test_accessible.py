"""Everybody can use it: automatic rules on every view, the whole way by keyboard, narrow screens, paper."""

import pytest

from tests.browser.chromium import AXE, VIEWS

RUN_AXE = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  const places = (one) => one.nodes.map((node) => node.target.join(" ")).slice(0, 4).join(", ");
  return found.violations.map((one) => `${one.id}: ${one.help} (${places(one)})`);
}"""

UNFOLD = "() => [...document.querySelectorAll('main details')].slice(0, 12).forEach((one) => { one.open = true; })"


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_axe_is_broken_on_any_view(fresh, width, scheme):
    wrong = {}
    page = fresh(width, scheme, reduced_motion="reduce")
    page.page.add_init_script(path=AXE)
    for view in VIEWS:
        page.open(view=view)
        page.evaluate(UNFOLD)
        found = page.evaluate(RUN_AXE)
        if found:
            wrong[view] = found

    assert wrong == {}


def test_the_whole_page_can_be_walked_by_keyboard(seen):
    seen.open()
    seen.evaluate("() => document.activeElement.blur()")
    reached, trail = set(), []
    for _ in range(160):
        seen.page.keyboard.press("Tab")
        at = seen.evaluate(
            """() => { const one = document.activeElement; if (!one || one === document.body) return null;
            const box = one.getBoundingClientRect(); const style = getComputedStyle(one.closest("label") ?? one);
            return [one.dataset.view ?? one.name ?? one.id ?? one.textContent.slice(0, 20), box.width > 0,
                    one.matches(":focus-visible")]; }"""
        )
        if at is None:
            break
        trail.append(at[0])
        reached.add(at[0])
        assert at[1]
        assert at[2]

    assert {"dose", "days", "age", "egfr", "compound", "meals", "sex", *VIEWS[:1]} <= reached
    assert trail.index("explore") < trail.index("dose")


def test_a_radio_and_a_view_work_from_the_keyboard(seen):
    seen.open()
    seen.page.locator("input[name=meals][value=between]").focus()
    seen.page.keyboard.press("ArrowRight")
    seen.page.wait_for_selector("main[data-drawn*='meals=with']")
    seen.page.locator("a[data-view=glossary]").focus()
    seen.page.keyboard.press("Enter")
    seen.page.get_by_role("heading", name="Glossary").wait_for()

    assert "meals=with" in seen.page.url


def test_narrow_screens_never_scroll_sideways(fresh):
    page = fresh(390)
    for view in VIEWS:
        page.open(view=view)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390, view


def test_paper_shows_results_without_controls(seen):
    seen.open()
    seen.page.emulate_media(media="print")

    assert not seen.page.locator("form.panel").is_visible()
    assert not seen.page.locator("nav.views").is_visible()
    assert seen.page.locator("#figure-plasma").is_visible()
    assert seen.page.locator(".notice").is_visible()


def test_dark_mode_follows_the_system_and_the_button(fresh):
    colour = "() => getComputedStyle(document.body).backgroundColor"
    page = fresh(scheme="dark").open()
    dark = page.evaluate(colour)
    page.page.locator("#scheme").click()
    light = page.evaluate(colour)

    assert page.page.locator("#scheme").inner_text() == "Light"
    assert dark != light
    assert max(int(part) for part in dark[4:-1].split(",")) < 60 < min(int(part) for part in light[4:-1].split(","))
