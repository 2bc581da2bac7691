"""A receipt as an answer: its PDF, for whoever may see it and for nobody to keep on the way."""

from __future__ import annotations

from flask import Response, request

from donate.receipts.draw import draw_pdf
from donate.receipts.look import look_on_paper
from donate.receipts.models import Receipt
from donate.receipts.paper_of import paper_of
from donate.receipts.queries import find_copy


def receipt_pdf(receipt: Receipt) -> Response:
    """Draw a receipt or statement; by the link of a letter that sent it again it is marked as a duplicate of that day.

    Args:
        receipt: One that the reader may see; void ones say that they are.
    """
    copy = find_copy(receipt.id, request.args.get("copy", ""))
    paper = paper_of(receipt, duplicate=copy is not None, copied_on=copy.made_on if copy is not None else None)
    return Response(
        draw_pdf(paper, look_on_paper()),
        mimetype="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{receipt.number}.pdf"',
            "Cache-Control": "private, no-store",
            "X-Robots-Tag": "noindex",
        },
    )
