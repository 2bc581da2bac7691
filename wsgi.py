"""The application for a WSGI server: ``granian --interface wsgi wsgi:app``."""

import gc

from donate.app import create_app
from donate.errors import BadSetting
from donate.settings import explain
from donate.web.counting import keep_time

try:
    app = create_app()
except BadSetting as problem:
    # An operator reads one sentence, not a stack.
    raise SystemExit(explain(problem)) from None

keep_time(app)
# What was made by now stays as long as the process: the collector need not walk over it, nor look after every page.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 10, 10)
