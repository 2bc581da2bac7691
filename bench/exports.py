"""python -m bench.exports: exports of many gifts beside each database's own way out, and XLSX beside a bare writer.

Both sides of a ratio are asked the same SELECT, one after the other. Ours is a process of its own whose clock starts
when its modules are loaded; its memory is the most it ever held, and how much of that the export added.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bench.keep import keep_section
from bench.lines import Line, write_table
from bench.newsroom import serve_environment
from bench.server import ROOT
from tests.make import application
from tests.make.cluster import Cluster, find_programs, why_not

GIFTS, GIFTS_A_DONOR, ROUNDS = 100_000, 10, 3
COPY_GOAL, SQLITE_GOAL, XLSX_GOAL, GOAL_MB = 1.5, 2.5, 1.5, 40
KINDS = ("donations", "ledger")
_OURS = """
import json, resource, sys, time
from donate.reports.export import Period, write_export
from wsgi import app
kind, form, path = sys.argv[1:]
with app.app_context(), open(path, "wb") as out:
    held = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    before, began = held(), time.monotonic()
    write_export(kind, Period(), form, out)
    out.flush()
    print(json.dumps([time.monotonic() - began, held(), held() - before]))
"""
_SELECT = """
import sys
from donate.db import db
from donate.reports.export import KINDS, Period
from wsgi import app
with app.app_context():
    asked = KINDS[sys.argv[1]].asked(Period())
    print(asked.compile(dialect=db.engine.dialect, compile_kwargs={"literal_binds": True}))
"""
#: Rows by the driver's own cursor into dicts, sums as numbers, and nothing else.
_BARE_XLSX = """
import json, resource, sqlite3, sys, time
from rustpy_xlsxwriter import write_worksheet
from donate.reports.export import KINDS
path, select, kind, out = sys.argv[1:]
amounts = KINDS[kind].amounts
def rows():
    cursor = sqlite3.connect(path).execute(select)
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield {name: float(text) if text and name in amounts else text for name, text in zip(names, row)}
began = time.monotonic()
write_worksheet(rows(), out, kind, freeze_row=1, autofilter=True, bold_headers=True)
print(json.dumps([time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024]))
"""


def measure_sqlite(gifts: int, rounds: int) -> tuple[list[Line], list[str]]:
    """Measure CSV and XLSX on SQLite; give the ratios, and what was held and how long it took.

    Args:
        gifts: Seeded into it.
        rounds: Of each ratio.
    """
    folder = Path(tempfile.mkdtemp(prefix="donate-bench-"))
    try:
        return _on_sqlite(folder, gifts, rounds)
    finally:
        shutil.rmtree(folder)


def _on_sqlite(folder: Path, gifts: int, rounds: int) -> tuple[list[Line], list[str]]:
    environ = {**os.environ, **serve_environment(folder)}
    _seed(environ, gifts)
    path, out = folder / "bench.db", folder / "out"
    lines, said = [], []
    for kind in KINDS:
        select = _ask(environ, _SELECT, kind)
        name, beside = _sqlite_itself(path, select, out)
        line, word = _line(f"SQLite: {gifts:,} {kind} as CSV", name, SQLITE_GOAL, rounds,
                           lambda kind=kind: _ours(environ, kind, "csv", out), beside)  # fmt: skip
        lines.append(line)
        said.append(word)
    select = _ask(environ, _SELECT, "donations")
    line, word = _line(
        f"SQLite: {gifts:,} donations as XLSX", "bare rustpy-xlsxwriter, formats by column", XLSX_GOAL, rounds,
        lambda: _ours(environ, "donations", "xlsx", out),
        lambda: json.loads(_ask(environ, _BARE_XLSX, str(path), select, "donations", f"{out}.xlsx"))[0],
    )  # fmt: skip
    return [*lines, line], [*said, word]


def _sqlite_itself(path: Path, select: str, out: Path) -> tuple[str, Callable[[], float]]:
    """Give SQLite's own program, or where there is none, the least that Python can do."""
    program = shutil.which("sqlite3")

    def by_program() -> float:
        with out.open("wb") as file:
            return _timed(lambda: subprocess.run([str(program), "-csv", str(path), select], check=True, stdout=file))

    def by_python() -> float:
        def write() -> None:
            with out.open("w", newline="") as file:
                csv.writer(file).writerows(sqlite3.connect(path).execute(select))

        return _timed(write)

    return ("sqlite3 -csv", by_program) if program else ("Python's sqlite3 and csv (no sqlite3 here)", by_python)


def measure_postgresql(gifts: int, rounds: int) -> tuple[list[Line], list[str]]:
    """Measure CSV on PostgreSQL; give the ratios, and what was held and how long it took.

    Args:
        gifts: Seeded into it.
        rounds: Of each ratio.
    """
    why, programs, psql = why_not(), find_programs(), shutil.which("psql")
    if why is not None or programs is None or psql is None:
        return [], [f"PostgreSQL was not measured: {why or 'there is no psql'}."]
    folder = Path(tempfile.mkdtemp(prefix="donate-bench-"))
    cluster = Cluster(folder, programs)
    try:
        cluster.start(application.migrate)
        environ = {**os.environ, **serve_environment(folder), "DATABASE_URL": cluster.copy("bench")}
        _seed(environ, gifts)
        subprocess.run([psql, "-qh", str(folder), "-U", "postgres", "bench", "-c", "VACUUM ANALYZE"], check=True)
        lines, said = [], []
        for kind in KINDS:
            select = " ".join(_ask(environ, _SELECT, kind).split())
            order = f"\\copy ({select}) TO '{folder / 'out'}' (FORMAT csv)"
            words = [psql, "-qh", str(folder), "-U", "postgres", "bench", "-c", order]
            line, word = _line(
                f"PostgreSQL: {gifts:,} {kind} as CSV", "psql \\copy", COPY_GOAL, rounds,
                lambda kind=kind: _ours(environ, kind, "csv", folder / "ours"),
                lambda words=words: _timed(lambda: subprocess.run(words, check=True)),
            )  # fmt: skip
            lines.append(line)
            said.append(word)
        return lines, said
    finally:
        cluster.stop()
        shutil.rmtree(folder)


def _line(
    name: str,
    beside: str,
    goal: float,
    rounds: int,
    ours: Callable[[], tuple[float, int, int]],
    theirs: Callable[[], float],
) -> tuple[Line, str]:
    ours(), theirs()  # warm
    ratios, seconds, bare, peak, more = [], [], [], 0, 0
    for _ in range(rounds):
        took, held, added = ours()
        bare.append(theirs())
        seconds.append(took)
        ratios.append(took / bare[-1])
        peak, more = max(peak, held), max(more, added)
    word = f"{name}: {min(seconds):.1f} s beside {min(bare):.1f} s at the quickest; {peak} MB, {more} of them its own"
    sys.stdout.write(word + "\n")
    sys.stdout.flush()
    return Line(name, beside, goal, ratios), word + ("" if more <= GOAL_MB else " (too many)")


def _ours(environ: Mapping[str, str], kind: str, form: str, out: Path) -> tuple[float, int, int]:
    took, held, added = json.loads(_ask(environ, _OURS, kind, form, str(out)))
    return took, held, added


def _timed(act: Callable[[], object]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def _seed(environ: Mapping[str, str], gifts: int) -> None:
    for words in (["db", "upgrade"], ["seed", "--donors", str(max(1, gifts // GIFTS_A_DONOR)), "--donations",
                                      str(gifts), "--until", "2026-10-31"]):  # fmt: skip
        subprocess.run([sys.executable, "-m", "flask", *words], cwd=ROOT, env=environ, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip


def _ask(environ: Mapping[str, str], program: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *words], cwd=ROOT, env=environ, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def main() -> int:
    """Measure and keep the table; 1 when a goal is missed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--gifts", type=int, default=GIFTS)
    words.add_argument("--rounds", type=int, default=ROUNDS)
    words.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = words.parse_args()
    each = {"sqlite": measure_sqlite, "postgresql": measure_postgresql}
    found = [_keep(name, act, asked.gifts, asked.rounds) for name, act in each.items() if asked.only in (None, name)]
    return 0 if all(found) else 1


def _keep(name: str, act: Callable[[int, int], tuple[list[Line], list[str]]], gifts: int, rounds: int) -> bool:
    lines, said = act(gifts, rounds)
    table = write_table(lines)
    sys.stdout.write(table)
    load = os.getloadavg()[1]
    keep_section(
        f"Exports, {name}, {gifts:,} gifts",
        f"Wall time, {rounds} rounds, {os.cpu_count()} cores with {load:.1f} processes waiting for them. Both "
        f"sides are asked the same SELECT. Goal of memory: {GOAL_MB} MB more than before.\n\n{table}\n"
        + "\n".join(f"- {word}" for word in said),
    )
    return all(line.is_met for line in lines)


if __name__ == "__main__":
    sys.exit(main())
