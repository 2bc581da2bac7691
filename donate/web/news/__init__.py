"""The news door: stories and their lists, search, feeds and the newsroom's own pages; anyone may read."""

from __future__ import annotations

from donate.web.news import already_gave, asks, browse, frame, indexing, look, my_news, seen, supporters_page, views
from donate.web.news.door import news

__all__ = [
    "already_gave",
    "asks",
    "browse",
    "frame",
    "indexing",
    "look",
    "my_news",
    "news",
    "seen",
    "supporters_page",
    "views",
]
