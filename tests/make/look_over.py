"""Look a page over as it stands in a browser: nothing for axe, nothing beyond its sides."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

#: Each language on a phone and a desk, in light and dark: (prefix, width, scheme).
SCREENS = [
    ("", 360, "light"), ("", 1280, "dark"),
    ("/ar", 360, "dark"), ("/ar", 1280, "light"),
    ("/he", 360, "light"), ("/he", 1280, "dark"),
]  # fmt: skip


def look_over(page: Page, *, with_axe: bool = True) -> None:
    """Expect a page that everyone can use and that fits across its screen.

    Args:
        page: Where it is open. Its style sheets are waited for: half of them make another page.
        with_axe: Whether axe can run; it waits for timers, which a page without scripts has not.
    """
    page.wait_for_load_state()
    across, wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert across <= wide, f"{page.url} is {across} pixels across on a screen of {wide}"
    if with_axe:
        found = Axe().run(page)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
