"""Cookies: names that other hosts can't set on https, never to scripts, and none on pages for reading."""

from __future__ import annotations

import dataclasses

import pytest
from flask import Flask, Response

from donate.web import cookies


@pytest.mark.parametrize(
    ("site", "name", "is_secure"),
    [("https://news.example.org", "__Host-donate_session", True), ("http://127.0.0.1:5000", "donate_session", False)],
)
def test_a_cookies_name_and_marks_follow_the_sites_address(app: Flask, site: str, name: str, is_secure: bool) -> None:
    app.config["DONATE"] = dataclasses.replace(app.config["DONATE"], site_url=site)
    with app.test_request_context():
        response = Response()
        cookies.put_cookie(response, cookies.MEMBER, "secret", 60)
        (said,) = response.headers.getlist("Set-Cookie")
        assert said.startswith(f"{name}=secret; ")
        parts = {part.strip() for part in said.split(";")}
        assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=60"} <= parts
        assert ("Secure" in parts) is is_secure
        assert not any(part.startswith("Domain") for part in parts)
