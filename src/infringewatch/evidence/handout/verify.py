#!/usr/bin/env python3
"""Checks an exported evidence package offline, with nothing but Python 3.8 or later.

Unpack the ZIP, go into its folder and run ``python verify.py``. It prints OK, or names each file that is missing,
has changed or does not belong, and then ends with exit code 1. It reads; it never writes and never asks a network.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zlib
from pathlib import Path
from typing import Any, Iterator  # noqa: UP035  (also for the old Pythons of others)

FORMAT = "infringewatch-bundle/1"
CUSTODY = "custody.jsonl"


def check_package(folder: Path) -> list[tuple[str, str]]:
    """Pairs of file (relative, with slashes) and what is wrong with it; empty when all is well."""
    faults: list[tuple[str, str]] = []
    exported = check_custody(folder, faults)
    expected = {CUSTODY}
    for name, sha256 in exported.get("files", {}).items():
        expected.add(name)
        check_file(folder, name, sha256, None, faults)
    for bundle in exported.get("bundles", []):
        expected |= check_bundle(folder, bundle, faults)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in expected and "__pycache__" not in name:
            faults.append((name, "does not belong to the package"))
    return faults


def check_custody(folder: Path, faults: list[tuple[str, str]]) -> dict[str, Any]:
    """Follows the chain of hashes; gives the details of its last event, which names all other files."""
    try:
        lines = (folder / CUSTODY).read_bytes().split(b"\n")
        previous, record, details = "0" * 64, {}, {}
        for line in lines[:-1]:
            record = json.loads(line)
            claimed = record.pop("hash")
            if record["previous"] != previous or sha256_of(to_line(record)) != claimed:
                raise ValueError("the chain of hashes is broken")
            if to_line({**record, "hash": claimed}) != line:
                raise ValueError("a line is not written as it was")
            previous, details = claimed, record["details"]
        if lines[-1] or record["event"] != "exported":
            raise ValueError("the end of the chain is missing")
    except FileNotFoundError:
        faults.append((CUSTODY, "is missing"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        faults.append((CUSTODY, f"has changed ({error})"))
    else:
        return details
    return find_contents(folder)


def find_contents(folder: Path) -> dict[str, Any]:
    """What lies there, for a package whose custody file is broken: the bundles can be checked all the same."""
    names = ("README.en.md", "README.zh.md", "verify.py", "hit.json")
    bundles = sorted(path.name for path in (folder / "bundles").glob("*") if path.is_dir())
    return {"files": dict.fromkeys(names), "bundles": bundles}


def check_bundle(folder: Path, bundle: str, faults: list[tuple[str, str]]) -> set[str]:
    """Checks manifest and files of one bundle; gives the names of all files that it should have."""
    base = f"bundles/{bundle}/"
    expected = {base + "manifest.json"}
    if not check_file(folder, base + "manifest.json", bundle, None, faults):
        return expected | {p.relative_to(folder).as_posix() for p in (folder / base).glob("*")}
    manifest = json.loads((folder / base / "manifest.json").read_bytes())
    if manifest["format"] != FORMAT:
        faults.append((base + "manifest.json", "has a format that this checker does not know"))
        return expected
    for file in manifest["files"]:
        if file["name"] != Path(file["name"]).name:  # nothing outside the package is read, whoever made it
            faults.append((base + "manifest.json", "names a file outside its bundle"))
            continue
        name = base + file["name"]
        expected.add(name)
        if check_file(folder, name, file["sha256"], file["size"], faults) and file["name"].endswith(".warc.gz"):
            check_warc(folder, name, faults)
    return expected


def check_file(folder: Path, name: str, sha256: str | None, size: int | None, faults: list[tuple[str, str]]) -> bool:
    path = folder / name
    if not path.is_file():
        faults.append((name, "is missing"))
        return False
    content = path.read_bytes()
    changed = sha256 is not None and sha256_of(content) != sha256
    if changed or (size is not None and len(content) != size):
        faults.append((name, "has changed"))
        return False
    return True


def check_warc(folder: Path, name: str, faults: list[tuple[str, str]]) -> None:
    """Each record's own digests, beside the digest of the whole file."""
    try:
        for headers, block in iter_records((folder / name).read_bytes()):
            is_http = headers.get("content-type", "").startswith("application/http")
            parts = {"warc-block-digest": block}
            if "warc-payload-digest" in headers:
                parts["warc-payload-digest"] = block.partition(b"\r\n\r\n")[2] if is_http else block
            for digest, content in parts.items():
                if headers.get(digest) != "sha256:" + sha256_of(content):
                    faults.append((name, "record {}: {} does not match".format(headers["warc-record-id"], digest)))
    except (ValueError, KeyError, zlib.error) as error:
        faults.append((name, f"is no sound WARC file ({error})"))


def iter_records(content: bytes) -> Iterator[tuple[dict[str, str], bytes]]:
    """Headers (names in lower case) and block of each record; each is a gzip member of its own."""
    while content:
        member = zlib.decompressobj(zlib.MAX_WBITS + 16)
        record = member.decompress(content) + member.flush()
        content = member.unused_data
        head, _, rest = record.partition(b"\r\n\r\n")
        pairs = [line.split(": ", 1) for line in head.decode("utf-8").split("\r\n")[1:]]
        headers = {key.lower(): value for key, value in pairs}
        yield headers, rest[: int(headers["content-length"])]


def to_line(record: dict[str, Any]) -> bytes:
    return json.dumps(record, sort_keys=True, separators=(",", ":")).encode()


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main() -> int:
    folder = Path(__file__).resolve().parent
    faults = check_package(folder)
    for name, reason in faults:
        print(f"{ascii(name)[1:-1]}: {ascii(reason)[1:-1]}")
    if faults:
        print(f"NOT OK: {len(faults)} fault(s)")
        return 1
    bundles = sorted(path.name for path in (folder / "bundles").iterdir())
    print("OK: every file is as it was sealed.")
    for bundle in bundles:
        print(f"bundle {bundle}")
    print(f"custody {sha256_of((folder / CUSTODY).read_bytes())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
