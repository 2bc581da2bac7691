"""For the operator's machines: alive, ready, and counts of what waits."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.make.gifts import Gifts


def test_the_site_says_that_it_lives_and_is_ready(client: FlaskClient) -> None:
    for path, word in (("/healthz", "ok"), ("/readyz", "ready")):
        with client.get(path) as answer:
            assert (answer.status_code, answer.text.strip()) == (200, word)


def test_metrics_count_what_waits(
    gifts: Gifts, client: FlaskClient, deliver: Callable[[], int], work: Callable[[], int]
) -> None:
    def counted(name: str) -> float:
        with client.get("/metrics") as answer:
            assert answer.status_code == 200
            (line,) = [line for line in answer.text.splitlines() if line.startswith(f"donate_{name} ")]
        return float(line.split()[1])

    gifts.paid()
    assert (counted("donations_open"), counted("jobs_waiting")) == (1, 0)
    deliver()
    work()
    assert (counted("donations_open"), counted("jobs_dead"), counted("mail_unsent")) == (0, 0, 0)
    assert counted("events_of_another_version") == 0


def test_metrics_are_for_this_machine_or_a_token_only(client: FlaskClient) -> None:
    with client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"}) as answer:
        assert answer.status_code == 404
