"""The doors that speak HTTP, and the one list of them."""

from __future__ import annotations

from flask import Flask

from donate.web import errors, guard, hooks, letters, ops
from donate.web.account import account
from donate.web.api import api
from donate.web.api.v1 import api_v1
from donate.web.demo import demo
from donate.web.give import give
from donate.web.news import news
from donate.web.signin import signin
from donate.web.staff import staff


def open_doors(app: Flask) -> None:
    """Register every door, each behind the guard."""
    guard.stand_guard(app)
    app.register_blueprint(news)
    app.register_blueprint(give)
    app.register_blueprint(signin)
    app.register_blueprint(account)
    app.register_blueprint(staff)
    app.register_blueprint(api)
    app.register_blueprint(api_v1)
    app.register_blueprint(letters.letters)
    app.register_blueprint(hooks.hooks)
    app.register_blueprint(ops.ops)
    if app.config["DONATE"].sandboxed:
        app.register_blueprint(demo)
    errors.handle(app)
