"""The read API: donors, gifts, recurring gifts and appeals, for programs with a token."""

from __future__ import annotations

from donate.web.api.v1 import views
from donate.web.api.v1.door import api_v1

__all__ = ["api_v1", "views"]
