"""A newsroom to measure: the samples and many more stories in a database of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.server import ROOT

STORIES = 3000
_FILL = """
from donate.articles.import_story import import_stories
from donate.articles.story import Story
from donate.commands.samples import load_samples
from donate.db import committed
from wsgi import app

with app.app_context():
    load_samples()
    paragraph = "<p>" + "A sentence of the kind a story has, neither long nor short. " * 6 + "</p>"
    with committed():
        import_stories(
            Story(source="bench", guid=str(n), slug=f"bench-{n}", headline=f"Story number {n}", deck="A deck.",
                  body_html=paragraph * 30, section="fact-desk", topics=("Water", "Jordan"))
            for n in range(STORIES)
        )
"""


def serve_environment(folder: Path) -> dict[str, str]:
    """Write the settings of a site whose database lies in a folder."""
    return {
        "DONATE_NO_DEMO_ENV": "1",
        "DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
        "SECRET_KEY": "for measuring only",
        "SITE_URL": "http://127.0.0.1:5000",
        "STRIPE_SECRET_KEY": "sk_test_for_measuring",
        "STRIPE_WEBHOOK_SECRET": "whsec_for_measuring",
    }


def furnish(environ: Mapping[str, str]) -> str:
    """Migrate and fill the database; give a story's address."""
    whole = {**os.environ, **environ}
    subprocess.run([sys.executable, "-m", "flask", "db", "upgrade"], cwd=ROOT, env=whole, check=True)
    program = _FILL.replace("STORIES", str(STORIES))
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=whole, check=True)
    return "flood-picture"
