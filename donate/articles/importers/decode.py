"""Read a text file into characters: UTF-8, UTF-16 with its mark, old Windows pages only where certain."""

from __future__ import annotations

import re
from pathlib import Path

from donate.errors import Unreadable

LARGEST = 5 * 1024 * 1024

#: What a file of Unicode begins with, and what it is then.
MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# What text never holds: control characters other than tab, line ends and form feed.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# Words no page of prose in the language does without; two of them make the guess certain.
_ARABIC_WORDS = {"في", "من", "على", "إلى", "أن", "عن", "مع", "هذا", "التي", "الذي"}
_HEBREW_WORDS = {"של", "את", "על", "לא", "הוא", "היא", "גם", "כי", "עם", "זה"}
# Signs an English page holds beside letters, as Windows-1252 writes them.
_LATIN_SIGNS = "‘’“”–—…•€£©®™°½¼¾«»§·\u00a0"


def read_text(path: Path) -> str:
    """Read a text file that someone handed in.

    Args:
        path: Its path; never more than 5 MB of it is read.

    Raises:
        Unreadable: ``file_missing``, ``too_large``, ``empty``, ``binary``, ``encoding_unknown``
            (line, guess, command).
    """
    if not path.is_file():
        raise Unreadable("file_missing", what=path)
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Unreadable("too_large", what=path, most="5 MB")
    text = _decode(content, path)
    if not text.strip():
        raise Unreadable("empty", what=path)
    if _CONTROLS.search(text):
        raise Unreadable("binary", what=path)
    return text


def _decode(content: bytes, path: Path) -> str:
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _marked(content, encoding, path)
    if b"\x00" in content:
        if _looks_like_utf16(content):
            raise _unknown(path, 1, "UTF-16LE" if content[1:2] == b"\x00" else "UTF-16BE")
        raise Unreadable("binary", what=path)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as problem:
        return _old_page(content, path, content.count(b"\n", 0, problem.start) + 1)


def _marked(content: bytes, encoding: str, path: Path) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as problem:
        raise Unreadable("binary", what=path) from problem


def _looks_like_utf16(content: bytes) -> bool:
    head = content[:2000]
    zeros = {at % 2 for at, byte in enumerate(head) if byte == 0}
    return len(zeros) == 1 and head.count(0) > len(head) // 4


def guess_old_page(content: bytes) -> tuple[str, bool]:
    """Guess the old Windows page of a text that is no UTF-8.

    Args:
        content: The text's bytes, without markup.

    Returns:
        ``cp1252``, ``cp1256`` or ``cp1255``, and whether its words make that certain.
    """
    high = sum(byte >= 0x80 for byte in content)
    latin = len(re.findall(rb"[A-Za-z]", content))
    if high * 2 < latin:
        return "cp1252", _is_latin(content)
    # Arabic letters fill C0 to DF in their page, where Hebrew's has only vowel signs.
    letters = [byte for byte in content if byte >= 0xC0]
    low = sum(byte < 0xE0 for byte in letters)
    guess, words = ("cp1256", _ARABIC_WORDS) if low * 5 > len(letters) else ("cp1255", _HEBREW_WORDS)
    return guess, len(words & set(content.decode(guess, "replace").split())) >= 2


def _old_page(content: bytes, path: Path, line: int) -> str:
    if re.search(rb"[\x00-\x08\x0b\x0e-\x1f]", content):
        raise Unreadable("binary", what=path)
    guess, is_certain = guess_old_page(content)
    if not is_certain:
        raise _unknown(path, line, f"WINDOWS-{guess[2:]}")
    try:
        return content.decode(guess)
    except UnicodeDecodeError as problem:
        raise _unknown(path, line, f"WINDOWS-{guess[2:]}") from problem


def _is_latin(content: bytes) -> bool:
    text = content.decode("cp1252", "replace")
    for found in re.finditer(r"[^\x00-\x7f]", text):
        sign, before, after = found[0], text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
        if sign in _LATIN_SIGNS:
            continue
        in_word = before.isalpha() or after.isalpha()
        fits = ("ß" <= sign <= "ÿ" and sign != "÷") or ("À" <= sign <= "Þ" and sign != "×" and not before.islower())
        if not (in_word and fits):
            return False
    return True


def _unknown(path: Path, line: int, guess: str) -> Unreadable:
    command = f"iconv -f {guess} -t UTF-8 {path} > {path.with_suffix('.utf8.txt')}"
    return Unreadable("encoding_unknown", what=path, line=line, guess=guess, command=command)
