"""The settings at the desk: each part shown and saved, each refusal beside its field, nobody's change lost."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from donate.members.models import Level
from donate.newsroom.queries import find_fund, get_newsroom
from donate.records.settings_file import tell_settings
from donate.team.models import History
from donate.web.staff.settings.parts import FACTS, TEXTS
from tests.make.fields import form_values
from tests.make.pictures import png
from tests.make.rows import every
from tests.make.signing_in import Comings, Work

PALE, DEEP = "#f0b323", "#114488"


@pytest.fixture
def owner(comings: Comings) -> FlaskClient:
    """Return the browser of the owner, who may change everything."""
    return comings.colleague("owner")


def path_of(part: str) -> str:
    return f"/staff/settings/texts/{part}" if part in TEXTS else f"/staff/settings/{part}"


def fields(client: FlaskClient, part: str) -> dict[str, Any]:
    """Read what a browser would send from a part's form as it is shown."""
    page = client.get(path_of(part))
    assert page.status_code == 200
    return form_values(page.text, "settings")


def save(client: FlaskClient, part: str, **typed: Any) -> TestResponse:
    """Change some fields of a part and press its button; two underscores stand for a point."""
    changed = {name.replace("__", "."): value for name, value in typed.items()}
    return send(client, part, {**fields(client, part), **changed})


def send(client: FlaskClient, part: str, form: dict[str, Any]) -> TestResponse:
    return client.post(path_of(part), data={name: value for name, value in form.items() if value is not None})


def beside(page: str, name: str) -> str:
    """Read the sentence beside a field, empty where there is none."""
    found = re.search(rf'<p class="error" id="{re.escape(name)}-e">([^<]*)</p>', page)
    return found[1] if found else ""


def test_every_part_saved_as_it_is_shown_changes_nothing(owner: FlaskClient) -> None:
    before = tell_settings()
    for part in (*FACTS, *TEXTS):
        answer = save(owner, part)
        assert answer.status_code == 303, (part, re.findall(r'class="error"[^>]*>[^<]*', answer.text))
        assert tell_settings() == before, part
    assert [row.act for row in every(History) if row.object_kind == "settings"] == []


def test_the_first_page_says_what_is_set_and_what_is_missing(owner: FlaskClient) -> None:
    page = owner.get("/staff/settings").text
    assert "The Plumb Line; Ines Abed answers." in page
    assert "No logo: pages show the house’s mark beside the name." in page
    assert "No telephone" not in page
    assert save(owner, "facts", phone="").status_code == 303
    assert save(owner, "tax", tax__standing="none").status_code == 303
    page = owner.get("/staff/settings").text
    assert "No telephone: pages and letters name the person and the address only." in page
    assert "No tax status: the form and receipts say that gifts can’t be deducted." in page


def test_whoever_changes_texts_sees_texts_alone(comings: Comings) -> None:
    fundraising = comings.colleague("fundraising")
    page = fundraising.get("/staff/settings").text
    assert "Greetings" in page
    assert "Tax status" not in page
    assert fundraising.get("/staff/settings/funds").status_code == 403
    assert fundraising.get("/staff/settings/texts/funds").status_code == 404
    assert fundraising.get("/staff/settings/texts/greetings").status_code == 200
    for role in ("finance", "auditor", "editor", "support"):
        assert comings.colleague(role).get("/staff/settings").status_code == 403, role


@pytest.mark.parametrize(
    ("part", "field", "bad", "sentence", "good"),
    [
        ("facts", "name", "", "This can’t be empty", "Level"),
        ("facts", "name", "x" * 121, "120 letters fit", "x" * 120),
        ("facts", "country", "Jordan", "two capital letters", "JO"),
        ("facts", "contact_name", "", "This can’t be empty", "Dana"),
        ("facts", "phone", "1" * 41, "40 letters fit", "1" * 40),
        ("facts", "reply_address", "nobody", "the @ sign", "a@b.example"),
        ("facts", "statement_descriptor", "A*B", "5 to 22 plain", "LEVEL NEWS"),
        ("facts", "statement_suffix", "<x>", "up to 16 plain", "GIVE"),
        ("tax", "tax.number", "", "This can’t be empty", "12-3456789"),
        ("look", "look.accent", "red", "six signs", DEEP),
        ("look", "look.accent", PALE, "1.71 to 1", DEEP),
        ("zone", "time_zone", "Mars/Base", "Choose one of the zones", "Asia/Amman"),
        ("zone", "languages", ["ar"], "tick it too", ["en", "ar"]),
        ("currencies", "currencies", "USD XXZ", "three letters", "USD EUR"),
        ("currencies", "default_currency", "GBP", "one of the currencies", "EUR"),
        ("fiscal", "fiscal_year_begins", "13", "Choose a month", "7"),
        ("funds", "funds.1.gl_code", "4" * 41, "40 letters fit", "4999"),
        ("funds", "funds.0.closed", "1", "can’t be closed", None),
        ("funds", "funds.1.general", "1", "Exactly one fund", None),
        ("funds", "funds.1.name.en", "x" * 121, "120 letters fit", "Facts"),
        ("accounts", "accounts.tax_rate", "x" * 101, "100 letters fit", "Exempt"),
        ("accounts", "accounts.bank.name", "", "account’s name", "Bank"),
        ("levels", "levels.0.yearly.USD", "sixty", "in digits", "61.50"),
        ("levels", "levels.0.yearly.USD", "", "This can’t be empty", "61"),
        ("levels", "levels.1.yearly.EUR", "54", "more than the one before", "166"),
        ("levels", "levels.2.benefits.1.fair_market_value.USD", "0", "above zero", "31"),
        ("sections", "sections.0.name.en", "x" * 121, "at least one language", "Near"),
        ("lines", "where_it_goes.0.percent", "62", "add up to 100", "61"),
        ("lines", "where_it_goes.0.percent", "half", "whole number", "61"),
        ("lines", "mission.ar", "x" * 601, "600 letters fit", "كلمة"),
        ("greetings", "greetings.0.from", "31-01", "Write month and day", "01-01"),
        ("greetings", "greetings.0.until", "02-30", "Write month and day", "01-02"),
        ("pages", "texts.terms.en.title", "", "This can’t be empty", "Terms"),
        ("disclosures", "tax.disclosures.0.region", "x" * 61, "60 letters fit", "US-NY"),
    ],
)
def test_a_field_is_saved_or_says_what_to_do_with_all_that_was_typed_still_there(
    owner: FlaskClient, part: str, field: str, bad: Any, sentence: str, good: Any
) -> None:
    before = tell_settings()
    answer = send(owner, part, {**fields(owner, part), field: bad})
    assert answer.status_code == 422
    name = {"funds.1.general": "funds", "lines.62": ""}.get(field, field)
    said = re.findall(r'<p class="error" id="([^"]*)-e">([^<]*)</p>', answer.text)
    assert len(said) == 1, said
    assert sentence in said[0][1]
    assert said[0][0].startswith(name.rpartition(".")[0] or name) or "add up" in sentence
    assert 'id="errors"' in answer.text
    if field != "languages":  # nobody ticks what isn't offered
        assert form_values(answer.text, "settings").get(field) == bad, "what was typed stays"
    assert tell_settings() == before
    if good is not None:
        done = send(owner, part, {**form_values(answer.text, "settings"), field: good})
        assert done.status_code == 303, re.findall(r'class="error"[^>]*>[^<]*', done.text)


def test_who_saves_second_sees_what_changed_and_loses_nothing(owner: FlaskClient, comings: Comings) -> None:
    second = comings.colleague("owner", "second@newsroom.example")
    form = fields(second, "facts")
    assert save(owner, "facts", phone="111", contact_name="Dana").status_code == 303
    answer = send(second, "facts", {**form, "phone": "222", "reply_address": "new@newsroom.example"})
    assert answer.status_code == 409
    assert "Somebody else saved this while you were writing" in answer.text
    assert "owner@newsroom.example" in answer.text
    assert "You both changed: Telephone." in answer.text
    merged = form_values(answer.text, "settings")
    assert (merged["phone"], merged["contact_name"], merged["reply_address"]) == ("222", "Dana", "new@newsroom.example")
    assert get_newsroom().phone == "111"
    assert send(second, "facts", merged).status_code == 303
    row = get_newsroom()
    assert (row.phone, row.contact_name, row.reply_address) == ("222", "Dana", "new@newsroom.example")


def test_a_form_that_lost_what_it_began_with_is_shown_again(owner: FlaskClient) -> None:
    form = fields(owner, "facts")
    assert send(owner, "facts", {**form, "began": "{", "phone": "5"}).status_code == 409
    assert get_newsroom().phone != "5"


def test_what_was_changed_stands_at_the_foot_with_who_and_before_and_after(owner: FlaskClient) -> None:
    assert save(owner, "funds", funds__1__gl_code="4999").status_code == 303
    page = owner.get(path_of("funds") + "?done=saved").text
    assert "Saved. Every page shows it within five seconds" in page
    changed = page[page.index('id="changed"') :]
    assert "owner@newsroom.example" in changed
    assert "Funds, fact-desk, GL code" in changed
    assert re.search(r"4110.*4999", changed, re.DOTALL)


def test_a_fund_is_added_and_its_product_made(owner: FlaskClient, work: Work) -> None:
    form = fields(owner, "funds")
    more = send(owner, "funds", {**form, "funds.0.name.en": "Everything", "more": "funds"})
    assert more.status_code == 200
    with_row = form_values(more.text, "settings")
    assert with_row["funds.0.name.en"] == "Everything", "adding a row keeps what was typed"
    assert with_row["funds.3.code"] == ""
    new = {"funds.3.code": "water-desk", "funds.3.name.en": "Water desk", "funds.3.gl_code": "4130"}
    assert send(owner, "funds", {**with_row, **new}).status_code == 303
    fund = find_fund("water-desk")
    assert fund is not None
    assert "Its product at Stripe is not made yet" in owner.get(path_of("funds")).text
    work()
    assert find_fund("water-desk").name_at_stripe == "Water desk"  # type: ignore[union-attr]
    assert "At Stripe it is “Water desk”." in owner.get(path_of("funds")).text


def test_a_closed_fund_takes_no_gift_and_its_link_leads_to_the_general_one(
    owner: FlaskClient, client: FlaskClient
) -> None:
    form = form_values(send(owner, "funds", {**fields(owner, "funds"), "more": "funds"}).text, "settings")
    new = {"funds.3.code": "roof", "funds.3.name.en": "Roof fund"}
    assert send(owner, "funds", {**form, **new}).status_code == 303
    assert "Roof fund" in client.get("/donate?fund=roof").text
    assert save(owner, "funds", funds__2__closed="1").status_code == 303
    page = client.get("/donate?fund=roof").text
    assert "Roof fund" not in page
    assert "General fund" in page


def test_a_fund_that_an_appeal_asks_for_is_not_closed(owner: FlaskClient) -> None:
    answer = save(owner, "funds", funds__1__closed="1")
    assert answer.status_code == 422
    assert "Appeals ask for this fund: " in beside(answer.text, "funds.1.closed")


def test_a_level_is_added_in_the_order_of_its_amounts_and_taken_out(owner: FlaskClient) -> None:
    form = form_values(send(owner, "levels", {**fields(owner, "levels"), "more": "levels"}).text, "settings")
    new = {"levels.3.code": "ally", "levels.3.name.en": "Ally"}
    sums = {f"levels.3.yearly.{code}": text for code, text in
            {"USD": "100", "EUR": "90", "ILS": "300", "JOD": "70.500"}.items()}  # fmt: skip
    assert send(owner, "levels", {**form, **new, **sums}).status_code == 303
    assert [each["code"] for each in tell_settings()["levels"]] == ["reader", "ally", "friend", "keel"]
    assert save(owner, "levels", levels__1__gone="1").status_code == 303
    ally = next(each for each in every(Level) if each.code == "ally")
    assert not ally.is_offered


def test_a_new_currency_asks_for_each_level_first(owner: FlaskClient) -> None:
    answer = save(owner, "currencies", currencies="USD EUR ILS JOD GBP")
    assert answer.status_code == 422
    asked = {name: "" for name in form_values(answer.text, "settings") if name.startswith("new.GBP")}
    assert sorted(asked) == ["new.GBP.0", "new.GBP.1", "new.GBP.2", "new.GBP.2.1"]
    assert tell_settings()["currencies"] == ["USD", "EUR", "ILS", "JOD"]
    sums = {"new.GBP.0": "50", "new.GBP.1": "150", "new.GBP.2": "500", "new.GBP.2.1": "25"}
    assert send(owner, "currencies", {**form_values(answer.text, "settings"), **sums}).status_code == 303
    told = tell_settings()
    assert told["currencies"][-1] == "GBP"
    assert [level["yearly"]["GBP"] for level in told["levels"]] == ["50.00", "150.00", "500.00"]
    assert told["levels"][2]["benefits"][1]["fair_market_value"]["GBP"] == "25.00"


def test_greetings_are_tried_on_a_day_and_overlaps_are_named(owner: FlaskClient) -> None:
    form = {**fields(owner, "greetings"), "greetings.2.until": "01-02", "day": "2027-01-01", "preview": "1"}
    page = send(owner, "greetings", form).text
    preview = page[page.index('id="preview"') :]
    assert "A good new year to everyone who counts from today." in preview
    assert "Two fall on the same days" in preview
    assert tell_settings()["greetings"][2]["until"] == "12-25", "trying saves nothing"


def test_a_text_is_tried_and_saved_without_what_could_run(owner: FlaskClient, client: FlaskClient) -> None:
    text = "First.\n\nSecond<script>alert(1)</script>."
    form = {**fields(owner, "pages"), "texts.terms.en.body_html": text}
    preview = send(owner, "pages", {**form, "preview": "1"}).text
    assert "<p>First.</p><p>Second.</p>" in preview
    assert send(owner, "pages", form).status_code == 303
    assert "<p>First.</p><p>Second.</p>" in client.get("/terms").text


def test_a_language_not_offered_leaves_the_switcher_and_its_pages_still_open(
    owner: FlaskClient, client: FlaskClient
) -> None:
    assert 'hreflang="he"' in client.get("/").text
    assert save(owner, "zone", languages=["en", "ar"]).status_code == 303
    assert 'hreflang="he"' not in client.get("/").text
    assert 'hreflang="ar"' in client.get("/").text
    assert client.get("/he/").status_code == 200
    assert "/he/" not in client.get("/sitemap-pages.xml").text


# -- the look ------------------------------------------------------------------------------------------------------


def upload(client: FlaskClient, given: bytes, name: str = "logo.png", **typed: str) -> TestResponse:
    form = {**fields(client, "look"), **{key.replace("__", "."): value for key, value in typed.items()}}
    return client.post(path_of("look"), data={**form, "logo_file": (io.BytesIO(given), name)},
                       content_type="multipart/form-data")  # fmt: skip


def test_a_logo_and_a_colour_stand_on_pages_at_once(owner: FlaskClient, client: FlaskClient) -> None:
    before = client.get("/").text
    assert "/look/" not in before
    assert upload(owner, png(60, 30, words=b"Author\x00Somebody"), look__accent=DEEP.upper()).status_code == 303
    for path in ("/", "/donate", "/ar/", "/signin"):
        page = client.get(path).text
        assert "/look/114488.css" in page, path
        assert re.search(r'<img class="nameplate__logo" src="(/ar)?/look/logo/\w{16}" alt=""', page), path
    address = re.search(r"/look/logo/\w{16}", client.get("/").text)
    assert address is not None
    logo = client.get(address[0])
    assert logo.mimetype == "image/png"
    assert b"Somebody" not in logo.data
    assert "sandbox" in logo.headers["Content-Security-Policy"]
    assert "immutable" in logo.headers["Cache-Control"]
    sheet = client.get("/look/114488.css")
    assert sheet.mimetype == "text/css"
    assert "--give: #114488" in sheet.text
    assert save(owner, "look", logo_gone="1", look__accent="").status_code == 303
    assert "/look/" not in client.get("/").text


def test_an_svg_keeps_its_picture_and_nothing_that_runs_or_reaches_out(owner: FlaskClient, client: FlaskClient) -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 80 40" '
        'onload="alert(1)"><script>alert(2)</script><style>@import url(https://evil.example/a.css)</style>'
        '<style>.a { fill: #123456 }</style><image href="https://evil.example/p.png"/><foreignObject/>'
        '<path class="a" d="M0 0h80v40z" style="fill:url(https://evil.example/b)" onclick="x()"/>'
        '<use xlink:href="#a"/><a href="javascript:alert(3)"><rect/></a><g fill="url(#g)"/></svg>'
    )
    assert upload(owner, svg.encode(), "logo.svg", look__logo_has_name="1").status_code == 303
    page = client.get("/").text
    assert re.search(r'nameplate__logo--name" src="[^"]*" alt="The Plumb Line" width="80" height="40"></a>', page)
    address = re.search(r"/look/logo/\w{16}", page)
    assert address is not None
    kept = client.get(address[0]).text
    assert 'd="M0 0h80v40z"' in kept
    assert "fill: #123456" in kept
    assert 'fill="url(#g)"' in kept
    for gone in ("script", "evil", "onload", "onclick", "foreignObject", "javascript", "<image"):
        assert gone not in kept, gone


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (b"GIF89a", "neither PNG nor SVG"),
        (png(40, 30)[:-20], "can’t be read"),
        (png(40, 30).replace(b"IDAT", b"IDAX"), "can’t be read"),
        (png(40, 30, interlaced=1), "interlaced"),
        (png(40, 10), "too low"),
        (png(2500, 30), "up to 2400 by 1200"),
        (png(800, 30), "twelve times"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 300_001, "up to 300 KB"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "give its svg element a viewBox"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><svg xmlns="http://www.w3.org/2000/svg">&x;</svg>', "can’t be read"),
        (b"<svg", "can’t be read"),
    ],
)
def test_a_file_that_is_no_logo_says_what_to_do(owner: FlaskClient, given: bytes, sentence: str) -> None:
    answer = upload(owner, given, look__accent=DEEP)
    assert answer.status_code == 422
    assert sentence in beside(answer.text, "look.logo")
    assert form_values(answer.text, "settings")["look.accent"] == DEEP
    assert get_newsroom().look == {}


def test_a_logo_is_not_lost_where_the_colour_is_refused(owner: FlaskClient) -> None:
    answer = upload(owner, png(60, 30), look__accent=PALE)
    assert answer.status_code == 422
    said = beside(answer.text, "look.accent")
    nearest = re.search(r"nearest that has it is (#[0-9a-f]{6})", said)
    assert nearest is not None, said
    again = form_values(answer.text, "settings")
    assert again["look.logo"].startswith("logo:")
    assert send(owner, "look", {**again, "look.accent": nearest[1], "logo_file": None}).status_code == 303
    assert get_newsroom().look["accent"] == nearest[1]
    assert get_newsroom().look["logo"]["width"] == 60


def test_colours_that_nobody_could_read_have_no_sheet(app: Flask, newsroom: None, client: FlaskClient) -> None:
    for accent in ("f0b323", "zzzzzz", "114488x"):
        assert client.get(f"/look/{accent}.css").status_code == 404
    assert client.get("/look/logo/0123456789abcdef").status_code == 404
