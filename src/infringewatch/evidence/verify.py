"""Is a bundle still what was sealed? Reads every byte of it and names each file that is missing or has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from infringewatch.errors import EvidenceError, Fault
from infringewatch.evidence import warc
from infringewatch.evidence.manifest import MANIFEST, BundleFile, Manifest
from infringewatch.evidence.vault import BUNDLES, Vault


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """``faults`` name files as the bundle calls them; ``files`` counts what was checked, the manifest included."""

    bundle: str
    files: int
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        return not self.faults


def verify_bundle(vault: Vault, bundle: str) -> VerifyReport:
    """Checks manifest, files, sizes and the digests inside the WARC. Damage is reported, never raised.

    Raises EvidenceError only for an id that cannot be one.
    """
    vault.path_of(bundle, BUNDLES)
    try:
        manifest = Manifest.from_bytes(vault.read(bundle, BUNDLES))
    except EvidenceError as error:
        return VerifyReport(bundle, 1, (Fault(MANIFEST, str(error)),))
    faults = tuple(fault for file in manifest.files for fault in _check_file(vault, file))
    return VerifyReport(bundle, 1 + len(manifest.files), faults)


def _check_file(vault: Vault, file: BundleFile) -> Iterator[Fault]:
    try:
        content = vault.read(file.sha256)
        if len(content) != file.size:
            yield Fault(file.name, f"holds {len(content)} bytes, the manifest says {file.size}")
        if file.media_type == warc.MEDIA_TYPE:
            yield from (Fault(file.name, reason) for reason in warc.find_digest_faults(BytesIO(content)))
    except EvidenceError as error:
        yield Fault(file.name, str(error))
