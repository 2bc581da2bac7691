"""Make a hook and change it: one form, whose address is looked at before anything is saved."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate.connections.hooks import LONGEST_NAME, HookWish, change_hook, make_hook
from donate.connections.kinds import KINDS
from donate.connections.models import Hook
from donate.db import committed
from donate.errors import Unreadable
from donate.reach.connection import look_at_receiver
from donate.web.access import needs
from donate.web.reading import url_for
from donate.web.staff.connections.list_page import the_hook
from donate.web.staff.connections.words import say_address_problem, say_event
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.who import colleague


@dataclass(frozen=True)
class Typed:
    """What a hook's form holds, and what of it must be put right: a sentence a field."""

    name: str = ""
    url: str = ""
    kinds: tuple[str, ...] = KINDS
    personal: bool = False
    problems: dict[str, str] = field(default_factory=dict)

    def wish(self) -> HookWish:
        """Give what is wished for."""
        return HookWish(self.name, self.url, self.kinds, self.personal)


@staff.get("/connections/hooks/new")
@needs("manage_hooks", fresh=True)
def new_hook() -> ResponseReturnValue:
    """Show the form of a new hook."""
    return _show(Typed())


@staff.post("/connections/hooks/new")
@needs("manage_hooks", fresh=True)
def add_hook() -> ResponseReturnValue:
    """Make a hook and show its secret, once."""
    typed = _read()
    if typed.problems:
        return _show(typed), 422
    with committed():
        hook, secret = make_hook(typed.wish(), colleague().as_who())
    return show_secret(hook, secret, is_new=True)


@staff.get("/connections/hooks/<reference>/change")
@needs("manage_hooks", fresh=True)
def edit_hook(reference: str) -> ResponseReturnValue:
    """Show a hook's form."""
    hook = the_hook(reference)
    return _show(Typed(hook.name, hook.url, tuple(hook.kinds), hook.personal), hook)


@staff.post("/connections/hooks/<reference>/change")
@needs("manage_hooks", fresh=True)
def save_hook(reference: str) -> ResponseReturnValue:
    """Change a hook."""
    hook, typed = the_hook(reference), _read()
    if typed.problems:
        return _show(typed, hook), 422
    with committed():
        change_hook(the_hook(reference), typed.wish(), colleague().as_who())
    return redirect(url_for("staff.hook", reference=reference), 303)


def show_secret(hook: Hook, secret: str, *, is_new: bool) -> str:
    """Show a hook's secret, this once.

    Args:
        hook: Whose.
        secret: As its receiver is told it.
        is_new: Whether the hook is; else its secret is.
    """
    return render_template("staff/connections/secret.html", hook=hook, secret=secret, is_new=is_new, **frame())


def _read() -> Typed:
    form = request.form
    name, url = form.get("name", "").strip(), form.get("url", "").strip()
    kinds = tuple(kind for kind in KINDS if kind in form.getlist("kinds"))
    problems = {"name": _name_problem(name), "url": _url_problem(url), "kinds": _kinds_problem(kinds)}
    said = {each: sentence for each, sentence in problems.items() if sentence}
    return Typed(name, url, kinds, form.get("personal") == "1", said)


def _name_problem(name: str) -> str:
    if not name:
        return str(_("Give it a name, such as “Supporter list”."))
    return str(_("Shorten the name to %(most)s letters.", most=LONGEST_NAME)) if len(name) > LONGEST_NAME else ""


def _url_problem(url: str) -> str:
    if "://" not in url:
        return say_address_problem(Unreadable("address_bad"))
    try:
        look_at_receiver(url)
    except Unreadable as why:
        return say_address_problem(why)
    return ""


def _kinds_problem(kinds: tuple[str, ...]) -> str:
    return "" if kinds else str(_("Tick at least one thing that it shall be told."))


def _show(typed: Typed, hook: Hook | None = None) -> str:
    return render_template(
        "staff/connections/hook_form.html",
        typed=typed,
        hook=hook,
        kinds=KINDS,
        labels={"name": _("Name at the desk"), "url": _("Address"), "kinds": _("What it is told")},
        say_event=say_event,
        **frame(),
    )
