"""RESULTS.md in parts: a run writes its own and leaves the others as they are."""

from __future__ import annotations

import re

from bench.server import ROOT

_FILE = ROOT / "bench" / "RESULTS.md"


def keep_head(text: str) -> None:
    """Write what stands before the first section of RESULTS.md, its title included."""
    _, sections = _read()
    _write(text, sections)


def keep_section(heading: str, text: str) -> None:
    """Write a section of RESULTS.md in place of the one with this heading, or after the last.

    Args:
        heading: One line, without its marks.
        text: What stands under it.
    """
    head, sections = _read()
    _write(head, sections | {heading: text})


def _read() -> tuple[str, dict[str, str]]:
    found = _FILE.read_text() if _FILE.exists() else "# The last results"
    head, *sections = re.split(r"^## ", found, flags=re.MULTILINE)
    parts = (section.partition("\n") for section in sections)
    return head, {heading.strip(): text for heading, _, text in parts}


def _write(head: str, sections: dict[str, str]) -> None:
    parts = [head.strip(), *(f"## {heading}\n\n{text.strip()}" for heading, text in sections.items())]
    _FILE.write_text("\n\n".join(parts) + "\n")
