"""What every test may ask for: a database, the application, the sandbox, the sample newsroom, a browser."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest
from flask import Flask
from flask.testing import FlaskClient

from donate import clock
from donate.commands.worker import JOBS, drain
from donate.db import db
from donate.newsroom.queries import list_funds
from donate.payments.setup import EVENTS, ensure_product
from donate.queue.work import Worker
from donate.sandbox.app import Sandbox
from tests.make import application, cluster
from tests.make.furnish import furnish
from tests.make.outbox import Outbox
from tests.make.routes import remember_routes
from tests.make.rows import job_errors
from tests.make.stripe import StrictClient

ROOT = Path(__file__).resolve().parent.parent
#: When every test begins, in the sandbox and so in our books: Monday, 2 March 2026, 10:00 UTC.
BEGINS = 1772445600.0

pytest_plugins = [
    "tests.make.books",
    "tests.make.browser",
    "tests.make.gifts",
    "tests.make.in_the_books",
    "tests.make.killed",
    "tests.make.live",
    "tests.make.offline",
    "tests.make.promises",
    "tests.make.race",
    "tests.make.receipts",
    "tests.make.receiver",
    "tests.make.refunds",
    "tests.make.second_opinion",
    "tests.make.signing_in",
    # Last: it builds on others of these.
    "tests.make.api",
]
_CLUSTER = pytest.StashKey[Path]()


# -- once a run -----------------------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """Choose the folder of the run's PostgreSQL cluster; the process that others are started by owns it."""
    remember_routes()
    given = getattr(config, "workerinput", {}).get("cluster")
    if given is None:
        # Whoever stops the run from outside gets the same tidy end as Ctrl-C.
        signal.signal(signal.SIGTERM, _interrupt)
    config.stash[_CLUSTER] = Path(given or tempfile.mkdtemp(prefix="donate-pg-"))


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell each process that helps where the cluster is."""
    node.workerinput["cluster"] = str(node.config.stash[_CLUSTER])  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the cluster and take its folder away, where this process owns it."""
    if hasattr(config, "workerinput"):
        return
    folder = config.stash[_CLUSTER]
    programs = cluster.find_programs()
    if programs is not None:
        cluster.Cluster(folder, programs).stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def reference_dir() -> Path:
    """Return the folder of Stripe's own published data, or skip: the data is not part of the project."""
    folder = Path(os.environ.get("REFERENCE_DIR") or ROOT.parent / "shared")
    if not (folder / "stripe").is_dir():
        pytest.skip(f"no reference data in {folder}: set REFERENCE_DIR")
    return folder


def skip_or_fail(why: str) -> None:
    """Skip with a reason; where everything must run (CI=true), fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated SQLite file, made once a process."""
    path = tmp_path_factory.mktemp("template") / "migrated.db"
    application.migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql(request: pytest.FixtureRequest) -> cluster.Cluster:
    """Return the run's cluster, started by whoever asks first."""
    why = cluster.why_not()
    if why is not None:
        skip_or_fail(why)
    programs = cluster.find_programs()
    assert programs is not None
    made = cluster.Cluster(request.config.stash[_CLUSTER], programs)
    made.start(application.migrate)
    return made


@pytest.fixture(scope="session")
def postgresql_url(postgresql: cluster.Cluster) -> str:
    """Return this process's own database, copied from the migrated template."""
    return postgresql.copy("tests_" + os.environ.get("PYTEST_XDIST_WORKER", "alone"))


# -- once a test ----------------------------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the address of an empty, migrated database; every test that asks runs on both kinds."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        return application.sqlite_copy(template, template.parent)
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """Return a sandbox in process that checks all it says; its clock begins on 2 March 2026, deliveries are pulled."""
    sandbox = Sandbox(check_responses=True, deliver="pull")
    sandbox.reset(at=BEGINS)
    sandbox.add_endpoint(application.SITE + "/webhooks/stripe", application.WEBHOOK_SECRET, list(EVENTS))
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="session")
def kept_apps() -> application.KeptApps:
    """Return the applications of this process: one a kind of database, as if new for each test."""
    return application.KeptApps()


@pytest.fixture
def app(
    box: Sandbox,
    database_url: str,
    tmp_path: Path,
    kept_apps: application.KeptApps,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Flask]:
    """Return the application with its context open, speaking to the sandbox and following its clock."""
    # The sandbox is moved by hand here: its clock is asked at each look.
    monkeypatch.setattr(clock, "_KEEP_SECONDS", -1.0)
    speaker = StrictClient(box)
    made = kept_apps.take(application.settings_for(database_url, tmp_path / "outbox"), speaker, box.offset)
    with made.app_context():
        if db.engine.dialect.name == "postgresql":
            application.empty_tables()
        yield made
        application.let_go()
    assert speaker.misunderstood == [], "Stripe would not understand these requests"


@pytest.fixture
def newsroom(app: Flask) -> None:
    """Load the sample newsroom: facts, funds, appeals, stories; and the funds' products at the sandbox."""
    furnish()
    for fund in list_funds():
        ensure_product(fund.code, fund.name)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a reader's browser without a screen."""
    return app.test_client()


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    """Return the letters that went out, oldest first."""
    return Outbox(tmp_path / "outbox")


@pytest.fixture
def deliver(box: Sandbox, client: FlaskClient) -> Callable[[], int]:
    """Return a way to post what the sandbox has to tell; says how many deliveries there were."""

    def post() -> int:
        deliveries = box.pull_deliveries()
        for delivery in deliveries:
            answer = client.post("/webhooks/stripe", data=delivery.body, headers=delivery.headers)
            assert answer.status_code == 200, f"{delivery.event_type}: {answer.status}"
            delivery.answer(answer.status_code)
        return len(deliveries)

    return post


@pytest.fixture
def work(app: Flask) -> Callable[[], int]:
    """Return a way to run the worker until nothing is due; says how many jobs ran."""

    def run() -> int:
        ran = drain(Worker(JOBS))
        db.session.expire_all()
        return ran

    return run


@pytest.fixture
def settle(deliver: Callable[[], int], work: Callable[[], int]) -> Callable[..., None]:
    """Return a way to deliver and work until nothing is left; a job that failed fails the test."""

    def run(*, failing: bool = False) -> None:
        while deliver() + work():
            pass
        assert failing or job_errors() == []

    return run
