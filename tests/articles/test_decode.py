"""Reading files: what is certain is read, what is not is refused with one sentence that says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from donate.articles.importers.decode import LARGEST, read_text
from donate.errors import Unreadable

ARABIC = "هذا نص عربي من صفحة في صحيفة على الساحل، وفيه كلمات كثيرة من كل باب.\n"
HEBREW = "זה טקסט של עיתון על החוף, והוא לא ארוך את הקורא.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_files_are_read_with_or_without_their_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "page.txt"
    path.write_text(ARABIC + HEBREW + "“Curly quotes” — kept", encoding)
    assert read_text(path) == ARABIC + HEBREW + "“Curly quotes” — kept"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("cp1252", "The café’s “owner” said no — twice. " * 5), ("cp1256", ARABIC), ("cp1255", HEBREW)],
)
def test_an_old_windows_page_is_read_where_it_is_certain(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(text.encode(encoding))
    assert read_text(path) == text


def test_an_uncertain_page_is_refused_with_the_line_the_guess_and_the_command(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes("First line\nZażółć gęślą jaźń\n".encode("cp1250"))
    with pytest.raises(Unreadable) as refused:
        read_text(path)
    assert refused.value.message == "encoding_unknown"
    assert refused.value.values["line"] == 2
    assert refused.value.values["command"].startswith("iconv -f WINDOWS-125")


def test_utf16_without_its_mark_is_named(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(("A plain page of text. " * 20).encode("utf-16-le"))
    with pytest.raises(Unreadable) as refused:
        read_text(path)
    assert refused.value.values["guess"] == "UTF-16LE"


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\x00\x00", b"%PDF-1.7\n\x01\x02\xff", b"ab\x00\x01\x02" * 9])
def test_what_is_no_text_is_called_that(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="binary"):
        read_text(path)


@pytest.mark.parametrize("content", [b"", b"  \n\n\t", b"\xef\xbb\xbf"])
def test_an_empty_file_is_called_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="empty"):
        read_text(path)


def test_a_very_large_file_is_refused_without_reading_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    with pytest.raises(Unreadable, match="too_large"):
        read_text(path)
    assert LARGEST == 5 * 1024 * 1024


def test_a_missing_file_is_called_missing(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="file_missing"):
        read_text(tmp_path / "nothing.txt")
