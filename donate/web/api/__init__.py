"""The API door: what other sites may ask here, and what machines of the newsroom may say, each with its token."""

from __future__ import annotations

from donate.web.api import ask, changed, embed
from donate.web.api.door import api

__all__ = ["api", "ask", "changed", "embed"]
