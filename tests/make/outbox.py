"""The mail that went out, read back from the folder it was written into."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import overload


class Outbox(Sequence[EmailMessage]):
    """The letters of a folder, oldest first; looks again at each look."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _letters(self) -> list[EmailMessage]:
        files = sorted(self.folder.glob("*.eml"), key=lambda path: (path.stat().st_mtime_ns, path.name))
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]

    def __len__(self) -> int:
        return len(self._letters())

    @overload
    def __getitem__(self, at: int) -> EmailMessage: ...
    @overload
    def __getitem__(self, at: slice) -> list[EmailMessage]: ...
    def __getitem__(self, at: int | slice) -> EmailMessage | list[EmailMessage]:
        return self._letters()[at]

    def to(self, address: str) -> list[EmailMessage]:
        """Give the letters to one address."""
        return [letter for letter in self._letters() if letter["To"].addresses[0].addr_spec == address]


def text_of(letter: EmailMessage) -> str:
    """Give a letter's plain text."""
    part = letter.get_body(("plain",))
    assert part is not None
    content: str = part.get_content()
    return content


def html_of(letter: EmailMessage) -> str:
    """Give a letter's HTML."""
    part = letter.get_body(("html",))
    assert part is not None
    content: str = part.get_content()
    return content
