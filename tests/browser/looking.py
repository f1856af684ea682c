"""What a browser test does and asks of any page.

It goes to another page and waits for that; axe finds nothing, nothing sticks out, targets can be hit.
"""

import time
from collections.abc import Callable

from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Frame
from playwright.sync_api import Locator
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST_TARGET = 24


def press(page: Page | Frame, button: Locator) -> None:
    """Presses what leads to another page, and waits for that: a click alone does not, and a script may first save."""
    with page.expect_navigation():
        button.click()


def press_button(page: Page | Frame, name: str) -> None:
    """The same, for the one button that is called exactly `name`."""
    press(page, page.get_by_role("button", name=name, exact=True))


def press_enter(page: Page) -> None:
    """The same, by the key, on what has the focus."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def frame(page: Page, selector: str) -> Frame:
    """What the `iframe` at `selector` shows."""
    found = page.locator(selector).element_handle().content_frame()
    assert found is not None
    return found


def wait_until(said: Callable[[], bool], patience: float = 30) -> None:
    """Waits for what no page shows, such as a row that is stored while nobody looks, for `patience` seconds."""
    end = time.monotonic() + patience
    while not said():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


def faults(page: Page, only: list[str] | None = None) -> list[str]:
    """What axe finds wrong (by the rules `only`), in one line each. The page's browser must run scripts."""
    rules = {"type": "rule", "values": only} if only else RULES
    # Without its account of all that is right, axe takes a fifth of the time.
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})["violations"]
    return [f"{fault['id']}: {node['html']}" for fault in found for node in fault["nodes"]]


def faults_in_the_dark(page: Page) -> list[str]:
    """What is hard to read for those who prefer a dark screen. The page is light again afterwards."""
    page.emulate_media(color_scheme="dark")
    found = faults(page, ["color-contrast"])
    page.emulate_media(color_scheme="light")
    return found


def sticks_out(page: Page, width: int) -> bool:
    """Whether the page is wider than a screen of `width` CSS pixels."""
    page.set_viewport_size({"width": width, "height": 740})
    wide: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wide


def too_small(page: Page) -> list[str]:
    """Buttons, boxes and fields that are hard to hit. Links within a sentence may be as low as the line."""
    targets = page.locator("button, .button, input, textarea, select, nav a, .buttons a")
    small: list[str] = targets.evaluate_all(
        """(nodes, least) => nodes.filter(node => node.checkVisibility({visibilityProperty: true}) && !node.ariaHidden)
        .map(node => [node.getBoundingClientRect(), node])
        .filter(([box]) => Math.min(box.width, box.height) < least)
        .map(([box, node]) => `${node.outerHTML} ${box.width} by ${box.height}`)""",
        SMALLEST_TARGET,
    )
    return small


def tab_to(page: Page, target: Locator, at_most: int = 80) -> None:
    """Presses Tab until `target` has the focus. Raises AssertionError where it never gets it."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if page.locator(":focus").and_(target).count():
            return
    raise AssertionError(f"the keyboard does not reach {target}")
