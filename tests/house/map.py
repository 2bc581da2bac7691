"""Two documents made from the code itself, the map and the settings: ``python -m tests.house.map --write``."""

from __future__ import annotations

import dataclasses
import sys
from itertools import groupby

from donate.settings import Settings
from tests.house.code import ROOT, modules

MAP = ROOT / "docs" / "map.md"
SETTINGS = ROOT / "docs" / "settings.md"

_MAP_HEAD = """# The map

Every file of the application with its caption, which is the first line of the file's own docstring.
Made by `python -m tests.house.map --write`; a test keeps it true. Why it is divided like this:
[decision 1](decisions/0001-rooms-and-doors.md).
"""
_SETTINGS_HEAD = """# Settings

What the deployment decides, from the environment. What the newsroom itself changes (its name, words, funds, zone,
currencies) lives in the database, and is changed at the desk or by its file: [newsroom.md](newsroom.md).

`flask settings` prints the same list with what each is now; secrets stay hidden. A bad value stops the start with
one sentence. `make demo` keeps its own in `var/demo.env`, which `flask` commands read where the environment is
silent; `make serve`, `make worker` and the tests never do (`DONATE_NO_DEMO_ENV=1`).

Made by `python -m tests.house.map --write` from `donate/settings.py`; a test keeps it true.

| setting | what it is | default |
|---|---|---|
"""


def write_map() -> str:
    """Write the map from the files as they are."""
    lines = [_MAP_HEAD]
    ordered = sorted(modules(), key=lambda module: (module.path.count("/") > 1, module.path))
    for folder, files in groupby(ordered, key=lambda module: module.path.rpartition("/")[0]):
        lines.append(f"\n## {folder or 'the project'}\n")
        lines += [f"- `{module.path.rpartition('/')[2]}`: {module.caption}" for module in files]
    return "\n".join(lines) + "\n"


def write_settings() -> str:
    """Write the settings from their own declarations."""
    rows = []
    for each in dataclasses.fields(Settings):
        default = str(each.default).replace(f"{ROOT}/", "")
        says = each.metadata["says"].replace("|", "\\|")
        rows.append(f"| `{each.name.upper()}` | {says} | {f'`{default}`' if default else '(empty)'} |")
    return _SETTINGS_HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    if "--write" in sys.argv:
        MAP.write_text(write_map())
        SETTINGS.write_text(write_settings())
    else:
        sys.stdout.write(write_map() + write_settings())
