"""What a file's gifts were for and what asked for them: its own names, as the funds and appeals that are here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from donate.appeals.queries import list_appeals
from donate.newsroom.queries import get_general_fund, list_funds
from donate.records.imports.gift import PastGift, RowRefused

#: For ``other_appeals``: whatever is not named has none.
NONE = "none"


@dataclass(frozen=True)
class Mapped:
    """What an operator says of the names in a file.

    Args:
        funds: {name in the file: a fund's code}.
        appeals: {name in the file: an appeal's slug, or ``none``}.
        other_funds: The code for every name that is neither mapped nor a fund's; empty refuses such rows.
        other_appeals: The slug for the same of appeals, or ``none``; empty refuses such rows.
    """

    funds: Mapping[str, str] = field(default_factory=dict)
    appeals: Mapping[str, str] = field(default_factory=dict)
    other_funds: str = ""
    other_appeals: str = ""


class Targets:
    """Finds the fund and the appeal of a gift."""

    def __init__(self, mapped: Mapped) -> None:
        funds = list_funds()
        codes = {fund.code: fund.id for fund in funds}
        slugs = {appeal.slug: appeal.id for appeal in list_appeals()}
        self._funds: dict[str, int] = {}
        for fund in funds:
            self._funds |= {_fold(name): fund.id for name in (*fund.names.values(), fund.name, fund.code)}
        self._appeals: dict[str, int | None] = {_fold(slug): appeal_id for slug, appeal_id in slugs.items()}
        for name, code in mapped.funds.items():
            self._funds[_fold(name)] = _known(codes, code, "fund_not_here")
        for name, slug in mapped.appeals.items():
            self._appeals[_fold(name)] = None if slug == NONE else _known(slugs, slug, "appeal_not_here")
        self._general = get_general_fund().id
        self._other_fund = _known(codes, mapped.other_funds, "fund_not_here") if mapped.other_funds else None
        self._leave_other_appeals = bool(mapped.other_appeals)
        self._other_appeal = (
            _known(slugs, mapped.other_appeals, "appeal_not_here") if mapped.other_appeals not in ("", NONE) else None
        )

    def fund_of(self, gift: PastGift) -> int:
        """Give the key of a gift's fund.

        Raises:
            RowRefused: ``fund_unknown``.
        """
        if not gift.fund:
            return self._general
        found = self._funds.get(_fold(gift.fund), self._other_fund)
        if found is None:
            raise RowRefused("fund_unknown", name=gift.fund[:80])
        return found

    def appeal_of(self, gift: PastGift) -> int | None:
        """Give the key of a gift's appeal, where it has one.

        Raises:
            RowRefused: ``appeal_unknown``.
        """
        name = _fold(gift.appeal)
        if not name or name in self._appeals:
            return self._appeals.get(name)
        if not self._leave_other_appeals:
            raise RowRefused("appeal_unknown", name=gift.appeal[:80])
        return self._other_appeal


def _known(keys: Mapping[str, int], name: str, message: str) -> int:
    if name not in keys:
        raise RowRefused(message, name=name)
    return keys[name]


def _fold(name: str) -> str:
    return " ".join(name.casefold().split())
