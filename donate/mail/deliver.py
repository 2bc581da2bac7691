"""Deliver a message: by SMTP, into a folder of .eml files, or onto the terminal."""

from __future__ import annotations

import re
import smtplib
import sys
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from donate import clock
from donate.db import committed, lock, refuse_inside_committed
from donate.mail.models import MailMessage
from donate.mail.queries import get_message
from donate.mail.render import Rendered, render
from donate.references import fingerprint

_mail_url = "console:"


def connect(mail_url: str) -> None:
    """Send this way from now on.

    Args:
        mail_url: ``smtp://user:pass@host:587``, ``smtps://…``, ``file:DIR`` or ``console:``.
    """
    global _mail_url
    _mail_url = mail_url


def deliver_mail(message_id: int) -> None:
    """Render and send a queued message, and keep it as it went out; call outside ``committed()``.

    A repeated delivery carries the same Message-ID, so that mail programs show it once.

    Args:
        message_id: Of a queued message; one already sent is left alone.
    """
    message = get_message(message_id)
    if message.sent_at is not None:
        return
    rendered = render(message)
    _send(compose(message, rendered))
    with committed():
        message = lock(MailMessage, message_id)
        message.sent_at = clock.now()
        message.subject = rendered.subject
        message.text = rendered.text
        message.html = rendered.html


def compose(message: MailMessage, rendered: Rendered) -> EmailMessage:
    """Put a message into its envelope: text first, HTML beside it (RFC 2046 multipart/alternative)."""
    letter = EmailMessage()
    letter["Subject"] = rendered.subject
    letter["From"] = _address(message.sender_name, message.sender_address)
    letter["To"] = _address(message.to_name, message.to_address)
    letter["Date"] = format_datetime(message.queued_at)
    domain = message.sender_address.rpartition("@")[2]
    letter["Message-ID"] = f"<{fingerprint(message.key)[:32]}@{domain}>"
    # Nobody's holiday notice should answer a receipt (RFC 3834).
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(rendered.text)
    letter.add_alternative(rendered.html, subtype="html")
    # Set last: adding the second part would move it into the first.
    letter["Content-Language"] = message.language
    return letter


def _address(name: str, address: str) -> Address:
    # A line break in a name would start a header of its own.
    clean = re.sub(r"[\r\n\x00-\x1f\x7f]+", " ", name).strip()
    return Address(display_name=clean, addr_spec=address)


def _send(letter: EmailMessage) -> None:
    refuse_inside_committed("sending mail")
    way = urlsplit(_mail_url)
    if way.scheme == "file":
        _into_folder(letter, Path(unquote(_mail_url.removeprefix("file:"))))
    elif way.scheme in ("smtp", "smtps"):
        _by_smtp(letter, way.hostname or "localhost", way.port, way.scheme, way.username, way.password)
    else:
        sys.stderr.write(f"--- mail to {letter['To']}: {letter['Subject']}\n")


def _into_folder(letter: EmailMessage, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = str(letter["Message-ID"]).strip("<>").partition("@")[0]
    whole = folder / f"{name}.eml"
    # Written beside and moved: whoever looks sees a whole letter or none.
    part = whole.with_suffix(".part")
    part.write_bytes(letter.as_bytes())
    part.replace(whole)


def _by_smtp(
    letter: EmailMessage, host: str, port: int | None, scheme: str, user: str | None, password: str | None
) -> None:
    maker = smtplib.SMTP_SSL if scheme == "smtps" else smtplib.SMTP
    with maker(host, port or (465 if scheme == "smtps" else 587), timeout=30) as server:
        if scheme == "smtp" and server.has_extn("starttls"):
            server.starttls()
        if user:
            if scheme == "smtp" and not server.has_extn("starttls") and host not in ("localhost", "127.0.0.1"):
                raise smtplib.SMTPNotSupportedError("the mail server offers no encryption for the password")
            server.login(unquote(user), unquote(password or ""))
        server.send_message(letter)
