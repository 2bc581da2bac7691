"""Every letter stands in one frame and names a person, a phone number and an address that is read."""

from __future__ import annotations

import pytest
from flask import Flask

from donate.db import committed
from donate.donors.models import Donor
from donate.donors.preferences import way_out
from donate.mail.deliver import deliver_mail
from donate.mail.models import MailMessage
from donate.mail.queue import queue_mail
from donate.newsroom.letters import letter_from_newsroom
from tests.house.code import ROOT
from tests.make.outbox import Outbox, html_of, text_of
from tests.make.rows import every

MAIL = ROOT / "templates" / "mail"
NAMES = sorted(path.name.removesuffix(".subject.txt") for path in MAIL.glob("*.subject.txt"))


def send_address_notice(**more: object) -> None:
    with committed():
        queue_mail(
            letter_from_newsroom(
                "notice:1", "address_notice", "amal@example.org", "en", change="main", email="a@example.org", **more
            )  # type: ignore[arg-type]
        )
    deliver_mail(every(MailMessage)[-1].id)


@pytest.mark.parametrize("name", NAMES)
def test_every_letter_stands_in_the_one_frame(name: str) -> None:
    page, text = (MAIL / f"{name}.html").read_text(), (MAIL / f"{name}.txt").read_text()
    assert page.startswith('{% extends "mail/letter_frame.html" %}')
    assert text.endswith('{% include "mail/parts/foot.txt" %}\n')


def test_a_letter_names_a_person_a_phone_number_and_an_address_that_is_read(
    app: Flask, newsroom: None, outbox: Outbox
) -> None:
    send_address_notice()
    (arrived,) = outbox
    for words in (text_of(arrived), html_of(arrived)):
        assert "Ines Abed" in words
        assert "+1 202 555 0147" in words
        assert "giving@plumbline.example" in words
    assert arrived["Reply-To"] == "The Plumb Line <giving@plumbline.example>"


def test_a_letter_that_can_not_be_declined_has_no_way_out(app: Flask, newsroom: None, outbox: Outbox) -> None:
    send_address_notice()
    (arrived,) = outbox
    assert arrived["List-Unsubscribe"] is None
    assert "unsubscribe" not in text_of(arrived)


def test_a_letter_that_can_be_declined_says_how_in_its_headers_and_at_its_foot(
    app: Flask, newsroom: None, outbox: Outbox
) -> None:
    out = way_out(Donor(reference="AAAABBBBCCCCDDDD"), "impact")
    send_address_notice(unsubscribe=out)
    (arrived,) = outbox
    address = app.config["DONATE"].site_url + out
    assert arrived["List-Unsubscribe"] == f"<{address}>"
    assert arrived["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in text_of(arrived)
    assert address.replace("&", "&amp;") in html_of(arrived)


def test_a_letter_that_is_not_kept_leaves_no_address_and_no_words(app: Flask, newsroom: None, outbox: Outbox) -> None:
    send_address_notice(is_kept=False)
    assert len(outbox) == 1
    (row,) = every(MailMessage)
    assert row.sent_at is not None
    assert (row.to_address, row.to_name, row.values, row.subject, row.text, row.html) == ("", "", {}, "", "", "")


def test_a_letter_to_nobody_is_not_written(app: Flask, newsroom: None) -> None:
    with committed():
        queue_mail(letter_from_newsroom("notice:1", "address_notice", "", "en"))
    assert every(MailMessage) == []
