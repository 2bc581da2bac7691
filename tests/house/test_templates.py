"""Every template can be read, and no page carries script or style of its own."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest
from jinja2 import Environment

from donate.web.once import Once
from tests.house.code import ROOT

TEMPLATES = ROOT / "templates"


@lru_cache(maxsize=1)
def names() -> list[str]:
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", names())
def test_a_template_is_well_formed(name: str) -> None:
    # The real environment adds filters only; what is read here is the grammar.
    Environment(autoescape=True, extensions=["jinja2.ext.i18n", Once]).parse((TEMPLATES / name).read_text())


@pytest.mark.parametrize("name", [name for name in names() if name.endswith(".html") and not name.startswith("mail/")])
def test_a_page_has_no_inline_script_or_style(name: str) -> None:
    text = re.sub(r"\{#.*?#\}", "", (TEMPLATES / name).read_text(), flags=re.DOTALL)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)", text), "a script without src"
    assert not re.search(r"<style\b", text)
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "an event handler in HTML"
    assert "javascript:" not in text


def test_styles_use_directions_that_turn_with_the_language() -> None:
    """Logical properties only: what says left or right would stand on the wrong side in Arabic and Hebrew."""
    physical = re.compile(
        r"^\s*(margin|padding|border)-(left|right)\b|^\s*(left|right):|text-align:\s*(left|right)|float:\s*(left|right)"
    )
    found = []
    for path in sorted((ROOT / "static" / "css").rglob("*.css")):
        found += [
            f"{path.relative_to(ROOT)}:{at} {line.strip()}"
            for at, line in enumerate(path.read_text().splitlines(), 1)
            if physical.search(line) and "physical:" not in line
        ]
    assert found == []


def test_every_static_file_a_template_names_exists() -> None:
    missing = []
    for name in names():
        for asset in re.findall(r"asset\(['\"]([^'\"]+)['\"]\)", (TEMPLATES / name).read_text()):
            if not (Path(ROOT / "static") / asset).is_file():
                missing.append(f"{name}: {asset}")
    assert missing == []
