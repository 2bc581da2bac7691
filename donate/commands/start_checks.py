"""What web and worker refuse to start with, said in one sentence."""

from __future__ import annotations

import click
from flask import current_app
from sqlalchemy.exc import DatabaseError

from donate.errors import BadSetting
from donate.giving.queries import is_any_in_mode
from donate.settings import Settings, explain


def refuse_bad_start() -> None:
    """Stop with a sentence where settings are missing, or where live and test would mix.

    Raises:
        ClickException: With what to do.
    """
    chosen: Settings = current_app.config["DONATE"]
    try:
        chosen.check_serving()
        mixed = is_any_in_mode(livemode=not chosen.livemode)
        if mixed:
            names = ("live", "test") if chosen.livemode else ("test", "live")
            raise BadSetting("live_and_test_mixed", key=names[0], found=names[1])
    except BadSetting as problem:
        raise click.ClickException(explain(problem)) from problem
    except DatabaseError as error:
        raise click.ClickException(f"The database is not ready; run: flask db upgrade ({error.orig})") from error
