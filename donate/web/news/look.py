"""What is the newsroom's own of the look: its colours as a style sheet, its logo, each under an address of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, url_for

from donate.newsroom.colour import LEAST, Palette, dark_palette, is_colour, palette, readable
from donate.newsroom.queries import find_logo
from donate.web.news.door import news
from donate.web.reading import found_newsroom

# What an address names never changes: another colour and another picture have another.
_FOR_EVER = "public, max-age=31536000, immutable"
_TYPES = {"png": "image/png", "svg": "image/svg+xml"}
# Beside a name a picture that is about square; wider ones are no sign for a browser's tab.
_SQUARE = 1.5


@dataclass(frozen=True)
class OwnLogo:
    """The logo as a page shows it.

    Args:
        address: Of the picture.
        width: In its own pixels.
        height: Likewise.
        has_name: Whether the newsroom's name is in it.
        kind: Its media type.
    """

    address: str
    width: int
    height: int
    has_name: bool
    kind: str

    @property
    def is_square(self) -> bool:
        """Tell whether it may stand in a browser's tab."""
        return 1 / _SQUARE <= self.width / self.height <= _SQUARE


@news.get("/look/<accent>.css")
def look_css(accent: str) -> Response:
    """Give the colours that follow from an accent."""
    colour = f"#{accent}"
    if not is_colour(colour) or readable(colour) < LEAST:
        abort(404)
    dark = (
        f"@media (prefers-color-scheme: dark) {{ :root:not([data-theme=light]) {{ {_tokens(dark_palette(colour))} }} }}"
    )
    sheet = f":root {{ {_tokens(palette(colour))} }}\n{dark}\n"
    return Response(sheet, mimetype="text/css", headers={"Cache-Control": _FOR_EVER})


@news.get("/look/logo/<mark>")
def logo(mark: str) -> Response:
    """Give a logo."""
    found = find_logo(mark)
    if found is None:
        abort(404)
    headers = {
        "Cache-Control": _FOR_EVER,
        # Opened by itself an SVG is a page: nothing runs in it and nothing is fetched for it.
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        # A page elsewhere that shows our ask may show whose it is.
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return Response(found.body, mimetype=_TYPES[found.kind], headers=headers)


@news.app_template_global("own_colours")
def own_colours() -> str:
    """Give the address of the newsroom's own colours; empty where it has the house's."""
    accent = _look().get("accent", "")
    return url_for("news.look_css", accent=accent[1:]) if accent else ""


@news.app_template_global("own_logo")
def own_logo() -> OwnLogo | None:
    """Give the newsroom's own logo; none where it has the house's mark."""
    held = _look().get("logo")
    if not held:
        return None
    address = url_for("news.logo", mark=held["mark"])
    return OwnLogo(address, held["width"], held["height"], bool(held.get("has_name")), _TYPES[held["kind"]])


@news.app_template_global("logo_path")
def logo_path(named: str) -> str:
    """Give the address of a logo by the name that settings have for it."""
    return url_for("news.logo", mark=named.rpartition(":")[2])


def _look() -> dict[str, Any]:
    row = found_newsroom()
    return (row.look or {}) if row is not None else {}


def _tokens(colours: Palette) -> str:
    return (
        f"--give: {colours.give}; --give-strong: {colours.strong}; --on-give: {colours.on_give}; "
        f"--give-tint: {colours.tint};"
    )
