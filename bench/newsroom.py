"""A newsroom to measure: the samples and many more stories in a database of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.server import ROOT

#: Samples and this many more; each can be drawn once for a guest or for a member.
STORIES = 5000
#: One of the samples, with an inline ask and a picture.
STORY = "flood-picture"
_FILL = """
from donate.articles.import_story import import_stories
from donate.articles.story import Story
from donate.commands.samples import load_samples
from donate.db import committed, db
from donate.donors.come_in import LIFE
from donate.donors.find_or_create import find_or_create_donor
from donate.donors.models import MemberSession
from donate.entry.sessions import begin_session
from wsgi import app

with app.app_context():
    load_samples()
    sentence = "Sentence {} of story {}, of the kind a story has, neither long nor short. "

    def write_body(story):
        return "".join("<p>" + "".join(sentence.format(n, story) for n in range(5)) + "</p>" for _ in range(30))

    with committed():
        import_stories(
            Story(source="bench", guid=str(n), slug=f"bench-{n}", headline=f"Story number {n}", deck="A deck.",
                  body_html=write_body(n), section="fact-desk", topics=("Water", "Jordan"))
            for n in range(STORIES)
        )
    with committed():
        donor = find_or_create_donor("reader@example.org", "Leila", "Haddad", "en")
        db.session.flush()
        print(begin_session(MemberSession, donor.id, LIFE, "A browser")[1])
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
    """Migrate and fill the database; give the secret of a member's session."""
    whole = {**os.environ, **environ}
    subprocess.run([sys.executable, "-m", "flask", "db", "upgrade"], cwd=ROOT, env=whole, check=True)
    program = _FILL.replace("STORIES", str(STORIES))
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=whole, check=True, stdout=subprocess.PIPE, text=True
    )
    return said.stdout.split()[-1]
