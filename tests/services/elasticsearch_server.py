"""A real Elasticsearch 9 for tests: the server's published jars from Maven Central, started on loopback.

The jars and the compiled launcher are kept below ``.services/``; each server has a temporary data folder.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.services.ports import free_ports

_HERE = Path(__file__).parent / "elasticsearch"
_CACHE = Path(__file__).parents[2] / ".services" / "elasticsearch-9.2.2"
_NETWORK_MODULE = "transport-netty4"
_BOOT_SECONDS = 90.0


class Missing(Exception):
    """What the server needs is not on this machine; the message says what."""


class ElasticsearchServer:
    """One server process. The data outlives ``kill`` and ``start``, not ``close``."""

    def __init__(self, distribution: Path, java: Path) -> None:
        self._java = java
        self._home = Path(tempfile.mkdtemp(prefix="infringewatch-elasticsearch-"))
        shutil.copytree(distribution, self._home, symlinks=True, dirs_exist_ok=True)
        for folder in ("data", "logs", "plugins"):
            (self._home / folder).mkdir()
        self._http, self._transport = free_ports(2)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        arguments = (str(self._home), str(self._http), str(self._transport))
        with (self._home / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._java), "-Xms512m", "-Xmx512m", "-cp", f"{self._home}/lib/*", "Launcher", *arguments],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + _BOOT_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Elasticsearch did not start:\n{(self._home / 'server.log').read_text()[-4000:]}")
            time.sleep(0.2)

    def kill(self) -> None:
        """SIGKILL: the server has no chance to finish anything."""
        assert self._process is not None
        self._process.kill()
        self._process.communicate()

    def close(self) -> None:
        """Stop the server and throw its data away."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.communicate()
        shutil.rmtree(self._home, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_cluster/health?wait_for_status=yellow", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def make_server() -> ElasticsearchServer:
    """A server that is not started yet. Raises Missing where Maven or a Java of 21 or newer is not found."""
    java_home = _find_java()
    return ElasticsearchServer(_prepare_distribution(java_home), java_home / "bin" / "java")


def _prepare_distribution(java_home: Path) -> Path:
    """The server's folder without its data: ``lib/``, ``modules/``, ``config/``; made once, under a lock."""
    _CACHE.mkdir(parents=True, exist_ok=True)
    ready = _CACHE / "home"
    with (_CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.is_dir():
            draft = Path(tempfile.mkdtemp(dir=_CACHE))
            _lay_out(_fetch_jars(), draft)
            _compile_launcher(java_home, draft / "lib")
            draft.rename(ready)
    return ready


def _fetch_jars() -> Path:
    maven = shutil.which("mvn")
    if maven is None:
        raise Missing("Maven (mvn) fetches the Elasticsearch server's jars and is not installed")
    jars = _CACHE / "jars"
    command = [maven, "-q", "-B", "-f", str(_HERE / "pom.xml"), "dependency:copy-dependencies"]
    done = subprocess.run([*command, f"-DoutputDirectory={jars}"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Missing(f"Maven could not fetch the Elasticsearch server's jars: {done.stdout[-500:]}")
    return jars


def _lay_out(jars: Path, home: Path) -> None:
    module = home / "modules" / _NETWORK_MODULE
    for folder in (home / "lib", home / "config", module):
        folder.mkdir(parents=True)
    for jar in jars.glob("*.jar"):
        shutil.copy(jar, module if jar.name.startswith(("netty-", _NETWORK_MODULE)) else home / "lib")
    shutil.copy(_HERE / "log4j2.properties", home / "config")
    with zipfile.ZipFile(next(module.glob(f"{_NETWORK_MODULE}-*.jar"))) as archive:
        for entry in archive.namelist():
            place, _, name = entry.rpartition("/")
            if place == f"META-INF/es-plugins/{_NETWORK_MODULE}" and name:
                (module / name).write_text(_as_plain_plugin(archive.read(entry).decode()))


def _as_plain_plugin(text: str) -> str:
    """The descriptor without its module's name: from the class path the plugin's jars are no named modules."""
    return "".join("modulename=\n" if line.startswith("modulename=") else f"{line}\n" for line in text.splitlines())


def _compile_launcher(java_home: Path, lib: Path) -> None:
    command = [java_home / "bin" / "javac", "-cp", lib / "*", "-d", lib / "classes", _HERE / "Launcher.java"]
    subprocess.run([str(part) for part in command], check=True, capture_output=True)
    with zipfile.ZipFile(lib / "launcher.jar", "w") as jar:
        for compiled in (lib / "classes").iterdir():
            jar.write(compiled, compiled.name)
    shutil.rmtree(lib / "classes")


def _find_java() -> Path:
    """The home of a Java development kit of version 21 or newer."""
    for home in _java_homes():
        version = _java_version(home)
        if version is not None and version >= 21:
            return home
    raise Missing("Elasticsearch needs a Java development kit of version 21 or newer, and none was found")


def _java_homes() -> Iterator[Path]:
    if named := os.environ.get("JAVA_HOME"):
        yield Path(named)
    if compiler := shutil.which("javac"):
        yield Path(compiler).resolve().parents[1]
    for parent in (Path("/usr/lib/jvm"), Path("/opt")):
        yield from sorted(parent.glob("*/"), reverse=True)


def _java_version(home: Path) -> int | None:
    compiler = home / "bin" / "javac"
    if not compiler.is_file():
        return None
    answer = subprocess.run([compiler, "-version"], capture_output=True, text=True, check=False)
    major = (answer.stdout or answer.stderr).removeprefix("javac ").partition(".")[0].strip()
    return int(major) if major.isdigit() else None


if __name__ == "__main__":  # python -m tests.services.elasticsearch_server: a server to look at by hand
    server = make_server()
    try:
        server.start()
        print(server.url, flush=True)
        sys.stdin.read()
    finally:
        server.close()
