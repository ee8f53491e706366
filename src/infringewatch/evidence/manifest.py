"""The manifest of a bundle: which files with which hashes, and who captured what, when, from where, with what.

Its canonical bytes are what is sealed: their SHA-256 is the bundle's id. Reading it back gives the same record.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Self

from infringewatch.errors import EvidenceError
from infringewatch.evidence.canonical import canonical_json
from infringewatch.evidence.vault import BUNDLES, Vault
from infringewatch.model import JSON

FORMAT = "infringewatch-bundle/1"
MANIFEST = "manifest.json"
WARC = "capture.warc.gz"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_NO_TIMESTAMPS = "none"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who had the capture made and under which rules. Empty means "not known" and is written so.

    ``captured_by``: the program that fetched, for example ``spider marketplace``; ``asked_by``: the person or clock
    that started it; ``robots``: what was decided on robots.txt; ``watchlists``: name -> SHA-256 or version.
    """

    captured_by: str
    rules_version: str
    asked_by: str = ""
    campaign: str = ""
    run: str = ""
    user_agent: str = ""
    robots: str = ""
    watchlists: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One file of a bundle. ``name`` is flat and safe on every file system; ``size`` in bytes."""

    name: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``kind`` is ``page`` or ``screenshot`` (a later look at a hit, which ``hit`` then names).

    ``page`` and ``exchanges`` sum up what was fetched (addresses, times, status, IP, TLS, what is lost);
    ``missing`` says in words what the bundle could have held and does not.
    """

    kind: str
    sealed_at: datetime
    hit: str
    page: Mapping[str, JSON]
    exchanges: tuple[Mapping[str, JSON], ...]
    files: tuple[BundleFile, ...]
    missing: tuple[str, ...]
    provenance: Provenance
    environment: Mapping[str, JSON]

    def to_bytes(self) -> bytes:
        record = _plain(self) | {"format": FORMAT, "timestamps": _NO_TIMESTAMPS}
        record["sealed_at"] = self.sealed_at.isoformat()
        record["files"] = [_plain(file) for file in self.files]
        record["provenance"] = _plain(self.provenance)
        return canonical_json(record)

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Raises EvidenceError for what is no manifest of this format."""
        try:
            record = json.loads(content)
            if record.pop("format") != FORMAT:
                raise EvidenceError(f"not a manifest of the format {FORMAT}")
            return cls._from_record(record)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise EvidenceError(f"not a manifest: {error}") from error

    @classmethod
    def _from_record(cls, record: dict[str, Any]) -> Self:
        record.pop("timestamps")
        files = tuple(BundleFile(**file) for file in record.pop("files"))
        return cls(
            sealed_at=datetime.fromisoformat(record.pop("sealed_at")),
            exchanges=tuple(record.pop("exchanges")),
            files=files,
            missing=tuple(record.pop("missing")),
            provenance=Provenance(**record.pop("provenance")),
            **record,
        )

    def file(self, name: str) -> BundleFile | None:
        return next((file for file in self.files if file.name == name), None)


def _plain(record: Manifest | BundleFile | Provenance) -> dict[str, Any]:
    """One level of ``dataclasses.asdict``, which copies deeply and cost half a millisecond a bundle."""
    return {spec.name: getattr(record, spec.name) for spec in fields(record)}


def read_manifest(vault: Vault, bundle: str) -> Manifest:
    """Raises EvidenceError when the manifest is missing or changed."""
    return Manifest.from_bytes(vault.read(bundle, BUNDLES))


def read_file(vault: Vault, bundle: str, name: str) -> tuple[bytes, str]:
    """Content and media type of one file of a bundle, checked. Raises EvidenceError when it is not there or changed.

    The content is hostile: whoever shows it must not serve it from the application's own origin.
    """
    file = read_manifest(vault, bundle).file(name)
    if file is None:
        raise EvidenceError(f"the bundle {bundle} has no file {name!r}")
    return vault.read(file.sha256), file.media_type


def check_name(name: str) -> str:
    """The name, if it may stand in a bundle. Raises EvidenceError otherwise."""
    if not _NAME.fullmatch(name) or name == MANIFEST:
        raise EvidenceError(f"{name!r} cannot be the name of a file in a bundle")
    return name
