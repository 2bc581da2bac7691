"""Error pages: one clear sentence, and a way on."""

from __future__ import annotations

from flask import Flask, Response, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from donate.errors import NotFound
from donate.web.access import rule_here
from donate.web.problem import is_for_programs, problem


def handle(app: Flask) -> None:
    """Answer errors with our own pages."""

    @app.errorhandler(NotFound)
    def _missing(error: NotFound) -> Response:
        if error.message in ("newsroom_missing", "fund_missing"):
            # Nothing can be drawn without the newsroom's name; an operator reads this, not a reader.
            return Response(
                "This newsroom has no facts yet. Load them: flask newsroom load FILE.toml\n", 503, mimetype="text/plain"
            )
        return _page(404)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        page = _page(error.code or 500)
        if is_for_programs(request.path) and (allow := dict(error.get_headers()).get("Allow")):
            page.headers["Allow"] = allow
        return page

    @app.errorhandler(500)
    def _broken(_error: Exception) -> Response:
        return _page(500)


def _page(status: int) -> Response:
    if is_for_programs(request.path):
        return problem(status)
    titles = {
        400: (
            _("This page was open for too long"),
            _("Nothing was changed. Open the page again and repeat your press."),
        ),
        403: (_("This page is not for your role"), _("Ask an owner of the desk if you need it. Nothing was changed.")),
        404: (_("This page is not here"), _("The address may be old or mistyped. The front page has everything.")),
        405: (_("This page can’t be used that way"), _("Go back and try again from the page you came from.")),
        413: (
            (_("This file is too large"), _("Go back and choose a smaller one, or bring it in by the command."))
            if rule_here().most_bytes
            else (_("That is too much text"), _("Go back and make it shorter. Nothing was sent."))
        ),
        429: (_("Too many tries in a short time"), _("Wait a minute, then try again. Nothing was charged.")),
    }
    title, sentence = titles.get(
        status,
        (_("Something broke on our side"), _("It has been noted. If you were giving, look at your gift’s page first.")),
    )
    response = make_response(render_template("errors/error.html", title=title, sentence=sentence), status)
    response.headers["Cache-Control"] = "no-store"
    return response
