"""python -m bench.imports: a hundred thousand past gifts, the memory they take, and the memory of a tenth of them.

Each import is a process of its own; its memory is the most it ever held, and how much of that the import added.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bench.keep import keep_section
from bench.newsroom import serve_environment
from bench.server import ROOT
from tests.make import application

GIFTS, GOAL_MB = 100_000, 40
_HEAD = "id,donor_id,email,first_name,last_name,date,amount,currency,note"
_LOAD = """
from donate.commands.samples import load_samples
from wsgi import app
with app.app_context():
    load_samples()
"""
_OURS = """
import json, resource, sys, time
from pathlib import Path
from donate.records.imports.bring_in import Asked, bring_in
from donate.team.history import SYSTEM
from wsgi import app
path, is_dry = Path(sys.argv[1]), sys.argv[2] == "dry"
with app.app_context():
    held = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    before, began = held(), time.monotonic()
    report = bring_in(path, Asked("generic"), is_dry=is_dry, who=SYSTEM)
    print(json.dumps([time.monotonic() - began, held(), held() - before, report.gifts["new"], report.gifts["known"]]))
"""


def measure_imports(gifts: int) -> tuple[str, bool]:
    """Import a tenth, all, and all again, on SQLite; give the table, and whether memory kept to its goal.

    Args:
        gifts: How many rows the large file has.
    """
    folder = Path(tempfile.mkdtemp(prefix="donate-bench-"))
    try:
        environ = {**os.environ, **serve_environment(folder)}
        application.migrate(environ["DATABASE_URL"])
        subprocess.run([sys.executable, "-c", _LOAD], cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL)
        small, large = _file(folder / "small.csv", gifts // 10, "S"), _file(folder / "large.csv", gifts, "L")
        runs = [
            ("dry run", large, "dry"), ("import", small, "real"), ("import", large, "real"), ("again", large, "real")
        ]  # fmt: skip
        rows = ["| what | rows | seconds | rows a second | MB held | MB added |", "|---|---:|---:|---:|---:|---:|"]
        added = []
        for what, path, mode in runs:
            many = gifts // 10 if path is small else gifts
            took, held, more, new, known = _ours(environ, path, mode)
            assert new + known == many, (what, new, known)
            rows.append(f"| {what} | {many:,} | {took:.1f} | {many / took:,.0f} | {held} | {more} |")
            added.append(more)
        return "\n".join(rows) + "\n", max(added) <= GOAL_MB
    finally:
        shutil.rmtree(folder)


def _ours(environ: Mapping[str, str], path: Path, mode: str) -> list[float]:
    made = subprocess.run(
        [sys.executable, "-c", _OURS, str(path), mode], cwd=ROOT, env=environ, check=True, capture_output=True
    )
    found: list[float] = json.loads(made.stdout.splitlines()[-1])
    return found


def _file(path: Path, many: int, mark: str) -> Path:
    """Write gifts of a fifth as many people."""
    note = "Thank you for what you do and please go on doing it. " * 4
    with path.open("w", encoding="utf-8") as out:
        out.write(_HEAD + "\n")
        for n in range(many):
            who = n // 5
            out.write(
                f"{mark}{n},{mark}{who},reader{mark}{who}@example.org,Reader,Number {who},"
                f"20{n % 5 + 20}-{n % 12 + 1:02}-{n % 28 + 1:02},{n % 90 + 1}.50,USD,{note}\n"
            )
    return path


def main() -> int:
    """Measure; 1 when memory grew beyond its goal."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--gifts", type=int, default=GIFTS)
    table, is_met = measure_imports(asked.parse_args().gifts)
    sys.stdout.write(table)
    keep_section(
        "Imports of past gifts, sqlite",
        f"Generic CSV, a fifth as many people as gifts; at most {GOAL_MB} MB may be added, however long the file. "
        f"{os.cpu_count()} cores, {os.getloadavg()[1]:.1f} processes waiting for them.\n\n{table}",
    )
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
