"""How a notice leaves: the protocol of a channel, and the one that writes letters into a folder.

A channel is called outside every transaction, once for each letter. What it raises leaves the sending uncertain:
a person then says whether the letter went out. ``model.BY_HAND`` is no channel here: a person sends, and says so.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

from infringewatch.errors import InfringeWatchError

OUTBOX = "outbox"


@dataclass(frozen=True, slots=True)
class Letter:
    """One text on its way. ``key`` names the notice for good, so that a channel can tell that it has it already."""

    key: str
    subject: str
    recipient: str
    address: str
    text: str
    text_sha256: str
    written_at: datetime
    attachments: Sequence[Path] = ()


class ChannelError(InfringeWatchError):
    """The channel did not say that the letter went out."""


class Channel(Protocol):
    """``send`` returns the reference under which the other side, or the folder, knows the letter."""

    @property
    def name(self) -> str: ...

    def send(self, letter: Letter) -> str:
        """Raises ChannelError where it is not known that the letter went out."""
        ...


@dataclass(frozen=True, slots=True)
class FileChannel:
    """Writes each letter as a folder of its own: ``notice.eml``, ``notice.zip`` (text, record, attachments).

    The folder appears whole or not at all; a letter that stands there already is never written a second time.
    """

    folder: Path
    name: str = OUTBOX

    def send(self, letter: Letter) -> str:
        target = self.folder / letter.key
        if target.exists():
            raise ChannelError(f"{target} exists already: this letter has been written before")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = Path(tempfile.mkdtemp(prefix=".writing-", dir=self.folder))
            try:
                _write(part / "notice.eml", _message(letter).as_bytes(policy=SMTP))
                _write_zip(part / "notice.zip", letter)
                _sync(part)
                part.rename(target)
            finally:
                shutil.rmtree(part, ignore_errors=True)
            _sync(self.folder)
        except OSError as error:
            raise ChannelError(f"{target} cannot be written: {error.strerror}") from error
        return letter.key


def _message(letter: Letter) -> EmailMessage:
    """The letter as mail that a person, or a mail program, can send; the sender is left to it."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = f"<{letter.key}.{letter.text_sha256[:16]}@infringewatch.invalid>"
    if letter.address:
        message["To"] = letter.address
    message["X-InfringeWatch-SHA256"] = letter.text_sha256
    message.set_content(letter.text, cte="base64")
    return message


def _write_zip(path: Path, letter: Letter) -> None:
    record = {
        "key": letter.key,
        "recipient": letter.recipient,
        "text_sha256": letter.text_sha256,
        "written_at": letter.written_at.isoformat(),
    }
    with zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED) as package:
        package.writestr("notice.txt", letter.text)
        package.writestr("notice.json", json.dumps(record, ensure_ascii=False, indent=1))
        for file in letter.attachments:
            package.write(file, f"evidence/{file.name}", zipfile.ZIP_STORED)
    _sync(path)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
    _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
