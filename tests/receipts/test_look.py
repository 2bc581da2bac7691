"""A receipt in the newsroom's own look: its logo and accent in every language, and none that can't be drawn."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from pypdf import PdfReader

from donate.db import committed
from donate.newsroom.look import keep_logo
from donate.newsroom.models import Newsroom
from donate.newsroom.picture import read_picture
from donate.receipts.draw import draw_pdf
from donate.receipts.look import PaperLook, look_on_paper
from donate.receipts.paper import Paper
from tests.make.papers import ENGLISH, PAPERS, read_pdf
from tests.make.pictures import png

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 40"><path fill="#c00" d="M0 0h80v40z"/></svg>'


@pytest.mark.parametrize("paper", PAPERS, ids=[paper.language for paper in PAPERS])
@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_logo_stands_on_the_paper_and_every_word_stays(paper: Paper, kind: str) -> None:
    picture = read_picture(png(300, 60) if kind == "png" else SVG)
    drawn = draw_pdf(paper, PaperLook("#114488", picture.kind, picture.body))
    assert read_pdf(drawn).split() == read_pdf(draw_pdf(paper)).split()
    page = PdfReader(io.BytesIO(drawn)).pages[0]
    assert bool(page.images) == (kind == "png")
    assert drawn == draw_pdf(paper, PaperLook("#114488", picture.kind, picture.body))
    assert drawn != draw_pdf(paper)


def test_a_logo_that_can_not_be_drawn_leaves_the_receipt_without_one() -> None:
    drawn = draw_pdf(ENGLISH, PaperLook("#114488", "png", b"no picture"))
    assert drawn == draw_pdf(ENGLISH, PaperLook("#114488"))
    assert ENGLISH.giver in read_pdf(drawn)


def test_papers_have_the_look_of_the_day_they_are_drawn(app: Flask, newsroom: None) -> None:
    assert look_on_paper() == PaperLook()
    picture = read_picture(png(60, 30))
    with committed() as session:
        keep_logo(picture)
        row = session.get_one(Newsroom, 1)
        row.look = {"accent": "#114488", "logo": {"mark": picture.mark, "kind": "png", "width": 60, "height": 30}}
    assert look_on_paper() == PaperLook("#114488", "png", picture.body)
