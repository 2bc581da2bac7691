"""Change what an appeal says, where it stands and whom it asks; go back to what it was."""

from __future__ import annotations

from donate.appeals.contents import Contents, contents_from_json, contents_of, contents_to_json, write_contents
from donate.appeals.models import Appeal
from donate.appeals.queries import find_appeal, find_version, find_version_until
from donate.appeals.snapshot import keep_first_version, keep_version
from donate.errors import AppealRefused, NotFound
from donate.team.history import SYSTEM, Plain, Who, record_history


def edit_appeal(appeal: Appeal, wanted: Contents, who: Who, *, based_on: int) -> bool:
    """Write changed contents, if nobody has changed them meanwhile; call inside ``committed()``, the row locked.

    Args:
        appeal: Which.
        wanted: What it shall be, sanitised.
        who: Who changes it.
        based_on: The appeal's ``version`` that was being edited.

    Returns:
        Whether anything was changed.

    Raises:
        AppealRefused: ``appeal_changed`` (slug, version) where somebody was faster, ``address_taken`` (slug),
            ``address_is_fixed`` (slug) of an appeal that was published.
    """
    if is_overtaken(appeal, based_on):
        raise AppealRefused("appeal_changed", slug=appeal.slug, version=appeal.version)
    return _change(appeal, wanted, who, "edit_appeal", {})


def is_overtaken(appeal: Appeal, based_on: int) -> bool:
    """Tell whether an appeal's contents are others than in an earlier version: a pause alone is no such change.

    Args:
        appeal: As it is now.
        based_on: The ``version`` that somebody has before them.
    """
    if based_on == appeal.version:
        return False
    seen = find_version_until(appeal.id, based_on)
    return seen is None or seen.contents != contents_to_json(contents_of(appeal))


def revert_appeal(appeal: Appeal, number: int, who: Who) -> bool:
    """Make an appeal again what it was, as a new version; call inside ``committed()``, the row locked.

    Args:
        appeal: Which; its address and its state stay.
        number: Of the version to go back to.
        who: Who does it.

    Returns:
        Whether anything was changed.

    Raises:
        NotFound: ``version_missing`` (number).
    """
    found = find_version(appeal.id, number)
    if found is None:
        raise NotFound("version_missing", number=number)
    told = {**found.contents, "slug": appeal.slug}
    return _change(appeal, contents_from_json(told), who, "revert_appeal", {"back_to": number})


def _change(appeal: Appeal, wanted: Contents, who: Who, act: str, how: dict[str, Plain]) -> bool:
    now = contents_of(appeal)
    if wanted == now:
        return False
    if wanted.slug != now.slug:
        if appeal.status != "draft":
            raise AppealRefused("address_is_fixed", slug=now.slug)
        if find_appeal(wanted.slug) is not None:
            raise AppealRefused("address_taken", slug=wanted.slug)
    keep_first_version(appeal, SYSTEM)
    before = appeal.version
    write_contents(appeal, wanted)
    appeal.version += 1
    keep_version(appeal, who)
    record_history(
        who, act, "appeal", appeal.slug, before={"version": before}, after={"version": appeal.version, **how}
    )
    return True
