"""A real PostgreSQL for tests: a cluster of its own in a temporary folder, on a free loopback port."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from tests.services.elasticsearch_server import Missing
from tests.services.ports import free_ports

_OLDEST = 15
_SERVICE_USERS = ("postgres", "nobody")
_NO_CARE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")  # the data dies with the tests


class PostgresServer:
    """One cluster with the superuser ``infringewatch`` and the database of that name. Raises Missing."""

    def __init__(self) -> None:
        self._programs = _find_programs()
        self._user = _service_user()
        self._home = Path(tempfile.mkdtemp(prefix="infringewatch-postgres-"))
        if self._user is not None:
            shutil.chown(self._home, self._user)
        (self._port,) = free_ports(1)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self._url("infringewatch")

    def start(self) -> None:
        """Make the cluster, start it and wait until it answers."""
        self._run("initdb", "-D", f"{self._home}/data", "-U", "infringewatch", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = [f"-c{option}" for option in (*_NO_CARE, "listen_addresses=127.0.0.1")]
        options += ["-k", str(self._home)]
        with (self._home / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                [str(self._programs / "postgres"), "-D", f"{self._home}/data", "-p", str(self._port), *options],
                stdout=log,
                stderr=subprocess.STDOUT,
                user=self._user,
            )
        deadline = time.monotonic() + 30
        while not self._made_database():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{(self._home / 'server.log').read_text()[-4000:]}")
            time.sleep(0.1)

    def close(self) -> None:
        """Stop the server and throw its data away."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # the fast way: open sessions are cut off
            self._process.wait(timeout=30)
        shutil.rmtree(self._home, ignore_errors=True)

    def _made_database(self) -> bool:
        try:
            with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
                connection.execute("CREATE DATABASE infringewatch")
        except psycopg.OperationalError:
            return False
        return True

    def _url(self, database: str) -> str:
        return f"postgresql://infringewatch@127.0.0.1:{self._port}/{database}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, user=self._user, cwd="/")


def _service_user() -> str | None:
    """Whom the server runs as: it refuses to be root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in _SERVICE_USERS:
        if name in known:
            return name
    raise Missing(f"PostgreSQL refuses to run as root, and there is no user of {', '.join(_SERVICE_USERS)}")


def _find_programs() -> Path:
    """The newest folder with PostgreSQL's server programs."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    if named := shutil.which("initdb"):
        candidates.insert(0, Path(named).parent)
    for folder in candidates:
        if (folder / "postgres").is_file() and (folder / "initdb").is_file() and _version(folder) >= _OLDEST:
            return folder
    raise Missing(f"PostgreSQL {_OLDEST} or newer (Debian: postgresql) is not installed")


def _version(folder: Path) -> int:
    answer = subprocess.run([str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True)
    return int(answer.stdout.split()[2].partition(".")[0])
