"""Change what readers see, from a process of its own.

``python -m tests.make.put appeal SLUG STATUS``, ``flag SLUG FLAG``, ``unflag SLUG FLAG``, ``off PLACEMENT`` or
``on PLACEMENT``.
"""

from __future__ import annotations

import sys

from donate import clock
from donate.app import create_app
from donate.appeals.models import AskSwitch
from donate.appeals.queries import find_appeal
from donate.articles.flag import clear_flag, set_flag
from donate.articles.queries import lock_article
from donate.db import committed, db
from donate.team.history import Who


def put(what: str, name: str, value: str = "") -> None:
    """Write one change; call inside ``committed()``.

    Args:
        what: ``appeal``, ``flag``, ``unflag``, ``off`` or ``on``.
        name: The appeal's or story's address, or the placement.
        value: The status or the flag.
    """
    if what == "appeal":
        appeal = find_appeal(name)
        assert appeal is not None
        appeal.status = value
    elif what in ("flag", "unflag"):
        article = lock_article(name)
        assert article is not None
        (set_flag if what == "flag" else clear_flag)(article, value, Who("staff", 1))
    elif what == "off":
        db.session.add(AskSwitch(placement=name, switched_off_at=clock.now()))
    else:
        db.session.delete(db.session.get_one(AskSwitch, name))


if __name__ == "__main__":
    with create_app().app_context(), committed():
        put(*sys.argv[1:])
