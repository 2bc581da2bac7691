"""The API door: what other machines of the newsroom may say here, each with its token."""

from __future__ import annotations

from donate.web.api import changed
from donate.web.api.door import api

__all__ = ["api", "changed"]
