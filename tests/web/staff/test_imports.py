"""Past gifts at the desk: handed in, looked at, brought in after a second press; the file is its bringer's alone."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from donate import clock, references
from donate.db import committed
from donate.giving.models import Donation
from donate.records.imports import order as ordering
from donate.records.imports.models import ImportOrder
from donate.records.imports.order import drop_expired_imports, read_ordered
from donate.team.models import History
from donate.web.staff import imports_page
from tests.make.past import SAMPLES, gift
from tests.make.rows import count, every
from tests.make.signing_in import Comings, hidden
from tests.make.tables import rows_of, words

Work = Callable[[], int]
IMPORTS = "/staff/imports"
WROTE = {"system": "givewp", "other_appeals": "none"}


@pytest.fixture
def desk(comings: Comings) -> FlaskClient:
    """Return the finance director's browser."""
    return comings.colleague("finance")


def hand_in(desk: FlaskClient, content: bytes | None = None, **typed: str) -> TestResponse:
    """Fill the form and press its button."""
    page = desk.get(IMPORTS).text
    sent = hidden(page[page.index("<main") :]) | WROTE | typed
    file = content if content is not None else (SAMPLES / "givewp.csv").read_bytes()
    handed = FileStorage(io.BytesIO(file), "gifts.csv", name="file", content_type="text/csv")
    # Written here: the client itself would leave a large body's file open.
    boundary, body = encode_multipart(sent | {"file": handed})
    return desk.post(IMPORTS, data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


def table(page: str, label: str) -> dict[str, str]:
    return {cells[0].text: cells[1].text for cells in rows_of(page, label)}


def test_a_file_is_looked_at_first_and_brought_in_after_a_second_press(
    app: Flask, desk: FlaskClient, work: Work
) -> None:
    answer = hand_in(desk)
    assert answer.status_code == 303
    page = answer.headers["Location"]
    assert 'data-state="waiting"' in desk.get(page).text
    work()
    looked = desk.get(page).text
    assert 'data-state="looked"' in looked
    assert "New gifts 5" in words(looked)
    assert "Its status is Pending" in words(looked)
    assert "2021 USD 2 $50.00" not in words(looked)  # the refunded thousand is of that year too
    assert "2021 USD 3 $1,050.00 $1,000.00" in words(looked)
    assert count(Donation) == 0

    second = desk.get(f"{page}/confirm").text
    assert "Bring in 5 gifts" in second
    pressed = desk.post(f"{page}/confirm", data=hidden(second[second.index("<main") :]))
    assert pressed.status_code == 303
    # Pressed twice, it is brought in once.
    desk.post(f"{page}/confirm", data=hidden(second[second.index("<main") :]))
    work()
    done = desk.get(page).text
    assert 'data-state="done"' in done
    assert "5 gifts were brought in" in words(done)
    assert count(Donation) == 5
    told = [row for row in every(History) if row.act == "import_gifts"]
    assert [(row.who_kind, row.after) for row in told] == [("staff", {"new": 5, "refused": 2})]
    assert "Brought in" in desk.get(IMPORTS).text


def test_what_was_left_out_can_be_taken_along_by_nobody_else_and_for_a_day(
    app: Flask, desk: FlaskClient, comings: Comings, work: Work
) -> None:
    page = hand_in(desk).headers["Location"]
    work()
    taken = desk.get(f"{page}/left-out")
    assert taken.headers["Content-Disposition"] == "attachment; filename=left-out.csv"
    assert taken.headers["Cache-Control"] == "no-store"
    assert "Its status is Pending" in taken.text
    taken.close()
    other = comings.colleague("owner")
    for path in (page, f"{page}/confirm", f"{page}/left-out"):
        assert other.get(path).status_code == 404
    own = Path(app.config["DONATE"].exports_dir) / f"import-{every(ImportOrder)[0].reference}"
    assert sorted(each.name for each in own.iterdir()) == ["gifts.csv", "left-out.csv"]
    with committed() as session:
        session.execute(sa.update(ImportOrder).values(expires_at=clock.now() - timedelta(seconds=1)))
    assert desk.get(f"{page}/left-out").status_code == 404
    assert drop_expired_imports(own.parent) == 1
    assert not own.exists()
    assert "This file is gone" in desk.get(page).text


def test_the_import_itself_asks_for_a_fresh_second_factor(
    app: Flask, desk: FlaskClient, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = hand_in(desk).headers["Location"]
    work()
    monkeypatch.setattr("donate.web.guard.is_fresh", lambda _session: False)
    assert desk.get(page).status_code == 200
    again = desk.get(f"{page}/confirm")
    assert (again.status_code, "/signin/again" in again.headers["Location"]) == (303, True)
    shown = desk.get(page).text
    token = hidden(shown[: shown.index("<main")])
    assert "/signin/again" in desk.post(f"{page}/confirm", data=token).headers["Location"]
    work()
    assert count(Donation) == 0


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(desk: FlaskClient) -> None:
    shown = hand_in(desk, funds="Emergency = moon", currency="US", other_appeals="none")
    assert shown.status_code == 422
    said = words(shown.text)
    assert "No fund here has the code “moon”." in said
    assert "Write the currency as three letters" in said
    assert "Emergency = moon" in shown.text
    assert re.search(r'<option value="givewp" selected>', shown.text)
    page = desk.get(IMPORTS).text
    without = desk.post(IMPORTS, data=hidden(page[page.index("<main") :]) | WROTE)
    assert (without.status_code, "Choose the file" in without.text) == (422, True)
    assert count(ImportOrder) == 0


def test_a_file_that_is_none_says_why(desk: FlaskClient, work: Work) -> None:
    page = hand_in(desk, b"name,sum\nA,1\n").headers["Location"]
    work()
    said = words(desk.get(page).text)
    assert "This is not a givewp file: it has no column Donation ID" in said
    assert desk.get(f"{page}/confirm").status_code == 303


def test_a_file_above_the_limit_is_refused_before_it_is_kept(
    app: Flask, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert imports_page.MOST_BYTES == ordering.MOST_BYTES == 50 * 1024 * 1024
    # Above what other pages take, and below what this one does.
    large = hand_in(desk, (SAMPLES / "givewp.csv").read_bytes() + b"\n" * 2_000_000)
    assert large.status_code == 303
    view = app.view_functions["staff.hand_in"]
    rule = view._rule  # type: ignore[attr-defined]
    monkeypatch.setattr(view, "_rule", replace(rule, most_bytes=100_000))
    refused = hand_in(desk, b"x" * 200_000)
    assert (refused.status_code, "This file is too large" in refused.text) == (413, True)
    assert count(ImportOrder) == 1


def test_a_worker_that_dies_is_followed_by_one_that_ends_the_same(app: Flask, desk: FlaskClient, work: Work) -> None:
    page = hand_in(desk).headers["Location"]
    work()
    order_id = every(ImportOrder)[0].id
    with committed() as session:
        session.execute(sa.update(ImportOrder).values(state="writing"))
    for _ in range(2):
        read_ordered(order_id, Path(app.config["DONATE"].exports_dir))
    assert count(Donation) == 5
    assert 'data-state="done"' in desk.get(page).text


def test_a_past_gift_has_a_page_without_a_receipt(
    app: Flask, desk: FlaskClient, work: Work, client: FlaskClient
) -> None:
    page = hand_in(desk).headers["Location"]
    work()
    second = desk.get(f"{page}/confirm").text
    desk.post(f"{page}/confirm", data=hidden(second[second.index("<main") :]))
    work()
    past = gift("givewp", "101")
    shown = client.get(f"/gifts/{past.reference}?key={references.sign('gift', past.reference)}")
    assert shown.status_code == 200
    assert 'data-status="succeeded"' in shown.text
    assert "receipt" not in re.sub(r"<footer.*", "", shown.text[shown.text.index("<main") :], flags=re.DOTALL).lower()
