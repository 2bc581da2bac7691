"""The application for a WSGI server: ``granian --interface wsgi wsgi:app``."""

from donate.app import create_app
from donate.errors import BadSetting
from donate.settings import explain

try:
    app = create_app()
except BadSetting as problem:
    # An operator reads one sentence, not a stack.
    raise SystemExit(explain(problem)) from None
