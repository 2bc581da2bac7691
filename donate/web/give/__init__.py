"""The giving door: the form, the gift page, appeal pages; anyone may give."""

from donate.web.give.door import give

__all__ = ["give"]
