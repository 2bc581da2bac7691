"""Deliver a message: by SMTP, into a folder of .eml files, or onto the terminal."""

from __future__ import annotations

import re
import smtplib
import sys
from dataclasses import asdict
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from donate import clock
from donate.db import committed, lock, refuse_inside_committed
from donate.mail.models import MailMessage
from donate.mail.queries import find_message, get_message
from donate.mail.queue import Letter
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
    if message.sent_at is not None or not message.to_address:
        return
    rendered = render(message)
    _send(compose(message, rendered))
    with committed():
        message = lock(MailMessage, message_id)
        message.sent_at = clock.now()
        if message.is_kept and message.to_address:
            message.subject, message.text, message.html = rendered.subject, rendered.text, rendered.html
        elif not message.is_kept:
            # Without words it is tidied away after two days, key and all.
            message.to_address, message.to_name, message.values = "", "", {}


def send_unkept(letter: Letter) -> None:
    """Send a letter at once whose words must lie nowhere; call outside ``committed()``.

    What stays is that it went out, when and to whom: neither its values nor its text.

    Args:
        letter: Its key is written down once; a repeated sending needs a new one.
    """
    message = MailMessage(**{**asdict(letter), "is_kept": False}, queued_at=clock.now())
    rendered = render(message)
    _send(compose(message, rendered))
    with committed() as session:
        if find_message(letter.key) is None:
            message.values, message.subject, message.sent_at = {}, rendered.subject, clock.now()
            session.add(message)


def name_of_file(message: MailMessage) -> str:
    """Name the file that a message is written into where mail goes into a folder."""
    return f"{fingerprint(message.key)[:32]}.eml"


def compose(message: MailMessage, rendered: Rendered) -> EmailMessage:
    """Put a message into its envelope: text first, HTML beside it (RFC 2046 multipart/alternative)."""
    letter = EmailMessage()
    letter["Subject"] = rendered.subject
    letter["From"] = _address(message.sender_name, message.sender_address)
    letter["To"] = _address(message.to_name, message.to_address)
    letter["Reply-To"] = _address(message.sender_name, message.sender_address)
    if rendered.unsubscribe_url:
        # RFC 2369, and RFC 8058: a mail program's own button posts there once, without opening a page.
        letter["List-Unsubscribe"] = f"<{rendered.unsubscribe_url}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
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
