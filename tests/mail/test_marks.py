"""Words that people write into letters come out as text and as HTML in which nothing else can stand."""

from __future__ import annotations

import pytest

from donate.mail.marks import fill_html, fill_line, fill_text, may_lead_to


def fill(name: str, otherwise: str) -> str:
    return {"first_name": "Leila", "trick": "**<b>*[x](https://evil.example) {first_name}"}.get(name) or otherwise


def html(text: str) -> str:
    return "|".join(fill_html(text, fill))


def test_paragraphs_bold_and_links_are_drawn_and_nothing_else() -> None:
    typed = "Dear {first_name},\nthank **you**.\n\nRead [our *report*](https://example.org/a?b=1&c=2) "
    typed += "<script>alert(1)</script>"
    assert html(typed) == (
        "Dear Leila,<br>\nthank <strong>you</strong>.|Read "
        '<a href="https://example.org/a?b=1&amp;c=2" style="color:#5b1d4d">our *report*</a> '
        "&lt;script&gt;alert(1)&lt;/script&gt;"
    )


def test_the_text_part_says_where_a_link_leads() -> None:
    assert fill_text("**Read** [this](https://example.org) or [write](mailto:a@example.org)", fill) == (
        "Read this: https://example.org or write: a@example.org"
    )


def test_an_address_in_the_open_is_a_link_without_the_stop_after_it() -> None:
    assert html("See https://example.org/report.") == (
        'See <a href="https://example.org/report" style="color:#5b1d4d">https://example.org/report</a>.'
    )


def test_what_a_giver_is_called_is_never_read_as_a_mark_or_a_placeholder() -> None:
    assert html("Dear {trick}") == "Dear **&lt;b&gt;*[x](https://evil.example) {first_name}"
    assert fill_line("Dear {trick}", fill) == "Dear **<b>*[x](https://evil.example) {first_name}"


def test_where_nothing_is_known_the_word_after_the_line_stands() -> None:
    assert fill_line("Dear {nobody|friend},", fill) == "Dear friend,"
    assert html("Dear {nobody|reader's <b>}") == "Dear reader&#x27;s &lt;b&gt;"


def test_a_subject_is_one_line_whatever_stands_in_it() -> None:
    assert fill_line("Thanks\r\nBcc: all@example.org", fill) == "Thanks Bcc: all@example.org"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://example.org", "//example.org", "data:x", "https://",
                                     'https://x"onclick=', "https://a/{first_name}", "mailto:", ""])  # fmt: skip
def test_a_link_leads_to_a_safe_page_or_an_address_only(address: str) -> None:
    assert not may_lead_to(address)
    assert "<a" not in html(f"[here]({address})")


@pytest.mark.parametrize("address", ["https://example.org/a*b*", "mailto:giving@example.org"])
def test_pages_and_addresses_may_be_linked(address: str) -> None:
    assert may_lead_to(address)
    assert "<a href=" in html(f"[here]({address})")
