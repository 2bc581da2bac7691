"""Letters on the wire: text and HTML, honest headers, names that try to be headers, right-to-left, once each."""

from __future__ import annotations

import email.policy
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from donate import references
from donate.db import committed
from donate.mail import deliver
from donate.mail.deliver import deliver_mail
from donate.mail.models import MailMessage
from donate.mail.queue import queue_mail
from donate.queue.models import Job
from tests.make.gifts import Gifts
from tests.make.letters import letter
from tests.make.live import free_port
from tests.make.outbox import Outbox, html_of, text_of
from tests.make.rows import count, every
from tests.people import NOAM, YARA


class Postbox:
    """A mail server that keeps what it is given, or refuses it."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.answer = "250 taken"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # its name
        """Keep one letter."""
        if self.answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.letters.append(message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
            self.recipients.append(envelope.rcpt_tos)
        return self.answer


@pytest.fixture
def postbox(app: Flask) -> Iterator[Postbox]:
    """Return a mail server that the application sends to."""
    kept = Postbox()
    port = free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        deliver.connect(f"smtp://127.0.0.1:{port}")
        yield kept
    finally:
        controller.stop()


def send(**more: str) -> None:
    with committed():
        queue_mail(letter(**more))
    deliver_mail(every(MailMessage)[-1].id)


def test_a_receipt_arrives_as_text_and_html_saying_the_same(app: Flask, newsroom: None, postbox: Postbox) -> None:
    send()
    (arrived,) = postbox.letters
    assert [part.get_content_type() for part in arrived.iter_parts()] == ["text/plain", "text/html"]
    for words in (text_of(arrived), html_of(arrived)):
        assert "2026-000001" in words
        assert "$26.09" in words
        assert "$1.09" in words
        assert references.spell("AAAABBBBCCCCDDDD") in words
        assert "/gifts/AAAABBBBCCCCDDDD?key=" in words
    assert postbox.recipients == [["amal@example.org"]]


def test_a_receipts_headers_are_honest(app: Flask, newsroom: None, postbox: Postbox) -> None:
    send()
    (arrived,) = postbox.letters
    assert arrived["From"] == "The Plumb Line <giving@plumbline.example>"
    assert arrived["To"] == "Amal Haddad <amal@example.org>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Content-Language"] == "en"
    assert arrived["Message-ID"].endswith("@plumbline.example>")
    assert arrived["Date"].datetime.tzinfo is not None
    assert "\n" not in arrived["Subject"]
    assert not arrived.defects


@pytest.mark.parametrize(
    "name",
    [
        "Amal\r\nBcc: everyone@example.org",
        "Amal\nSubject: free money",
        "Amal\x0b\x1f\x7f",
        'Amal "the" <other@example.org>,',
        "Amal\u2028Bcc: x@example.org",
        "=?utf-8?q?Amal?=",
        "A" * 250,
    ],
)
def test_a_name_never_becomes_a_header(app: Flask, newsroom: None, postbox: Postbox, name: str) -> None:
    send(to_name=name)
    (arrived,) = postbox.letters
    assert arrived["Bcc"] is None
    assert len(arrived.get_all("Subject") or []) == 1
    assert "money" not in arrived["Subject"]
    assert [each.addr_spec for each in arrived["To"].addresses] == ["amal@example.org"]
    assert postbox.recipients == [["amal@example.org"]]


def test_a_name_in_the_html_is_only_a_name(app: Flask, newsroom: None, postbox: Postbox) -> None:
    send(first_name='<img src=x onerror="alert(1)">', donor_name="<b>Amal</b> & Co")
    words = html_of(postbox.letters[0])
    assert "<img src=x" not in words
    assert "<b>Amal</b>" not in words
    assert "&lt;b&gt;Amal" in words


@pytest.mark.parametrize("person", [NOAM, YARA], ids=["hebrew", "arabic"])
def test_right_to_left_letters_say_so_and_keep_amounts_whole(
    gifts: Gifts, settle: Callable[[], None], outbox: Outbox, person: object
) -> None:
    gifts.paid(person)  # type: ignore[arg-type]
    settle()
    (arrived,) = outbox
    language = "he" if person is NOAM else "ar"
    assert arrived["Content-Language"] == language
    words = html_of(arrived)
    assert 'dir="rtl"' in words
    assert f'lang="{language}"' in words
    assert "$25.00" in words
    assert f"/{language}/gifts/" in words
    assert arrived["To"].addresses[0].addr_spec == person.email  # type: ignore[attr-defined]


def test_a_letter_is_queued_once_for_its_key_and_sent_once(app: Flask, newsroom: None, postbox: Postbox) -> None:
    for _ in range(2):
        with committed():
            queue_mail(letter())
    assert (count(MailMessage), count(Job)) == (1, 1)
    deliver_mail(1)
    deliver_mail(1)
    assert len(postbox.letters) == 1


def test_a_letter_sent_twice_after_a_crash_is_the_same_letter_to_a_mail_program(
    app: Flask, newsroom: None, postbox: Postbox
) -> None:
    send()
    with committed() as session:
        session.get_one(MailMessage, 1).sent_at = None
    deliver_mail(1)
    first, second = postbox.letters
    assert first["Message-ID"] == second["Message-ID"]


def test_a_refused_letter_waits_and_is_sent_later(
    gifts: Gifts, postbox: Postbox, settle: Callable[..., None], now_due: Callable[[], None]
) -> None:
    postbox.answer = "451 come back later"
    gifts.paid()
    settle(failing=True)
    assert postbox.letters == []
    assert [message.sent_at for message in every(MailMessage)] == [None]
    postbox.answer = "250 taken"
    now_due()
    settle()
    assert len(postbox.letters) == 1


def test_no_password_goes_to_a_server_that_offers_no_encryption(
    app: Flask, newsroom: None, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is not this machine's own, answering without STARTTLS, never hears the password."""
    port = deliver._mail_url.rpartition(":")[2]
    deliver.connect(f"smtp://user:secret@localhost.localdomain:{port}")
    real = deliver.smtplib.SMTP
    monkeypatch.setattr(deliver.smtplib, "SMTP", lambda _host, *given, **named: real("127.0.0.1", *given, **named))
    with committed():
        queue_mail(letter())
    with pytest.raises(deliver.smtplib.SMTPNotSupportedError):
        deliver_mail(1)
    assert postbox.letters == []


def test_what_went_out_is_kept_as_it_went_out(app: Flask, newsroom: None, postbox: Postbox) -> None:
    send()
    (message,) = every(MailMessage)
    assert message.sent_at is not None
    assert message.subject == postbox.letters[0]["Subject"]
    assert message.text.split() == text_of(postbox.letters[0]).split()


def test_letters_in_a_folder_can_be_opened_by_a_mail_program(app: Flask, newsroom: None, outbox: Outbox) -> None:
    send()
    (arrived,) = outbox
    assert arrived["To"].addresses[0].addr_spec == "amal@example.org"
    assert not list(outbox.folder.glob("*.part"))
