"""What WordPress calls a post that nobody has sorted, in the languages of its own translations."""

from __future__ import annotations

#: No section and no topic is made of these.
UNSORTED = frozenset(
    ("uncategorized", "uncategorised", "غير مصنف", "غير مصنّف", "כללי", "לא מסווג", "sin categoría", "non classé")
)
