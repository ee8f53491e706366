from __future__ import annotations

import json
import zipfile
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from infringewatch.notices.channels import ChannelError, FileChannel, Letter
from infringewatch.notices.gate import text_sha256
from tests.notices.samples import NOW

TEXT = "知识产权侵权通知\n\n致：示例平台\n" + "x" * 1200 + "\n"


def _letter(*attachments: Path, **changes: str) -> Letter:
    given = {
        "subject": "知识产权侵权通知",
        "recipient": "示例平台 <ipr@platform.example>",
        "address": "ipr@platform.example",
    }
    return Letter(
        "notice-000001",
        text=TEXT,
        text_sha256=text_sha256(TEXT),
        written_at=NOW,
        attachments=attachments,
        **given | changes,
    )


def test_a_letter_is_written_as_mail_and_as_a_package(tmp_path: Path) -> None:
    evidence = tmp_path / "hit-1.zip"
    evidence.write_bytes(b"sealed")
    assert FileChannel(tmp_path / "outbox").send(_letter(evidence)) == "notice-000001"
    folder = tmp_path / "outbox" / "notice-000001"
    mail = message_from_bytes((folder / "notice.eml").read_bytes(), policy=default)
    assert (mail["To"], mail["Subject"]) == ("ipr@platform.example", "知识产权侵权通知")
    assert mail.get_content().replace("\r\n", "\n") == TEXT
    with zipfile.ZipFile(folder / "notice.zip") as package:
        assert package.namelist() == ["notice.txt", "notice.json", "evidence/hit-1.zip"]
        assert (
            text_sha256(package.read("notice.txt").decode()) == json.loads(package.read("notice.json"))["text_sha256"]
        )


def test_a_letter_is_never_written_twice(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path)
    channel.send(_letter())
    with pytest.raises(ChannelError, match="written before"):
        channel.send(_letter())


def test_a_letter_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ChannelError):
        FileChannel(tmp_path / "outbox").send(_letter(tmp_path / "missing.zip"))
    assert list((tmp_path / "outbox").iterdir()) == []


def test_a_line_break_in_a_name_adds_no_header(tmp_path: Path) -> None:
    FileChannel(tmp_path).send(_letter(subject="a\r\nBcc: x@y.example", recipient="b\r\nBcc: x@y.example"))
    mail = message_from_bytes((tmp_path / "notice-000001" / "notice.eml").read_bytes(), policy=default)
    assert mail["Bcc"] is None
