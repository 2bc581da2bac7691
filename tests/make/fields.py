"""Read a page's form as a browser would send it."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import Any

Fields = dict[str, str]


def fields_of(page: str) -> Fields:
    """Read what a browser would send from a page's form: hidden fields, what is ticked, what is typed."""
    fields: Fields = {}
    for tag in re.findall(r"<input[^>]*>", page):
        attributes = {name: html.unescape(value) for name, value in re.findall(r'([a-z-]+)="([^"]*)"', tag)}
        if attributes.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        if "name" in attributes:
            fields[attributes["name"]] = attributes.get("value", "")
    for name, text in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL):
        fields[name] = html.unescape(text)
    return fields


class _Form(HTMLParser):
    """Reads one form: what is typed, ticked and chosen in it."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.values: dict[str, list[str]] = {}
        self._is_inside = False
        self._area = self._select = ""
        self._options: list[str] = []
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self._is_inside = found.get("id") == self.form_id
        if not self._is_inside:
            return
        name = found.get("name") or ""
        if tag == "input" and name and (found.get("type") not in ("radio", "checkbox") or "checked" in found):
            self.values.setdefault(name, []).append(found.get("value") or "")
        elif tag == "textarea":
            self._area, self._text = name, []
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option":
            # The first stands where none is chosen.
            if "selected" in found:
                self._options.insert(0, found.get("value") or "")
            else:
                self._options.append(found.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
        elif tag == "textarea" and self._area:
            self.values.setdefault(self._area, []).append("".join(self._text).removeprefix("\n"))
            self._area = ""
        elif tag == "select" and self._select:
            self.values.setdefault(self._select, []).append(self._options[0])
            self._select = ""


def form_values(page: str, form_id: str) -> dict[str, Any]:
    """Read what a browser would send from one of a page's forms, its lists of ticks with it.

    Args:
        page: Its HTML.
        form_id: The form's id.
    """
    form = _Form(form_id)
    form.feed(page)
    return {name: values[0] if len(values) == 1 else values for name, values in form.values.items()}
