"""python -m bench.statements: the memory of one job that writes a year's statements, of few donors and of very many.

Each is the real command in a process of its own, on SQLite, drawing every PDF; its memory is the most it ever held.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from bench.keep import keep_section
from bench.newsroom import serve_environment
from bench.server import ROOT

YEAR, GIFTS_EACH = 2025, 3
FEW, MANY = 500, 50_000
GOAL_MB = 300


def measure(donors: int) -> tuple[int, float, int]:
    """Write the statements of so many donors; give the peak in MB, the minutes, and how many files there are."""
    folder = Path(tempfile.mkdtemp(prefix="donate-bench-"))
    try:
        environ = {**os.environ, **serve_environment(folder)}
        _flask(environ, "db", "upgrade")
        gifts = str(donors * GIFTS_EACH)
        _flask(environ, "seed", "--donors", str(donors), "--donations", gifts, "--years", "1",
               "--until", f"{YEAR}-12-31")  # fmt: skip
        began = time.monotonic()
        peak = _peak(environ, "receipts", "statements", str(YEAR), "--out", str(folder / "statements"))
        minutes = (time.monotonic() - began) / 60
        return peak, minutes, len(list((folder / "statements").glob("*.pdf")))
    finally:
        shutil.rmtree(folder)


def _flask(environ: Mapping[str, str], *words: str) -> None:
    command = [sys.executable, "-m", "flask", *words]
    subprocess.run(command, cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _peak(environ: Mapping[str, str], *words: str) -> int:
    """Run a command in a child whose only child it is; give the most memory it held, in MB."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _flask(environ, *words)
            held = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
            os.write(writer, str(held).encode())
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader) as told:
        return int(told.read() or -1)


def main() -> int:
    """Measure and keep the table; 1 when the goal is missed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--donors", type=int, nargs=2, default=[FEW, MANY])
    rows, peaks = [], []
    for donors in words.parse_args().donors:
        peak, minutes, files = measure(donors)
        peaks.append(peak)
        rows.append(f"| {donors:,} | {files:,} | {minutes:.1f} | {peak} |")
        sys.stdout.write(rows[-1] + "\n")
    table = "\n".join(["| donors | files | minutes | peak, MB |", "|---:|---:|---:|---:|", *rows])
    keep_section(
        "Annual statements",
        f"{GIFTS_EACH} gifts a donor, every PDF drawn, one process, SQLite. Goal: under {GOAL_MB} MB.\n\n{table}",
    )
    return 0 if 0 < max(peaks) < GOAL_MB else 1


if __name__ == "__main__":
    sys.exit(main())
