"""The simulator: what one reader would see on one page on one day, and what stopped every other appeal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from donate.appeals.campaign import Ask, Campaign
from donate.appeals.choose import Verdict, ask_of, explain
from donate.appeals.filters import FOR_ALL
from donate.appeals.queries import list_desk_campaigns, list_switched_off
from donate.appeals.rules import PLACEMENTS, STANDINGS
from donate.appeals.situation import PageFacts
from donate.web.access import needs
from donate.web.language import current_language, prefixed
from donate.web.shelf import shelf
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.staff.places_page import switch_words
from donate.web.staff.simulator_form import FIELDS, Simulation, read_simulation
from donate.web.staff.simulator_words import name_appeal, say_refusal, say_standing, say_verdict

# What has nothing to do with a page is told apart, so that a long list shows what was close first.
_FAR = frozenset({"is_tied_to_the_page", "is_written_in_the_language"})
# What is seldom asked of a reader stays folded until it is.
_MORE = tuple(name for name in FIELDS if name not in ("page", "on", "standing"))
_OF_EVERY_APPEAL = frozenset(rule.__name__ for rule in FOR_ALL)


@dataclass(frozen=True)
class Place:
    """What became of every appeal in one place.

    Args:
        name: One of ``PLACEMENTS``.
        standing: The verdict of the appeal that asks there, if one does.
        stopped: The sentence that holds for every appeal, where one rule stops them all.
        near: The verdicts in the order of asking, but for those that are of other pages.
        far: Those.
        ask: The words that stand there.
    """

    name: str
    standing: Verdict | None
    stopped: str
    near: tuple[Verdict, ...]
    far: tuple[Verdict, ...]
    ask: Ask | None


@staff.get("/appeals/simulator")
@needs("see_appeals")
def simulator() -> ResponseReturnValue:
    """Show the form, and below it what is asked where."""
    campaigns, off = list_desk_campaigns(), frozenset(list_switched_off())
    asked = read_simulation(request.args, shelf().out_now(), frozenset(each.slug for each in campaigns))
    page = render_template(
        "staff/simulator.html",
        asked=asked,
        places=_simulate(campaigns, asked, off),
        appeals=sorted(((each.slug, name_appeal(each)) for each in campaigns), key=lambda each: each[1]),
        standings=[(each, say_standing(each)) for each in STANDINGS],
        opened=any(asked.typed[name] or name in asked.problems for name in _MORE),
        off=off,
        next=prefixed(request.full_path, current_language()),
        name_appeal=name_appeal,
        say_verdict=say_verdict,
        **switch_words(),
        **frame(),
    )
    return make_response(page, 422 if asked.problems else 200)


def _simulate(campaigns: list[Campaign], asked: Simulation, off: frozenset[str]) -> list[Place]:
    if asked.page is None or asked.problems:
        return []
    told = explain(campaigns, asked.page, asked.reader, off)
    return [_place(name, told, asked.page) for name in PLACEMENTS]


def _place(name: str, told: Mapping[str, list[Verdict]], page: PageFacts) -> Place:
    verdicts = told[name]
    standing = next((each for each in verdicts if not each.refusal), None)
    rules = {each.refusal for each in verdicts}
    stopped = ""
    if len(rules) == 1 and rules <= _OF_EVERY_APPEAL:
        stopped = say_refusal(rules.pop(), verdicts[0].campaign, page)
    return Place(
        name=name,
        standing=standing,
        stopped=stopped,
        near=tuple(each for each in verdicts if each.refusal not in _FAR),
        far=tuple(each for each in verdicts if each.refusal in _FAR),
        ask=ask_of(standing.campaign, page, standing.copy) if standing is not None else None,
    )
