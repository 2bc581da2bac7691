"""The real encoding of a feed, page or export, whatever it declares, and its text as clean UTF-8."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import BinaryIO

from donate.articles.importers.decode import MARKS, guess_old_page
from donate.errors import Unreadable

_CHUNK = 64 * 1024
_SAMPLE = 1024 * 1024
# What XML forbids and no database stores as text.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_DECLARED = re.compile(
    rb"""(?i)(?:<\?xml[^>]{0,200}?encoding|<meta[^>]{0,200}?charset)\s*=\s*["']?\s*([\w.:-]{2,40})"""
)
# Text encodings only: Python also knows codecs that unpack, escape or rotate.
_TEXT_CODEC = re.compile(
    r"(?i)(windows|cp\d|ibm\d|ms-|iso|latin|koi8|gb|big5|euc|shift|sjis|mac|utf-?16|utf-?32|us-ascii)"
)
_SAME_AS = {"iso-8859-8-i": "iso-8859-8", "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252"}


def choose_encoding(file: BinaryIO, what: object, told: str = "") -> str:
    """Choose the encoding that a file is really in; it is read in pieces and left at its start.

    A mark at its start decides; then UTF-8, which no other text happens to be; then what the answer's header
    or the file itself says; then the old Windows page that its words make certain.

    Args:
        file: Can be read twice.
        what: Its name, for messages.
        told: What the answer's header said.

    Raises:
        Unreadable: ``encoding_unknown`` (line, guess, command).
    """
    file.seek(0)
    head = file.read(_SAMPLE)
    try:
        for mark, name in MARKS:
            if head.startswith(mark):
                return name
        if head[:2] == b"<\x00":
            return "utf-16-le"
        if head[:2] == b"\x00<":
            return "utf-16-be"
        if _is_utf8(head, file):
            return "utf-8"
        return _known(told) or _known(_declared(head)) or _guess(head, what)
    finally:
        file.seek(0)


def read_markup(file: BinaryIO, what: object, *, most: int, told: str = "") -> str:
    """Read a whole feed or page as text.

    Args:
        file: Open for reading.
        what: Its name, for messages.
        most: The most bytes it may hold.
        told: What the answer's header said of its encoding.

    Raises:
        Unreadable: ``too_large`` (most), ``empty``, ``encoding_unknown``.
    """
    encoding = choose_encoding(file, what, told)
    content = file.read(most + 1)
    if len(content) > most:
        raise Unreadable("markup_too_large", most=f"{most // 1024**2} MB")
    text = clean_text(content.decode(encoding, "replace"))
    if not text.strip():
        raise Unreadable("empty")
    return text


def clean_text(text: str) -> str:
    """Drop what is no text: control characters other than tab and line ends, halves of surrogate pairs."""
    return _FORBIDDEN.sub("", text.encode("utf-8", "ignore").decode("utf-8")).removeprefix("\ufeff")


class Utf8Reader:
    """Reads a file of any encoding as UTF-8 without what XML forbids, a piece at a time.

    Args:
        file: Open for reading, at its start.
        encoding: As ``choose_encoding`` told.
        most: More than this between two calls of ``rest()`` is refused: one story is never so long.
        mend: Mends the first piece.
    """

    def __init__(self, file: BinaryIO, encoding: str, most: int, mend: Callable[[str], str] = str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._most = most
        self._mend = mend
        self._since = 0

    def read(self, size: int = _CHUNK) -> bytes:
        """Read the next piece.

        Raises:
            Unreadable: ``item_too_large`` (most).
        """
        while True:
            piece = self._file.read(size)
            self._since += len(piece)
            if self._since > self._most:
                raise Unreadable("item_too_large", most=f"{self._most // 1024**2} MB")
            clean = _FORBIDDEN.sub("", self._decoder.decode(piece, final=not piece)).removeprefix("\ufeff")
            if clean or not piece:
                clean, self._mend = self._mend(clean), str
                return clean.encode("utf-8", "ignore")

    def rest(self) -> None:
        """Count anew: a story is over."""
        self._since = 0


def _is_utf8(head: bytes, file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    piece = head
    try:
        while piece:
            decoder.decode(piece)
            piece = file.read(_CHUNK)
    except UnicodeDecodeError:
        return _is_nearly_utf8(head)
    return True


def _is_nearly_utf8(head: bytes) -> bool:
    # One broken byte in a long file does not make it another encoding; old pages break at nearly every letter.
    text = head.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for letter in text if letter > "\x7f") - broken
    return whole > 10 * broken


def _declared(head: bytes) -> str:
    found = _DECLARED.search(head[:4096])
    return found[1].decode("ascii") if found else ""


def _known(name: str) -> str:
    wanted = _SAME_AS.get(name.lower(), name.lower())
    if not _TEXT_CODEC.match(wanted):
        return ""
    try:
        return codecs.lookup(wanted).name
    except LookupError:
        return ""


def _guess(head: bytes, what: object) -> str:
    # Tags are Latin letters in any language: they say nothing of the text.
    guess, is_certain = guess_old_page(re.sub(rb"<[^<>]*>", b" ", head))
    if not is_certain:
        name = f"WINDOWS-{guess[2:]}"
        command = f"iconv -f {name} -t UTF-8 {what} > utf8.xml"
        line = _first_bad_line(head)
        raise Unreadable("encoding_unknown", what=what, line=line, guess=name, command=command)
    return guess


def _first_bad_line(head: bytes) -> int:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as problem:
        return head.count(b"\n", 0, problem.start) + 1
    return 1
