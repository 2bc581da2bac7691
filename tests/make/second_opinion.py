"""All that any test says to the sandbox and hears from it, also held to Stripe's OpenAPI document."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from donate.sandbox import schema, wire
from donate.sandbox.app import Sandbox
from donate.sandbox.deliveries import Deliveries, Delivery
from donate.sandbox.schema_form import RequestProblem, decode_form
from tests.make.allowed_differences import ALLOWED
from tests.make.stripe_document import Difference, Document


class Opinion:
    """What the document says against what was heard, but for the differences that are allowed.

    Args:
        path: The document.
        allowed: Where it may differ, and why.
    """

    def __init__(self, path: Path, allowed: dict[str, str]) -> None:
        self.document = Document(path)
        self.problems: list[str] = []
        self.counted: Counter[str] = Counter()
        self.met: set[str] = set()
        self._allowed = allowed

    def take(self) -> list[str]:
        """Give the problems since the last call, each once."""
        taken, self.problems = list(dict.fromkeys(self.problems)), []
        return taken

    def hear(self, received: wire.Received, answer: wire.Answer) -> None:
        """Hold one request and its answer to the document."""
        self.hear_request(received, answer.status)
        template = self.document.find(received.method, received.path)
        if template is None:
            self.hear_objects(answer.body)
        elif answer.status != wire.HANG:
            self.counted["answers"] += 1
            self._note(self.document.check_answer(received.method, template, answer.status, answer.body))

    def hear_request(self, received: wire.Received, status: int) -> None:
        """Hold a request to the document: it has to take what the sandbox took, and refuse what that refused."""
        self.counted["requests"] += 1
        template = self.document.find(received.method, received.path)
        if template is None:
            operation = schema.find_operation(received.method, received.path)
            if operation is not None:
                called = f"{operation.method} {operation.template}"
                self._note([Difference(called, "the document has no such operation")])
            return
        found = self.document.check_request(received.method, template, _fields(received))
        if status != 400:
            self._note(found)
        elif not found and (refusal := _refusal_by_shape(received)) is not None:
            called = f"{received.method} {template} {refusal.param or ''}".strip()
            self._note([Difference(called, f"the document takes what was refused: {refusal.message}")])

    def hear_objects(self, given: Any) -> None:
        """Hold an object, an event or a list to the document, with every object in it."""
        self.counted["objects"] += 1
        self._note(self.document.check_objects(given))

    def review(self, box: str, key: str) -> list[str]:
        """Hold what a sandbox in a process of its own received, and what it says when asked again, to the document.

        Args:
            box: The sandbox's address.
            key: A test key.

        Returns:
            The problems.
        """
        asked = {}
        for noted in _get(f"{box}/_sandbox/requests", key):
            received = wire.Received(noted["method"], noted["path"], noted["query"], noted["body"], {})
            self.hear_request(received, noted["status"])
            if noted["method"] == "GET" and noted["status"] == 200:
                asked[noted["path"], noted["query"]] = received
        for (path, query), received in asked.items():
            self.hear(received, wire.Answer(200, _get(f"{box}{path}?{query}", key)))
        for event in _events(box, key):
            self.hear_objects(event)
        return self.take()

    def _note(self, found: list[Difference]) -> None:
        for difference in found:
            if difference.where in self._allowed:
                self.met.add(difference.where)
            else:
                self.problems.append(str(difference))


def _fields(received: wire.Received) -> str:
    return "&".join(part for part in (received.query, received.body) if part)


def _refusal_by_shape(received: wire.Received) -> RequestProblem | None:
    """Return why the sandbox refuses a request for its parameters alone, whatever it knows."""
    operation = schema.find_operation(received.method, received.path)
    if operation is None:
        return RequestProblem("no such operation")
    try:
        schema.check_request(operation, decode_form(parse_qsl(_fields(received), keep_blank_values=True)))
    except RequestProblem as problem:
        return problem
    return None


# -- a sandbox in a process of its own --------------------------------------------------------------------------------


def _events(box: str, key: str) -> Iterator[Any]:
    after = ""
    while True:
        page = _get(f"{box}/v1/events?limit=100{after}", key)
        yield from page["data"]
        if not page["has_more"]:
            return
        after = "&starting_after=" + urllib.parse.quote(page["data"][-1]["id"])


def _get(url: str, key: str) -> Any:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


# -- in every test ------------------------------------------------------------------------------------------------

_OPINION = pytest.StashKey[Opinion]()
_TALLY = pytest.StashKey[Counter[str]]()
_MET = pytest.StashKey[set[str]]()
_SKIPPED = pytest.StashKey[str]()
_UNMET = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Prepare what the processes of a run are counted up in."""
    config.stash[_TALLY], config.stash[_MET] = Counter(), set()


@pytest.fixture(scope="session", autouse=True)
def second_opinion(request: pytest.FixtureRequest) -> Iterator[Opinion | None]:
    """Listen to every sandbox of this process; return who judges, or nothing where the document is not at hand."""
    config = request.config
    try:
        path: Path = request.getfixturevalue("reference_dir") / "stripe" / "spec3.json.gz"
        if not path.is_file():
            pytest.skip(f"no document {path}")
    except pytest.skip.Exception as why:
        config.stash[_SKIPPED] = str(why)
        yield None
        return
    opinion = config.stash[_OPINION] = Opinion(path, ALLOWED)
    with pytest.MonkeyPatch.context() as patch:
        listen(opinion, patch)
        yield opinion


def listen(opinion: Opinion, patch: pytest.MonkeyPatch) -> None:
    """Let somebody hear every request, answer, event and delivery of all sandboxes in this process."""
    answer, check, take = wire.answer, Sandbox.check, Deliveries.take

    def answered(box: Sandbox, received: wire.Received) -> wire.Answer:
        given = answer(box, received)
        opinion.hear(received, given)
        return given

    def checked(box: Sandbox, obj: dict[str, Any]) -> None:
        check(box, obj)
        if obj.get("object") == "event":
            opinion.hear_objects(obj)

    def taken(deliveries: Deliveries, identifier: int) -> Delivery | None:
        delivery = take(deliveries, identifier)
        if delivery is not None:
            opinion.hear_objects(json.loads(delivery.body))
        return delivery

    patch.setattr(wire, "answer", answered)
    patch.setattr(Sandbox, "check", checked)
    patch.setattr(Deliveries, "take", taken)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail the test in which something was said that the document has otherwise."""
    try:
        result = yield
    except BaseException:
        _report(item)
        raise
    _object_to(item)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Hear also what is said while a test is taken down."""
    result = yield
    _object_to(item)
    return result


def _taken(item: pytest.Item) -> list[str]:
    opinion = item.config.stash.get(_OPINION, None)
    return opinion.take() if opinion else []


def _object_to(item: pytest.Item) -> None:
    problems = _taken(item)
    if problems:
        pytest.fail("Stripe's document says otherwise:\n  " + "\n  ".join(problems), pytrace=False)


def _report(item: pytest.Item) -> None:
    problems = _taken(item)
    if problems:
        item.add_report_section("call", "Stripe's document says otherwise", "\n".join(problems))


# -- once a run -----------------------------------------------------------------------------------------------------


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Add up what a process that helped has heard."""
    _add_up(node.config, getattr(node, "workeroutput", {}).get("second_opinion"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand on what was heard; after a whole run, fail where an allowed difference was met by nobody."""
    config = session.config
    opinion = config.stash.get(_OPINION, None)
    heard = {
        "skipped": config.stash.get(_SKIPPED, ""),
        "counted": dict(opinion.counted) if opinion else {},
        "met": sorted(opinion.met) if opinion else [],
    }
    if hasattr(config, "workeroutput"):
        config.workeroutput["second_opinion"] = heard
        return
    _add_up(config, heard)
    if _is_whole(session):
        config.stash[_UNMET] = sorted(ALLOWED.keys() - config.stash[_MET])
        if config.stash[_UNMET]:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _add_up(config: pytest.Config, heard: dict[str, Any] | None) -> None:
    if heard is None:
        return
    config.stash[_TALLY].update(heard["counted"])
    config.stash[_MET].update(heard["met"])
    if heard["skipped"]:
        config.stash[_SKIPPED] = heard["skipped"]


def _is_whole(session: pytest.Session) -> bool:
    """Return whether all tests ran: only then has everything that is allowed had its chance."""
    config = session.config
    chosen = [
        config.option.keyword,
        config.option.markexpr,
        getattr(config.option, "lf", False),
        config.option.deselect,
    ]
    return (
        config.args_source is pytest.Config.ArgsSource.TESTPATHS
        and not any(chosen)
        and session.testsfailed == 0
        and session.exitstatus == pytest.ExitCode.OK
        and bool(config.stash[_TALLY])
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say in a line what was held to the document, or why nothing was."""
    tally = config.stash[_TALLY]
    if tally:
        said = ", ".join(f"{number} {name}" for name, number in sorted(tally.items()))
        allowed = f"{len(config.stash[_MET])} of {len(ALLOWED)} allowed differences met"
        terminalreporter.write_line(f"second opinion: {said} held to Stripe's document; {allowed}")
    elif _SKIPPED in config.stash:
        terminalreporter.write_line(f"second opinion: skipped: {config.stash[_SKIPPED]}", yellow=True)
    for where in config.stash.get(_UNMET, []):
        terminalreporter.write_line(f"second opinion: allowed, but met by nothing: {where}: {ALLOWED[where]}", red=True)
