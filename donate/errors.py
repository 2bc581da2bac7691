"""Errors a person can be told about: a message id and values; doors turn them into sentences."""

from __future__ import annotations

from typing import Any


class DonateError(Exception):
    """Say that something could not be done, by a message id and the values its sentence needs.

    Args:
        message: A stable id such as ``amount_too_small``; doors hold the sentence for it.
        values: What the sentence names, such as ``minimum`` or ``line``.
    """

    def __init__(self, message: str, **values: Any) -> None:
        self.message = message
        self.values = values
        detail = ", ".join(f"{name}={value}" for name, value in values.items())
        super().__init__(f"{message} ({detail})" if detail else message)


class BadSetting(DonateError):
    """A setting of the environment that the application can't start with."""


class BadAmount(DonateError):
    """An amount that can't be read, or that the payment company would refuse."""


class NotFound(DonateError):
    """Nothing stands under this name."""


class AttemptHeld(DonateError):
    """An earlier attempt is complete, processing or unanswerable, so a second one must wait.

    Its ``values`` hold the ``reference`` of the gift to look at.
    """


class RefundRefused(DonateError):
    """A refund that can't be asked for: ``refund_too_large``, ``refund_changed`` (both with ``left``) or another."""


class DonorRefused(DonateError):
    """What can't be written down about a donor: ``donor_known`` (``donor``), ``donor_erased``, ``note_empty``, …"""


class MergeRefused(DonateError):
    """Two donors that can't be made one now: ``merge_same``, ``merge_erased``, ``merge_changed``, ``merge_erasing``."""


class ChangeRefused(DonateError):
    """A change of a promise that can't be made now: ``change_not_open``, ``change_under_way`` or ``change_moved``."""


class OfflineRefused(DonateError):
    """An offline gift or batch that can't be recorded as it is: ``day_in_future``, ``batch_differs`` or another."""


class AppealRefused(DonateError):
    """What can't be done with an appeal as it stands: ``appeal_not_live``, ``appeal_changed`` or another."""


class WordsRefused(DonateError):
    """Words of a letter that can't be saved: ``words_changed`` (somebody was faster)."""


class SettingsRefused(DonateError):
    """Settings that can't be saved as they were sent: ``settings_changed`` (now) where somebody was faster."""


class StaffRefused(DonateError):
    """What a colleague can't do to another: ``own_row``, ``above_you``, ``last_owner`` or another."""


class PeriodRefused(DonateError):
    """A month that can't be closed, with what stands in its way."""


class ReportRefused(DonateError):
    """A saved report that can't be saved: ``name_missing`` or ``name_too_long`` (most)."""


class JournalRefused(DonateError):
    """A journal that can't be written: ``accounts_unmapped`` (names), ``other_currency`` or ``journal_unbalanced``."""


class ExportRefused(DonateError):
    """A file that can't be written as asked: ``too_many_rows`` (rows, limit), ``cell_too_long`` or another."""


class PaymentPageUnreachable(DonateError):
    """The payment company did not answer; nothing was charged and the same press may be repeated."""


class Unreadable(DonateError):
    """A file or text that was handed in and can't be taken as it is."""
