"""Settings: what a start is refused for, each with one sentence that says what to do."""

from __future__ import annotations

import dataclasses

import pytest

from donate.errors import BadSetting
from donate.settings import SENTENCES, Settings, explain, read

GOOD = {"SECRET_KEY": "s", "STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}


def refused(environ: dict[str, str]) -> str:
    with pytest.raises(BadSetting) as problem:
        read(environ).check().check_serving()
    sentence = explain(problem.value)
    assert sentence.strip()
    return problem.value.message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"SECRET_KEY": ""}, "secret_key_missing"),
        ({"STRIPE_SECRET_KEY": "sk_live_1", "STRIPE_API_BASE": "http://127.0.0.1:12111"}, "live_key_at_sandbox"),
        ({"STRIPE_SECRET_KEY": "rk_live_1", "STRIPE_API_BASE": "http://localhost:12111"}, "live_key_at_sandbox"),
        ({"STRIPE_SECRET_KEY": "sk_live_1", "STRIPE_API_BASE": "http://[::1]:12111"}, "live_key_at_sandbox"),
        ({"STRIPE_SECRET_KEY": "pk_test_1"}, "stripe_key_shape"),
        ({"STRIPE_SECRET_KEY": "hello"}, "stripe_key_shape"),
        ({"SITE_URL": "news.example.org"}, "site_url_shape"),
        ({"SITE_URL": "https://news.example.org/path"}, "site_url_shape"),
        ({"SITE_URL": "ftp://news.example.org"}, "site_url_shape"),
        ({"LOG_FORMAT": "xml"}, "log_format"),
        ({"TRUSTED_PROXIES": "two"}, "number"),
        ({"TRUSTED_PROXIES": "-1"}, "number"),
        ({"STRIPE_SECRET_KEY": ""}, "stripe_key_missing"),
        ({"STRIPE_WEBHOOK_SECRET": ""}, "webhook_secret_missing"),
        ({"STRIPE_WEBHOOK_SECRET": " , "}, "webhook_secret_missing"),
    ],
)
def test_a_bad_setting_is_refused_by_name(change: dict[str, str], message: str) -> None:
    assert refused(GOOD | change) == message


def test_good_settings_are_taken() -> None:
    chosen = read(GOOD | {"SITE_URL": "https://news.example.org/"}).check().check_serving()
    assert chosen.site_url == "https://news.example.org"
    assert (chosen.livemode, chosen.sandboxed) == (False, False)
    assert chosen.checkout_origin == "https://checkout.stripe.com"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_plain_postgresql_addresses_mean_the_driver_that_is_installed(scheme: str) -> None:
    assert read({"DATABASE_URL": f"{scheme}://u@h/d"}).database_url == "postgresql+psycopg://u@h/d"


def test_a_test_key_at_a_loopback_address_is_the_sandbox() -> None:
    chosen = read(GOOD | {"STRIPE_API_BASE": "http://127.0.0.1:12111"})
    assert chosen.sandboxed
    assert chosen.checkout_origin == "http://127.0.0.1:12111"


def test_an_empty_variable_means_the_default() -> None:
    assert read({"MAIL_URL": "", "TRUSTED_PROXIES": ""}) == Settings()


def test_several_webhook_secrets_are_accepted_while_one_is_replaced() -> None:
    assert read({"STRIPE_WEBHOOK_SECRET": "whsec_new, whsec_old"}).webhook_secrets == ["whsec_new", "whsec_old"]


def test_every_refusal_has_its_sentence() -> None:
    assert all(sentence.endswith((".", "32", ">")) for sentence in SENTENCES.values())
    assert {each.name for each in dataclasses.fields(Settings)} >= {"database_url", "secret_key", "site_url"}
