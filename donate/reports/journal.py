"""The journal: the books' postings as debits and credits of the newsroom's own accounts, one entry a day and payout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import RowMapping

from donate.errors import JournalRefused
from donate.ledger.accounts import ACCOUNTS, BY_HAND
from donate.money import Money
from donate.newsroom.accounts import DEFERRED, Account, Chart, chart_of
from donate.newsroom.queries import get_newsroom
from donate.reports.queries import iterate_benefits, iterate_postings

#: Columns are only ever added at the end.
COLUMNS = (
    "journal_no", "journal_date", "line_no", "account_code", "account_name", "debit", "credit", "currency", "fund",
    "memo", "donation_id", "stripe_payout_id",
)  # fmt: skip
#: https://quickbooks.intuit.com/learn-support/en-us/help-article/accounting-bookkeeping/import-journal-entries
QUICKBOOKS = ("Journal No.", "Journal Date", "Account Name", "Description", "Debits", "Credits", "Class")
#: https://central.xero.com/s/article/Import-manual-journals
XERO = ("*Narration", "*Date", "Description", "*AccountCode", "*TaxRate", "*Amount", "TrackingName1",
        "TrackingOption1")  # fmt: skip

_ORDER = {name: at for at, name in enumerate((*ACCOUNTS, DEFERRED))}
#: What is nobody's fund: it stands once an entry, not once a fund.
_WITHOUT_FUND = frozenset({"clearing", "bank", "undeposited", "stripe_fees", "reserves", "outside"})
_SAYS = {
    "charge": "Gift", "offline": "Gift", "offline_return": "Gift withdrawn",
    "refund": "Refund", "refund_failure": "Refund that failed",
    "payment_reversal": "Payment taken back", "dispute": "Dispute", "dispute_reversal": "Dispute won",
    "fee": "Stripe’s fee", "adjustment": "Stripe’s adjustment", "reserve": "Stripe’s reserve",
    "payout": "Payout to the bank", "payout_failure": "Payout that failed", "topup": "Paid in to Stripe",
    "outside": "Another product of the account", "unclassified": "Not known yet",
}  # fmt: skip


@dataclass(frozen=True)
class Posted:
    """One side of a posting: a debit is above zero, a credit below.

    Args:
        account: The name in our books.
        money: Signed.
        fund: A fund's code; empty where none is concerned.
        gl_code: The fund's code in the newsroom's accounting when it was booked.
        memo: What it is.
        donation: The gift's reference; empty where several are summed up, or none is concerned.
    """

    account: str
    money: Money
    fund: str
    gl_code: str
    memo: str
    donation: str = ""


@dataclass(frozen=True)
class Entry:
    """One entry of the journal.

    Args:
        number: The same for the same day, payout and currency, at most 20 letters: QuickBooks takes 21.
        day: On which it counts.
        says: What it is about, for its memo.
        payout: Stripe's id; empty where it left with none yet.
        lines: They add up to zero.
    """

    number: str
    day: date
    says: str
    payout: str
    lines: tuple[Posted, ...]


def export_journal(period: Any) -> Iterator[dict[str, Any]]:
    """Give the journal in full: two lines a posting, each with its gift.

    Args:
        period: A ``reports.export.Period``.

    Raises:
        JournalRefused: ``accounts_unmapped`` (names).
    """
    chart = chart_of(get_newsroom())
    for entry in entries_of(period, chart):
        for number, line in enumerate(entry.lines, 1):
            account = account_of(chart, line)
            side = "debit" if line.money.minor > 0 else "credit"
            yield {
                "journal_no": entry.number,
                "journal_date": entry.day.isoformat(),
                "line_no": number,
                "account_code": account.code,
                "account_name": account.name,
                side: _plain(line.money),
                "currency": line.money.currency,
                "fund": line.fund,
                "memo": line.memo,
                "donation_id": line.donation,
                "stripe_payout_id": entry.payout,
            }


def export_for_quickbooks(period: Any) -> Iterator[dict[str, Any]]:
    """Give the journal as QuickBooks Online imports it: accounts by name, a fund as class, summed up.

    Args:
        period: A ``reports.export.Period``.

    Raises:
        JournalRefused: ``accounts_unmapped`` (names), or ``other_currency`` (currency, home).
    """
    chart = chart_of(get_newsroom())
    for entry in entries_of(period, chart):
        for line in _in_home_currency(_summed(entry), chart):
            amount = _plain(line.money)
            yield {
                "Journal No.": entry.number,
                "Journal Date": entry.day.strftime(chart.date_format),
                "Account Name": account_of(chart, line).name,
                "Description": line.memo,
                "Debits" if line.money.minor > 0 else "Credits": amount,
                "Class": chart.classes.get(line.fund, line.fund),
            }


def export_for_xero(period: Any) -> Iterator[dict[str, Any]]:
    """Give the journal as Xero imports manual journals: accounts by code, credits below zero, summed up.

    Args:
        period: A ``reports.export.Period``.

    Raises:
        JournalRefused: ``accounts_unmapped`` (names), ``codes_missing`` (names) or ``other_currency``.
    """
    chart = chart_of(get_newsroom())
    for entry in entries_of(period, chart):
        for line in _in_home_currency(_summed(entry), chart):
            account = account_of(chart, line)
            if not account.code:
                raise JournalRefused("codes_missing", names=account.name)
            tracked = {"TrackingName1": "Fund", "TrackingOption1": chart.classes.get(line.fund, line.fund)}
            yield {
                "*Narration": f"{entry.number} {entry.says}",
                "*Date": entry.day.strftime("%d/%m/%Y"),
                "Description": line.memo,
                "*AccountCode": account.code,
                "*TaxRate": chart.tax_rate,
                "*Amount": line.money.plain(),
                **(tracked if line.fund else {}),
            }


def entries_of(period: Any, chart: Chart) -> Iterator[Entry]:
    """Give a period's entries by day; each balances, and each account is the newsroom's.

    Args:
        period: A ``reports.export.Period``; offline gifts only where it asks for them.
        chart: The newsroom's accounts.

    Raises:
        JournalRefused: ``accounts_unmapped`` (names) before anything is given, or ``journal_unbalanced`` (number).
    """
    _refuse_unmapped(period, chart)
    for entry in _entries(period):
        if sum(line.money.minor for line in entry.lines):
            raise JournalRefused("journal_unbalanced", number=entry.number)
        yield entry


def account_of(chart: Chart, line: Posted) -> Account:
    """Tell the newsroom's own account of a line; a fund's income has its own where the newsroom named one."""
    if line.account == "income":
        own = chart.funds.get(line.fund)
        if own is not None:
            return own
        return replace(chart.accounts["income"], code=line.gl_code or chart.accounts["income"].code)
    return chart.accounts[line.account]


def _refuse_unmapped(period: Any, chart: Chart) -> None:
    used = {line.account for entry in _entries(period) for line in entry.lines}
    missing = sorted(used - chart.accounts.keys(), key=_ORDER.__getitem__)
    if missing:
        raise JournalRefused("accounts_unmapped", names=", ".join(missing))


def _entries(period: Any) -> Iterator[Entry]:
    postings = iterate_postings(
        period.since, period.until, fund=period.fund, appeal=period.appeal, with_offline=period.offline
    )
    for (day, currency, payout, is_offline), rows in groupby(postings, _key):
        lines = tuple(line for row in rows for line in _sides(row))
        if is_offline:
            tail, says = "OFFLINE", "Gifts that did not pass Stripe"
        else:
            tail = payout[-8:] if payout else "UNPAID"
            says = f"Stripe payout {payout}" if payout else "At Stripe, not paid out"
        yield Entry(f"{day:%Y%m%d}{currency}-{tail}", day, says, payout, lines)
    given = iterate_benefits(
        period.since, period.until, fund=period.fund, appeal=period.appeal, with_offline=period.offline
    )
    for (day, currency), benefits in groupby(given, lambda row: (row["day"], row["settlement_currency"])):
        lines = tuple(line for row in benefits for line in _deferred(row))
        says = "What members are owed for their gifts"
        yield Entry(f"{day:%Y%m%d}{currency}-BENEFIT", day, says, "", lines)


def _key(row: RowMapping) -> tuple[date, str, str, bool]:
    return row["booked_on"], row["settlement_currency"], row["payout"] or "", row["entry_type"] in BY_HAND


def _sides(row: RowMapping) -> Iterator[Posted]:
    amount = Money(row["amount_minor"], row["posting_currency"])
    fee = row["line_no"] > 1 or row["debit"].endswith("_fees")
    says = _SAYS[row["entry_type"]]
    memo = f"{says}, Stripe’s part" if fee and row["entry_type"] != "fee" else says
    for account, money in ((row["debit"], amount), (row["credit"], -amount)):
        fund = "" if account in _WITHOUT_FUND else row["fund_code"] or ""
        yield Posted(account, money, fund, row["gl_code"], memo, row["donation_reference"] or "")


def _deferred(row: RowMapping) -> Iterator[Posted]:
    """Give what a receipt says was given in return, as owed; taken back where the receipt is void."""
    value = row["benefit_value_minor"]
    if row["currency"] != row["settlement_currency"]:
        # As the gift itself was exchanged, rounded half up.
        gross, settled = row["gross_minor"], row["settlement_gross_minor"]
        value = (2 * value * settled + gross) // (2 * gross)
    money = Money(value if row["is_issue"] else -value, row["settlement_currency"])
    memo = "Benefits of a gift" if row["is_issue"] else "Benefits of a gift, taken back"
    if value:
        fund, reference = row["fund_code"], row["donation_reference"]
        yield Posted("income", money, fund, row["gl_code"], memo, reference)
        yield Posted(DEFERRED, -money, fund, row["gl_code"], memo, reference)


def _summed(entry: Entry) -> list[Posted]:
    """Sum an entry up by account, fund and side: debits and credits are not set off against each other."""
    sums: dict[tuple[int, str, str, bool], Posted] = {}
    for line in entry.lines:
        key = (_ORDER[line.account], line.fund, line.gl_code if line.account == "income" else "", line.money.minor < 0)
        known = sums.get(key)
        money = line.money + known.money if known is not None else line.money
        sums[key] = replace(line, money=money, memo=entry.says, donation="")
    return [sums[key] for key in sorted(sums)]


def _in_home_currency(lines: Iterable[Posted], chart: Chart) -> Iterator[Posted]:
    for line in lines:
        if line.money.currency != chart.home_currency:
            raise JournalRefused("other_currency", currency=line.money.currency, home=chart.home_currency)
        yield line


def _plain(money: Money) -> str:
    return Money(abs(money.minor), money.currency).plain()
