"""The register of exports: each file that was handed out, by whom, and what it held."""

from __future__ import annotations

from donate import clock, references
from donate.db import db
from donate.reports.export import Manifest
from donate.reports.models import ExportRun


def register_export(made: Manifest, by: str) -> ExportRun:
    """Write an export into the register; call inside ``committed()``, once the file is whole.

    Args:
        made: What the file holds.
        by: ``staff:<id>``, or ``command``.
    """
    run = ExportRun(
        reference=references.new_reference(),
        exported_by=by,
        exported_at=clock.now(),
        kind=made.kind,
        shape=made.shape,
        form=made.form,
        period=made.period,
        parts=len(made.parts) or 1,
        rows=made.rows,
        sums=made.sums,
        sha256=made.sha256,
        version=made.version,
    )
    db.session.add(run)
    return run
