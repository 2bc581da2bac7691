"""The lead picture: shown above the story once, and not a second time where the body begins with it."""

from __future__ import annotations

import re

from donate.articles.importers.paragraphs import plain

_FIRST = re.compile(r"\s*<figure\b[^>]*>(?P<inside>.*?)</figure>\s*", re.DOTALL)
_SOURCE = re.compile(r"<img\b[^>]*?\bsrc=\"([^\"]*)\"")
_CAPTION = re.compile(r"<figcaption\b[^>]*>(.*?)</figcaption>", re.DOTALL)


def lift_lead_picture(body: str, image: str, caption: str) -> tuple[str, str]:
    """Take the lead picture from a body's start; another picture there stays.

    Args:
        body: Paragraphs and figures.
        image: The lead picture's address, or nothing.
        caption: What is known to stand under it, or nothing.

    Returns:
        The body without it, and the caption, which may have stood only there.
    """
    found = _FIRST.match(body)
    if not image or found is None:
        return body, caption
    sources = _SOURCE.findall(found["inside"])
    if len(sources) != 1 or picture_name(sources[0]) != picture_name(image):
        return body, caption
    printed = _CAPTION.search(found["inside"])
    return body[found.end() :], caption or (plain(printed[1]) if printed else "")


def picture_name(address: str) -> str:
    """Name a picture whatever its size: WordPress sets each apart by ``-1024x768``."""
    return re.sub(r"-\d+x\d+(?=\.\w+$)", "", re.split(r"[?#]", address)[0].rpartition("/")[2])
