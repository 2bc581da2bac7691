"""Read the tables and figures of a page as its reader does."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Cell:
    """One cell.

    Args:
        text: What stands in it.
        link: Where it leads; empty where nowhere.
    """

    text: str
    link: str

    @property
    def query(self) -> dict[str, str]:
        """What its link asks for."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.link).query, keep_blank_values=True).items()}


def words(part: str) -> str:
    """Read a part of a page as text."""
    return " ".join(html.unescape(_TAG.sub(" ", part)).split())


def rows_of(page: str, label: str) -> list[list[Cell]]:
    """Read the lines of a table below its head, its foot among them.

    Args:
        page: The whole page.
        label: What the table's frame is called.
    """
    start = page.index(f'aria-label="{label}"')
    table = page[start : page.index("</table>", start)]
    return [
        [Cell(words(cell), _link(cell)) for cell in re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    ]


def figure_of(page: str, name: str) -> str:
    """Read a figure by its name."""
    found = re.search(
        rf'<p class="stat__name">{re.escape(name)}</p><(?:a|p) class="stat__value"[^>]*>(.*?)</(?:a|p)>',
        page,
        re.DOTALL,
    )
    assert found is not None, f"no figure is called {name}"
    return words(found[1])


def cents(text: str) -> int:
    """Read a sum in dollars as cents."""
    return int(text.replace("−", "-").replace("$", "").replace(",", "").replace(".", ""))


def _link(cell: str) -> str:
    found = re.search(r'<a[^>]*href="([^"]*)"', cell)
    return html.unescape(found[1]) if found else ""
