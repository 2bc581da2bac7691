"""The language of a page: a prefix of its path, moved out of the way before Flask sees it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Request, has_request_context, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Every language a reader page can be in, each named in itself.
LANGUAGES = {"en": "English", "ar": "العربية", "he": "עברית"}
RIGHT_TO_LEFT = frozenset({"ar", "he"})
#: What the pages without a prefix are written in.
WITHOUT_PREFIX = "en"


class LanguagePrefix:
    """Take ``/ar`` or ``/he`` from a path's start, so that every route and every url_for() serves all languages."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve the rest of the path in the prefix's language."""
        head, _, rest = environ.get("PATH_INFO", "").lstrip("/").partition("/")
        if head in LANGUAGES and head != WITHOUT_PREFIX:
            environ["donate.language"] = head
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/" + head
            environ["PATH_INFO"] = "/" + rest
        return self.application(environ, start_response)


def language_of(asked: Request) -> str:
    """Tell the language a request is made in."""
    language: str = asked.environ.get("donate.language", WITHOUT_PREFIX)
    return language


def current_language() -> str:
    """Tell the language of the request being answered; outside one, the one without prefix."""
    return language_of(request) if has_request_context() else WITHOUT_PREFIX


def direction(language: str) -> str:
    """Tell which way a language runs: ``rtl`` or ``ltr``."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def prefixed(path: str, language: str) -> str:
    """Put a site path into a language.

    Args:
        path: Such as ``/donate?amount=5``, without prefix.
        language: One of ``LANGUAGES``.
    """
    return path if language == WITHOUT_PREFIX else f"/{language}{path}"


def say(words: Any, language: str | None = None) -> str:
    """Choose a sentence in the page's language, else in English, else nothing.

    Args:
        words: ``{language: text}``.
        language: None is the page's own.
    """
    if not words:
        return ""
    return str(words.get(language or current_language()) or words.get(WITHOUT_PREFIX) or "")
