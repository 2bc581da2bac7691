"""The doors that speak HTTP, and the one list of them."""

from __future__ import annotations

from flask import Flask

from donate.web import errors, hooks, ops
from donate.web.api import api
from donate.web.demo import demo
from donate.web.give import give
from donate.web.news import news


def open_doors(app: Flask) -> None:
    """Register every door."""
    app.register_blueprint(news)
    app.register_blueprint(give)
    app.register_blueprint(api)
    app.register_blueprint(hooks.hooks)
    app.register_blueprint(ops.ops)
    if app.config["DONATE"].sandboxed:
        app.register_blueprint(demo)
    errors.handle(app)
