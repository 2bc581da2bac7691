"""The ``[look]`` table of the newsroom's file: its accent and its logo, read, kept and told."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from donate.db import db
from donate.errors import Unreadable
from donate.newsroom.colour import LEAST, is_colour, nearest_readable, readable
from donate.newsroom.models import Logo, Newsroom
from donate.newsroom.picture import Picture, read_picture
from donate.newsroom.queries import find_logo
from donate.newsroom.read_values import read_flag, read_table, read_text

# How the file names a logo that is kept here already, and one that it brings along.
_KEPT, _BROUGHT = "logo:", ("data:image/png;base64,", "data:image/svg+xml;base64,")


def read_look(data: Mapping[str, Any]) -> dict[str, Any]:
    """Read the table, and keep a logo it brings; inside the caller's ``committed()``.

    Args:
        data: The file's contents.

    Returns:
        ``accent`` (empty is the house's), and ``logo`` where there is one.

    Raises:
        Unreadable: ``value_wrong`` (key, value, should), ``accent_pale`` (key, ratio, nearest), or what
            ``read_picture`` says.
    """
    told = read_table(data, "look")
    look: dict[str, Any] = {"accent": _accent(read_text(told, "accent", "", key="look.accent"))}
    logo = _logo(read_text(told, "logo", "", key="look.logo"))
    if logo is not None:
        has_name = read_flag(told, "logo_has_name", key="look.logo_has_name")
        look["logo"] = {"mark": logo.mark, "kind": logo.kind, "width": logo.width, "height": logo.height}
        look["logo"]["has_name"] = has_name
    return look


def tell_look(row: Newsroom) -> dict[str, Any]:
    """Tell the table as the file has it, the logo by its mark; ``bring_logo`` makes it whole.

    Args:
        row: The newsroom's.
    """
    look: Mapping[str, Any] = row.look or {}
    logo: Mapping[str, Any] = look.get("logo", {})
    return {
        "accent": look.get("accent", ""),
        "logo": _KEPT + logo["mark"] if logo else "",
        "logo_has_name": bool(logo.get("has_name")),
    }


def bring_logo(named: str) -> str:
    """Give a logo as a file brings it along.

    Args:
        named: As ``tell_look`` names it; empty stays so.
    """
    logo = find_logo(named.removeprefix(_KEPT)) if named else None
    if logo is None:
        return ""
    return _BROUGHT[logo.kind == "svg"] + base64.b64encode(logo.body).decode()


def keep_logo(picture: Picture) -> str:
    """Keep a picture, once; inside ``committed()``.

    Returns:
        What the table names it by.
    """
    if find_logo(picture.mark) is None:
        db.session.add(
            Logo(mark=picture.mark, kind=picture.kind, body=picture.body, width=picture.width, height=picture.height)
        )
        db.session.flush()
    return _KEPT + picture.mark


def _accent(told: str) -> str:
    accent = told.strip().lower()
    if accent and not is_colour(accent):
        raise Unreadable("value_wrong", key="look.accent", value=told, should="a colour such as #5b1d4d")
    if accent and readable(accent) < LEAST:
        # Cut and not rounded: what is refused never reads as what would pass.
        ratio = f"{int(readable(accent) * 100) / 100:.2f}"
        raise Unreadable("accent_pale", key="look.accent", ratio=ratio, nearest=nearest_readable(accent))
    return accent


def _logo(told: str) -> Logo | None:
    if not told:
        return None
    for start in _BROUGHT:
        if told.startswith(start):
            try:
                given = base64.b64decode(told.removeprefix(start), validate=True)
            except binascii.Error as broken:
                raise Unreadable("picture_broken", key="look.logo") from broken
            told = keep_logo(read_picture(given))
    logo = find_logo(told.removeprefix(_KEPT)) if told.startswith(_KEPT) else None
    if logo is None:
        raise Unreadable("value_wrong", key="look.logo", value=told[:40], should="a PNG or SVG as a data: address")
    return logo
