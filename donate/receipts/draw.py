"""Draw a paper as PDF."""

from __future__ import annotations

from donate.receipts.paper import Paper


def draw_pdf(paper: Paper) -> bytes:
    """Draw a paper.

    Args:
        paper: What it says.
    """
    return b"%PDF-1.7\n" + repr(paper).encode()
