"""The news door: front page, article pages; anyone may read."""

from donate.web.news.door import news

__all__ = ["news"]
