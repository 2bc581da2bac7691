"""What is written about the project agrees with it: map, settings, commands, and no machine's own names."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import click
import pytest

from donate.app import create_app
from tests.house.code import ROOT
from tests.house.map import MAP, SETTINGS, write_map, write_settings
from tests.make.application import settings_for


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_the_map_names_every_file_with_its_own_caption() -> None:
    assert MAP.read_text() == write_map(), "run: python -m tests.house.map --write"


def test_every_setting_is_documented_with_its_default() -> None:
    assert SETTINGS.read_text() == write_settings(), "run: python -m tests.house.map --write"


def test_every_command_says_what_it_does(tmp_path: Path) -> None:
    app = create_app(settings_for("sqlite://", tmp_path), ask_offset=lambda: 0.0)
    silent = []
    for top in app.cli.commands.values():
        for name, command in top.commands.items() if isinstance(top, click.Group) else [(top.name, top)]:
            if not (command.help or "").strip():
                silent.append(name)
    assert silent == []


def test_the_readme_names_every_make_target() -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    readme = (ROOT / "README.md").read_text()
    assert [target for target in targets if target != "help" and f"make {target}" not in readme] == []


def test_every_decision_is_numbered_in_order() -> None:
    names = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [name[:4] for name in names] == [f"{at:04}" for at in range(1, len(names) + 1)]


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for name in tracked():
        if name.endswith(".md"):
            for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", (ROOT / name).read_text()):
                if not re.match(r"[a-z]+:", target) and not ((ROOT / name).parent / target).exists():
                    broken.append(f"{name}: {target}")
    assert broken == []


#: This file writes down what it looks for.
THIS = "tests/house/test_documents.py"


def test_no_file_names_a_machine_or_where_packages_came_from() -> None:
    paths = ("/work/", "/home/[a-z]", "/Users/")
    hosts = ("--(extra-)?index-url", "--find-links", "py" r"pi\.org", "pythonhosted")
    forbidden = re.compile("|".join(paths + hosts))
    found = []
    for name in tracked():
        if name.endswith((".woff2", ".jpg", ".png", ".webp", ".ico", ".avif")) or name in ("LICENSE", THIS):
            continue
        try:
            text = (ROOT / name).read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{name}: {hit.group()}" for hit in forbidden.finditer(text)]
    assert found == []
