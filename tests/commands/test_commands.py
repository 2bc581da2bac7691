"""Commands as an operator types them: what they print, what they refuse, how they end."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from donate.payments.setup import EVENTS
from donate.sandbox.app import Sandbox
from donate.settings import Settings
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox
from tests.make.rows import fresh

Say = Callable[..., Result]


@pytest.fixture
def say(app: Flask) -> Say:
    """Return a way to type ``flask …``."""
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=[str(word) for word in words])


def test_settings_prints_every_setting_and_hides_the_secrets(app: Flask, say: Say) -> None:
    done = say("settings")
    assert done.exit_code == 0
    for each in dataclasses.fields(Settings):
        assert each.name.upper() in done.output
    chosen = app.config["DONATE"]
    for secret in (chosen.secret_key, chosen.stripe_secret_key, chosen.stripe_webhook_secret):
        assert secret not in done.output
    assert chosen.site_url in done.output


def test_worker_once_drains_and_ends(gifts: Gifts, deliver: Callable[[], int], say: Say, outbox: Outbox) -> None:
    donation = gifts.paid()
    deliver()
    done = say("worker", "--once")
    assert done.exit_code == 0
    assert "jobs ran" in done.output
    assert fresh(donation).status == "succeeded"
    assert len(outbox) == 1
    assert say("worker", "--once").output == "0 jobs ran\n"


@pytest.mark.parametrize("change", [{"stripe_webhook_secret": ""}, {"stripe_secret_key": ""}])
def test_worker_and_web_refuse_to_start_without_their_secrets(app: Flask, say: Say, change: dict[str, str]) -> None:
    app.config["DONATE"] = dataclasses.replace(app.config["DONATE"], **change)
    for words in (["worker", "--once"], ["serve"]):
        done = say(*words)
        assert done.exit_code == 1
        assert next(iter(change)).upper() in done.output
        assert "Traceback" not in done.output


def test_live_and_test_never_share_a_database(gifts: Gifts, app: Flask, say: Say) -> None:
    gifts.write(gifts.ask())
    app.config["DONATE"] = dataclasses.replace(app.config["DONATE"], stripe_secret_key="sk_live_1")
    done = say("worker", "--once")
    assert done.exit_code == 1
    assert "test gifts" in done.output


def test_stripe_setup_makes_products_and_one_endpoint_and_tells_the_secret_once(
    gifts: Gifts, box: Sandbox, say: Say
) -> None:
    done = say("stripe", "setup")
    assert done.exit_code == 0, done.output
    assert done.output.count("STRIPE_WEBHOOK_SECRET=whsec_") == 1
    assert "product for" in done.output
    again = say("stripe", "setup")
    assert again.exit_code == 0
    (endpoint,) = box.store.select("webhook_endpoint")
    assert set(endpoint["enabled_events"]) == set(EVENTS)
    assert endpoint["url"].endswith("/webhooks/stripe")


def test_stripe_setup_before_the_newsrooms_facts_says_what_comes_first(say: Say) -> None:
    done = say("stripe", "setup")
    assert done.exit_code == 1
    assert "flask newsroom load" in done.output


def test_stripe_setup_without_an_answer_says_so(newsroom: None, box: Sandbox, say: Say) -> None:
    box.faults.replace([{"kind": "http_500", "times": 10}])
    done = say("stripe", "setup")
    assert done.exit_code == 1
    assert "Stripe did not do it" in done.output
    assert "Traceback" not in done.output


def test_replay_and_catch_up_from_the_command_line(
    gifts: Gifts, box: Sandbox, settle: Callable[..., None], say: Say
) -> None:
    box.faults.replace([{"kind": "drop_webhook", "times": 100}])
    donation = gifts.paid()
    assert "were missing" in say("stripe", "catch-up").output
    say("worker", "--once")
    assert fresh(donation).status == "succeeded"
    assert say("stripe", "replay", "evt_nothing").exit_code == 1
    assert say("stripe", "replay").exit_code == 2
    assert say("stripe", "replay", "--failed").output == "0 replayed\n"


def test_export_writes_a_file_and_its_manifest(
    gifts: Gifts, settle: Callable[[], None], say: Say, tmp_path: Path
) -> None:
    gifts.paid()
    settle()
    path = tmp_path / "gifts.csv"
    done = say("export", "donations", "--month", "2026-03", "--out", path)
    assert done.exit_code == 0, done.output
    assert "2026-03-01 to 2026-03-31" in done.output
    assert "1 rows" in done.output
    manifest = json.loads(Path(f"{path}.manifest.json").read_text())
    assert manifest["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert not list(tmp_path.glob("*.part"))


def test_export_speaks_into_a_pipe(gifts: Gifts, say: Say) -> None:
    done = say("export", "donations", "--out", "-")
    assert done.exit_code == 0
    assert done.stdout.startswith("donation_id,")


@pytest.mark.parametrize(
    "words",
    [
        ["donations", "--month", "2026-13", "--out", "-"],
        ["donations", "--month", "2026-03", "--year", "2026", "--out", "-"],
        ["donations", "--from", "2026-04-01", "--to", "2026-04-01", "--out", "-"],
        ["donations", "--from", "yesterday", "--out", "-"],
        ["nonsense", "--out", "-"],
        ["donations"],
    ],
)
def test_export_refuses_what_it_cannot_mean(newsroom: None, say: Say, words: list[str]) -> None:
    done = say("export", *words)
    assert done.exit_code == 2
    assert "Error" in done.output


def test_export_says_when_a_file_cannot_be_written(newsroom: None, say: Say, tmp_path: Path) -> None:
    done = say("export", "donations", "--out", tmp_path / "nowhere" / "gifts.csv")
    assert done.exit_code == 1
    assert "can't be written" in done.output


def test_export_before_the_newsrooms_facts_says_what_comes_first(say: Say) -> None:
    done = say("export", "donations", "--out", "-")
    assert done.exit_code == 1
    assert "newsroom" in done.output
    assert not isinstance(done.exception, KeyError)


def test_the_sandboxes_clock_is_not_moved_at_stripe_itself(app: Flask, say: Say) -> None:
    app.config["DONATE"] = dataclasses.replace(app.config["DONATE"], stripe_api_base="https://api.stripe.com")
    done = say("sandbox", "advance", "--days", "1")
    assert done.exit_code == 1
    assert "can't be moved" in done.output
