"""python -m bench.finance: the finance desk's pages among many gifts and among ten times as many.

Each page is asked of two servers in turn, one on a seeded database of few gifts and one of many, both spanning the same
years; the ratio is of the time an answer takes. The grid of months, appeals and funds is read from the sums kept by day
and computed from the entries themselves, in one process, one after the other.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from bench.keep import keep_section
from bench.lines import Line, write_table
from bench.newsroom import serve_environment
from bench.server import ROOT, Server

FEW, MANY, ROUNDS, ASKED = 100_000, 1_000_000, 7, 5
YEARS, UNTIL, GIFTS_A_DONOR = 3, "2026-11-01", 20
GROWTH_GOAL, GRID_GOAL = 1.5, 20.0
_DAYS = "from=2024-01-01&to=2026-10-31"
PAGES = {
    "overview": f"/staff/finance?{_DAYS}",
    **{
        f"income by {by}": f"/staff/finance/income?by={by}&{_DAYS}"
        for by in ("month", "fund", "appeal", "article", "source")
    },
    "recurring": "/staff/finance/recurring",
    "payouts": f"/staff/finance/payouts?{_DAYS}",
    "months": "/staff/finance/periods",
    "stories of a year up to a day": "/staff/finance/income?by=article&from=2026-01-01&to=2026-10-20",
    "donors": "/staff/finance/donors",
    "donors who gave again": "/staff/finance/donors?year=2025&standing=retained",
    "donors not yet again (LYBUNT)": "/staff/finance/donors?year=2026&standing=lybunt",
    "donors who lapsed": "/staff/finance/donors?standing=lapsed",
    "entries of a month": "/staff/finance/entries?from=2026-10-01&to=2026-10-31",
}
_COME_IN = """
from donate import clock
from donate.db import committed, db
from donate.entry.sessions import begin_session
from donate.team.come_in import LIFE
from donate.team.hire import add_staff
from donate.team.history import SYSTEM
from donate.team.models import StaffSession
from wsgi import app
with app.app_context():
    with committed():
        staff, _token = add_staff("bench@newsroom.example", "owner", SYSTEM)
        staff.totp_since = clock.real_now()
        session, secret = begin_session(StaffSession, staff.id, LIFE, "A browser")
        session.second_factor_at = clock.real_now()
    print(secret)
"""
#: What the server does by itself some minutes after so many rows were written.
_LOOK_THROUGH = """
from donate.db import db
from wsgi import app
with app.app_context(), db.engine.connect() as connection:
    connection.exec_driver_sql("VACUUM ANALYZE")
    print("done")
"""
_GRID = """
import json, sys, time
import sqlalchemy as sa
from donate.db import db
from wsgi import app
month = {"sqlite": "strftime('%Y-%m', {})", "postgresql": "to_char({}, 'YYYY-MM')"}
SUMS = ("SELECT MONTH AS month, fund_id, appeal_id, sum(entries), sum(settlement_gross_minor),"
        " sum(settlement_net_minor) FROM ledger_day WHERE entry_type = 'charge'"
        " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3").replace("MONTH", "{month}")
ROWS = ("SELECT MONTH AS month, e.fund_id, coalesce(d.appeal_id, 0), count(*), sum(e.settlement_gross_minor),"
        " sum(e.settlement_net_minor) FROM ledger_entry e JOIN donation d ON d.id = e.donation_id"
        " WHERE e.entry_type = 'charge' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3").replace("MONTH", "{month}")
def timed(connection, statement):
    began = time.monotonic()
    rows = [tuple(map(str, row)) for row in connection.execute(sa.text(statement))]
    return time.monotonic() - began, rows
with app.app_context():
    kind = db.engine.dialect.name
    with db.engine.connect() as connection:
        ratios = []
        for _ in range(int(sys.argv[1])):
            kept, found = timed(connection, SUMS.format(month=month[kind].format("booked_on")))
            took, computed = timed(connection, ROWS.format(month=month[kind].format("e.booked_on")))
            assert found == computed and found, (found[:3], computed[:3])
            ratios.append(took / kept)
print(json.dumps(ratios))
"""


def furnish(folder: Path, gifts: int, url: str = "") -> dict[str, str]:
    """Fill a database with so many gifts; give the settings of a site on it, and under ``STAFF`` a session's secret."""
    folder.mkdir()
    own = serve_environment(folder) | ({"DATABASE_URL": url} if url else {})
    _flask(own, "db", "upgrade")
    _flask(own, "seed", "--donors", str(gifts // GIFTS_A_DONOR), "--donations", str(gifts), "--years", str(YEARS),
           "--until", UNTIL)  # fmt: skip
    return own | {"STAFF": _run(own, _COME_IN)}


def _flask(own: Mapping[str, str], *words: str) -> None:
    command = [sys.executable, "-m", "flask", *words]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **own}, check=True, stdout=subprocess.DEVNULL)


def _run(own: Mapping[str, str], program: str, *words: str) -> str:
    command = [sys.executable, "-c", program, *words]
    said = subprocess.run(command, cwd=ROOT, env={**os.environ, **own}, check=True, stdout=subprocess.PIPE, text=True)
    return said.stdout.splitlines()[-1]


def measure_growth(few: Mapping[str, str], many: Mapping[str, str], database: str) -> list[Line]:
    """Ask two sites for each page in turn."""
    servers = [Server("wsgi:app", dict(each)) for each in (few, many)]
    try:
        return [
            Line(f"{database}: {name}", "the same among a tenth of the gifts", GROWTH_GOAL,
                 [_asked(servers[1], path, many) / _asked(servers[0], path, few) for _ in range(ROUNDS)])
            for name, path in PAGES.items()
        ]  # fmt: skip
    finally:
        for server in servers:
            server.end()


def _asked(server: Server, path: str, own: Mapping[str, str]) -> float:
    """Ask for a page a few times; give the seconds an answer took."""
    headers = {"Cookie": f"donate_staff={own['STAFF']}"}
    began = time.monotonic()
    for _ in range(ASKED):
        answer = server.get(path, headers)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {answer.getheader('Location')}")
    return (time.monotonic() - began) / ASKED


def measure_grid(many: Mapping[str, str], database: str) -> Line:
    """Read the grid of months, appeals and funds from the sums and from the entries."""
    ratios = json.loads(_run(many, _GRID, str(ROUNDS)))
    return Line(
        f"{database}: months × appeals × funds, computed from the entries", "read from the sums by day", GRID_GOAL,
        ratios, at_least=True,
    )  # fmt: skip


def main() -> int:
    """Measure on both databases and keep the tables; 1 when a goal is missed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--gifts", type=int, nargs=2, default=[FEW, MANY])
    words.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    given = words.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="donate-bench-"))
    lines: list[Line] = []
    try:
        for database in given.database or ["sqlite", "postgresql"]:
            lines += _measure(folder / database, database, *given.gifts)
    finally:
        shutil.rmtree(folder)
    table = write_table(lines)
    sys.stdout.write(table)
    keep_section(
        "The finance desk",
        f"{given.gifts[0]:,} and {given.gifts[1]:,} gifts over {YEARS} years, {GIFTS_A_DONOR} a donor. "
        f"The median of {ROUNDS} rounds of {ASKED} answers each.\n\n{table}",
    )
    return 0 if all(line.is_met for line in lines) else 1


def _measure(folder: Path, database: str, few: int, many: int) -> list[Line]:
    folder.mkdir()
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[database]
    if database == "sqlite":
        sites = [furnish(folder / str(gifts), gifts) for gifts in (few, many)]
        return [*measure_growth(sites[0], sites[1], name), measure_grid(sites[1], name)]
    from tests.make import application
    from tests.make.cluster import Cluster, find_programs, why_not

    programs = find_programs()
    if programs is None:
        sys.stdout.write(f"PostgreSQL was left out: {why_not()}\n")
        return []
    # A folder of its own, which the server's user may enter.
    own = Path(tempfile.mkdtemp(prefix="donate-bench-"))
    cluster = Cluster(own, programs)
    try:
        cluster.start(application.migrate)
        sites = [furnish(folder / str(gifts), gifts, cluster.copy(f"bench_{gifts}")) for gifts in (few, many)]
        for site in sites:
            _run(site, _LOOK_THROUGH)
        return [*measure_growth(sites[0], sites[1], name), measure_grid(sites[1], name)]
    finally:
        cluster.stop()
        shutil.rmtree(own)


if __name__ == "__main__":
    sys.exit(main())
