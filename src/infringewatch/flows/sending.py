"""Queued notices leave by their channel: the gate once more, the channel outside every transaction, then the record.

A process that dies between channel and record leaves the notice ``uncertain``; it is never sent again by itself.
"""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from infringewatch.actions import notices as acts
from infringewatch.actions.audit import MACHINE_ACTOR
from infringewatch.errors import EvidenceError, StaleState
from infringewatch.evidence.vault import Vault
from infringewatch.faultpoints import fault_point
from infringewatch.flows.describing import BundleReader, Progress
from infringewatch.flows.handout import export_hit
from infringewatch.flows.takedown import followup_of, recheck_gate
from infringewatch.model import NoticeState
from infringewatch.notices.channels import OUTBOX, Channel, FileChannel, Letter
from infringewatch.settings import Settings
from infringewatch.store.models import Notice

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one notice fared: ``sent``, ``held_back`` (the gate), ``uncertain`` (the channel) or ``left`` (in other
    hands, or its evidence cannot be read now)."""

    notice: int
    how: str
    detail: str = ""


def open_channels(settings: Settings) -> Mapping[str, Channel]:
    """The channels of an installation that send by themselves."""
    return {OUTBOX: FileChannel(settings.outbox_dir)}


def send_due(
    channels: Mapping[str, Channel], vault: Vault, owner: str, now: datetime, *, progress: Progress | None = None
) -> list[Outcome]:
    """Send every queued notice whose channel sends by itself, the oldest first, each once."""
    waiting = Notice.objects.filter(state=NoticeState.QUEUED, channel__in=channels).order_by("queued_at", "pk")
    return [_send(notice, channels[notice.channel], vault, owner, now, progress) for notice in waiting]


def _send(
    notice: Notice, channel: Channel, vault: Vault, owner: str, now: datetime, progress: Progress | None
) -> Outcome:
    faults = recheck_gate(notice, now, BundleReader(vault, progress=progress)).faults
    if faults:
        reason = "; ".join(f"{fault.what} ({fault.subject})" if fault.subject else fault.what for fault in faults)
        return _hold_back(notice, reason, now)
    with tempfile.TemporaryDirectory(prefix="notice-") as folder:
        try:
            letter = _write_letter(notice, Path(folder), vault, now)
            acts.claim_sending(notice, owner, now)
        except (EvidenceError, StaleState) as error:
            return Outcome(notice.pk, "left", str(error))
        return _hand_over(notice, letter, channel, owner, now)


def _hand_over(notice: Notice, letter: Letter, channel: Channel, owner: str, now: datetime) -> Outcome:
    fault_point("before_channel")
    try:
        reference = channel.send(letter)
    except Exception as error:  # whatever a channel meets, the letter may be out: only a person can tell
        log.exception("notice %d: the channel %s failed", notice.pk, channel.name)
        acts.mark_uncertain(notice, f"{channel.name}: {error}", now)
        return Outcome(notice.pk, "uncertain", str(error))
    fault_point("after_channel")
    try:
        acts.end_sending(notice, owner, reference, now, followup_of(notice, now))
    except StaleState as error:
        return Outcome(notice.pk, "uncertain", str(error))
    log.info("notice %d sent by %s as %s", notice.pk, channel.name, reference)
    return Outcome(notice.pk, "sent", reference)


def _hold_back(notice: Notice, reason: str, now: datetime) -> Outcome:
    try:
        acts.hold_back(notice, reason, now)
    except StaleState as error:
        return Outcome(notice.pk, "left", str(error))
    return Outcome(notice.pk, "held_back", reason)


def _write_letter(notice: Notice, folder: Path, vault: Vault, now: datetime) -> Letter:
    return Letter(
        key=f"notice-{notice.pk:06d}",
        subject=notice.text.partition("\n")[0],
        recipient=notice.recipient,
        address=_mail_address(notice.recipient),
        text=notice.text,
        text_sha256=notice.text_sha256,
        written_at=now,
        attachments=tuple(_iter_packages(notice, folder, vault, now)),
    )


def _mail_address(recipient: str) -> str:
    """The first plain mail address in what a person typed; any other is left to whoever sends the mail."""
    found = re.search(r"(?<![\w.+@-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+(?![\w@])", recipient, re.ASCII)
    return found[0] if found else ""


def _iter_packages(notice: Notice, folder: Path, vault: Vault, now: datetime) -> Iterator[Path]:
    for hit in notice.hits.select_related("right").order_by("pk"):
        path = folder / f"hit-{hit.pk}.zip"
        export_hit(hit, path, vault=vault, actor=MACHINE_ACTOR, now=now)
        yield path
