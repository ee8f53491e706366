"""One ZIP that a stranger can check offline: bundles, the hit as it stands, custody, how to read it, and a checker.

Every file is checked against its seal on its way into the ZIP; the ZIP appears whole or not at all.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from infringewatch.errors import EvidenceError
from infringewatch.evidence.canonical import canonical_json
from infringewatch.evidence.custody import CustodyEvent, build_custody, iter_bundle_events
from infringewatch.evidence.manifest import MANIFEST, Manifest, read_manifest
from infringewatch.evidence.vault import BUNDLES, OBJECTS, Vault
from infringewatch.model import JSON

_HANDOUT = Path(__file__).parent / "handout"
_HANDOUT_FILES = ("README.en.md", "README.zh.md", "verify.py")
_PACKED_ALREADY = (".gz", ".png", ".jpg", ".jpeg", ".webp", ".mp4")
_FIRST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # a ZIP knows no zone, and the true times stand in the manifests


def export_bundles(
    vault: Vault,
    bundles: Sequence[str],
    out: Path,
    hit_record: Mapping[str, JSON],
    *,
    now: datetime,
    actor: str,
    events: Iterable[CustodyEvent] = (),
) -> Path:
    """Writes the package to ``out`` and returns it. Equal arguments give equal bytes.

    ``hit_record`` becomes ``hit.json``; ``events`` are further ones for ``custody.jsonl`` (the audit log's, say).
    Raises EvidenceError when a bundle is missing or changed, and when ``out`` cannot be written; then ``out`` is
    what it was before.
    """
    manifests = {bundle: read_manifest(vault, bundle) for bundle in sorted(set(bundles))}
    if not manifests:
        raise EvidenceError("there is no sealed bundle to export")
    top = {name: (_HANDOUT / name).read_bytes() for name in _HANDOUT_FILES}
    top["hit.json"] = canonical_json(dict(hit_record), indent=2)
    told = [event for bundle, manifest in manifests.items() for event in iter_bundle_events(bundle, manifest)]
    told = sorted([*told, *events], key=lambda event: (event.at, event.bundle))
    top["custody.jsonl"] = build_custody([*told, _exported(manifests, top, now, actor)])
    try:
        _write_zip(vault, manifests, top, out)
    except OSError as error:
        raise EvidenceError(f"{out} cannot be written ({error.strerror}); nothing was kept of it") from error
    return out


def _exported(manifests: Iterable[str], top: Mapping[str, bytes], now: datetime, actor: str) -> CustodyEvent:
    """The last event seals what no manifest covers: the files beside the bundles, and which bundles there are."""
    files = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(top.items())}
    return CustodyEvent(now, "exported", actor, "", {"bundles": list(manifests), "files": files})


def _write_zip(vault: Vault, manifests: Mapping[str, Manifest], top: Mapping[str, bytes], out: Path) -> None:
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=".export-", suffix=".zip")
    try:
        with os.fdopen(handle, "wb") as file:
            with ZipFile(file, "w") as archive:
                for path, chunks in _iter_members(vault, manifests, top):
                    _add(archive, path, chunks)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(out)
    finally:
        Path(name).unlink(missing_ok=True)


def _iter_members(
    vault: Vault, manifests: Mapping[str, Manifest], top: Mapping[str, bytes]
) -> Iterator[tuple[str, Iterable[bytes]]]:
    for name, content in sorted(top.items()):
        yield name, [content]
    for bundle, manifest in manifests.items():
        yield f"bundles/{bundle}/{MANIFEST}", vault.iter_chunks(bundle, BUNDLES)
        for file in manifest.files:
            yield f"bundles/{bundle}/{file.name}", vault.iter_chunks(file.sha256, OBJECTS)


def _add(archive: ZipFile, path: str, chunks: Iterable[bytes]) -> None:
    info = ZipInfo(path, _FIRST_ZIP_DATE)
    info.compress_type = ZIP_STORED if path.endswith(_PACKED_ALREADY) else ZIP_DEFLATED
    info.external_attr = 0o444 << 16
    with archive.open(info, "w", force_zip64=True) as member:
        for chunk in chunks:
            member.write(chunk)
