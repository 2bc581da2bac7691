"""For the operator's machines: alive, ready, metrics."""

from __future__ import annotations

import hmac

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from donate.db import db
from donate.operations.measure import measure_operations
from donate.reports.health import measure
from donate.settings import ROOT
from donate.web.headers import is_this_machine

ops = Blueprint("ops", __name__)


@ops.get("/healthz")
def alive() -> Response:
    """Say that the process answers."""
    return Response("ok\n", mimetype="text/plain")


@ops.get("/readyz")
def ready() -> Response:
    """Say whether the database is reachable and migrated."""
    script = ScriptDirectory(str(ROOT / "donate" / "migrations"))
    with db.engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    if at != script.get_current_head():
        return Response("not migrated: run flask db upgrade\n", 503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")


@ops.get("/metrics")
def metrics() -> Response:
    """Give what Prometheus scrapes: counts of waiting work, from the rows themselves."""
    _guard_metrics()
    registry = CollectorRegistry()
    for name, (says, value) in {**measure(), **measure_operations()}.items():
        Gauge(f"donate_{name}", says, registry=registry).set(value)
    return Response(generate_latest(registry), mimetype="text/plain")


def _guard_metrics() -> None:
    token = current_app.config["DONATE"].metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return
    if not is_this_machine():
        abort(404)
