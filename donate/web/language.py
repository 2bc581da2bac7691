"""The language of a page: a prefix of its path, moved out of the way before Flask sees it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Flask, Request, current_app, has_request_context, redirect, request
from flask.typing import ResponseReturnValue

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Every language a reader page can be in, each named in itself.
LANGUAGES = {"en": "English", "ar": "العربية", "he": "עברית"}
#: What offers a language to whom it may be easier, said in it.
OFFERS = {"en": "Read us in English", "ar": "اقرأنا بالعربية", "he": "לקרוא אותנו בעברית"}
RIGHT_TO_LEFT = frozenset({"ar", "he"})
#: What is said where a sentence was written in no language of the page's, and before the newsroom's facts are loaded.
FALLBACK = "en"
_LANGUAGE, _PREFIX, _MAIN = "donate.language", "donate.prefix", "donate.main_language"


class LanguagePrefix:
    """Take a language from a path's start, so that every route and every url_for() serves all languages."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve the rest of the path in the prefix's language."""
        head, _, rest = environ.get("PATH_INFO", "").lstrip("/").partition("/")
        if head in LANGUAGES:
            environ[_LANGUAGE] = environ[_PREFIX] = head
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/" + head
            environ["PATH_INFO"] = "/" + rest
        return self.application(environ, start_response)


def lead_to_plain_addresses(app: Flask) -> None:
    """Let each page have one address: in the newsroom's own language, the one without a prefix."""
    app.before_request(_lead)


def _lead() -> ResponseReturnValue | None:
    prefix = request.environ.get(_PREFIX)
    if prefix is None or request.method not in ("GET", "HEAD") or prefix != main_language():
        return None
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    # Of this site whatever follows: two slashes at the start would lead to another.
    return redirect(quote("/" + request.path.lstrip("/")) + query, 301)


def language_of(asked: Request) -> str:
    """Tell the language a request is made in."""
    found: str | None = asked.environ.get(_LANGUAGE)
    if found is None:
        found = asked.environ[_LANGUAGE] = main_language()
    return found


def current_language() -> str:
    """Tell the language of the request being answered; outside one, English."""
    return language_of(request) if has_request_context() else FALLBACK


def main_language() -> str:
    """Tell what the pages without a prefix are written in: the newsroom's own language, looked up once a request."""
    if not has_request_context():
        return FALLBACK
    found: str | None = request.environ.get(_MAIN)
    if found is None:
        # Asked of the shelf by its name: what it holds is itself read in the language that this tells.
        shelf: Any = current_app.extensions.get("shelf")
        found = request.environ[_MAIN] = shelf.main_language() if shelf is not None else FALLBACK
    return found


def direction(language: str) -> str:
    """Tell which way a language runs: ``rtl`` or ``ltr``."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def prefixed(path: str, language: str) -> str:
    """Put a site path into a language.

    Args:
        path: Such as ``/donate?amount=5``, without prefix.
        language: One of ``LANGUAGES``.
    """
    return path if language == main_language() else f"/{language}{path}"


def say(words: Any, language: str | None = None) -> str:
    """Choose a sentence in the page's language, else in the newsroom's, else in English, else nothing.

    Args:
        words: ``{language: text}``.
        language: None is the page's own.
    """
    if not words:
        return ""
    return str(words.get(language or current_language()) or words.get(main_language()) or words.get(FALLBACK) or "")
