"""The news door: front page, articles, sections, topics and the newsroom's own pages; anyone may read."""

from __future__ import annotations

from donate.web.news import frame, views
from donate.web.news.door import news

__all__ = ["news", "frame", "views"]
