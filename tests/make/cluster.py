"""A PostgreSQL cluster of the tests' own: made once a run, on a socket in a temporary folder, without the network."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

TEMPLATE = "migrated"
_DEBIAN = Path("/usr/lib/postgresql")


class Cluster:
    """One cluster in one folder, shared by every process of a test run.

    Args:
        folder: Empty or of this run; its path is short, for the socket stands in it.
        programs: The folder of ``initdb`` and ``pg_ctl``.
    """

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        self.programs = programs
        self.data = folder / "data"
        # initdb refuses root; Debian brings this user with the package.
        self.user = "postgres" if os.geteuid() == 0 else None

    def url(self, database: str) -> str:
        """Tell a database's address as the settings take it."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def start(self, migrate: Callable[[str], None], *, durable: bool = False) -> None:
        """Make the cluster and its migrated template, where no other process of this run has done so.

        Args:
            migrate: Brings the database at a URL to the newest migration, and lets go of it.
            durable: Whether a commit reaches the disk before it is answered, as in service; for measuring.
        """
        with self._alone():
            if self.is_running():
                return
            if self.user:
                shutil.chown(self.folder, self.user)
            self._run("initdb", "-D", str(self.data), "-U", "postgres", "-N", "--locale=C.UTF-8", "--auth=trust")
            ways = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c max_connections=100"
            if not durable:
                # Nobody needs these rows after a power cut.
                ways += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
            self._run("pg_ctl", "-D", str(self.data), "-l", str(self.folder / "log"), "-w", "-o", ways, "start")
            self._say(f"CREATE DATABASE {TEMPLATE}")
            migrate(self.url(TEMPLATE))

    def restart(self) -> None:
        """Let the server crash and come back: whoever was speaking to it is cut off."""
        with self._alone():
            self._run(
                "pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "-l", str(self.folder / "log"), "restart"
            )

    def copy(self, name: str) -> str:
        """Make a database from the template and give its address."""
        with self._alone():
            self._say(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self.url(name)

    def create_empty(self, name: str) -> str:
        """Make a database with nothing in it and give its address."""
        self._say(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
        return self.url(name)

    def is_running(self) -> bool:
        """Tell whether this run has started the cluster."""
        return (self.data / "postmaster.pid").exists()

    def pid(self) -> int:
        """Tell the process that all others of the cluster were started by."""
        return int((self.data / "postmaster.pid").read_text().partition("\n")[0])

    def stop(self) -> None:
        """Stop the cluster, if it runs."""
        if self.is_running():
            self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *words: str) -> None:
        # The server keeps what it is started with; a pipe would never end.
        with (self.folder / "said").open("ab") as said:
            done = subprocess.run(
                [str(self.programs / program), *words],
                user=self.user,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )
        if done.returncode:
            raise RuntimeError(f"{program}: {(self.folder / 'said').read_text()}")

    def _say(self, *statements: str) -> None:
        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def find_programs() -> Path | None:
    """Find the newest PostgreSQL of this machine."""
    found = [*_DEBIAN.glob("*/bin/initdb")] if _DEBIAN.is_dir() else []
    if found:
        return max(found, key=lambda path: int(path.parts[-3])).parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def why_not() -> str | None:
    """Say why no cluster can be made here, or nothing."""
    if find_programs() is None:
        return "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    if os.geteuid() == 0:
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            return "there is no user postgres to run the cluster as"
    return None
