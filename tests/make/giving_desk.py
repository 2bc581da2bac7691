"""How the pages of the giving desk are read and pressed, and what the history says of it."""

from __future__ import annotations

import html
import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from donate.donors.models import Donor
from donate.donors.queries import find_donor_by_email
from donate.team.models import History
from tests.make.rows import every
from tests.make.signing_in import hidden


def words(page: str) -> str:
    """Read a page as its reader does."""
    main = page[page.index("<main") : page.index("</main")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def donor_of(email: str) -> Donor:
    found = find_donor_by_email(email)
    assert found is not None
    return found


def send(client: FlaskClient, path: str, **typed: str) -> TestResponse:
    """Open a page and press the button of its own form, with all that the form holds."""
    page = client.get(path).text
    return client.post(path, data={**hidden(page[page.index("<main") :]), **typed})


def acts(kind: str = "donor") -> list[str]:
    """List what colleagues did, without what they looked at."""
    return [each.act for each in every(History) if each.object_kind == kind and not each.act.startswith("view")]
