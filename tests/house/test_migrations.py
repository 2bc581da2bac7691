"""Migrations: one head, up, agreeing with the models, and down again, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from donate.app import create_app
from donate.db import db
from tests.house.code import ROOT
from tests.make import application


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    url: str = request.getfixturevalue("postgresql").create_empty("migrations")
    return url


def test_there_is_one_newest_migration() -> None:
    assert len(ScriptDirectory(str(ROOT / "donate" / "migrations")).get_heads()) == 1


def test_migrations_go_up_agree_with_the_models_and_go_down_again(empty_url: str, tmp_path: Path) -> None:
    app = create_app(application.settings_for(empty_url, tmp_path), ask_offset=lambda: 0.0)
    runner = app.test_cli_runner()
    for step in (["upgrade"], ["check"], ["downgrade", "base"], ["upgrade"]):
        done = runner.invoke(args=["db", *step])
        assert done.exit_code == 0, f"{step}: {done.output} {done.exception!r}"
        if step[0] == "downgrade":
            with app.app_context():
                left = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
                application.let_go()
            assert left == set()
    with app.app_context():
        application.let_go()
