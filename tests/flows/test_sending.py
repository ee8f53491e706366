from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from infringewatch.actions.decisions import decide
from infringewatch.actions.notices import LEASE, claim_sending, mark_interrupted
from infringewatch.errors import NotAllowed, StaleState
from infringewatch.evidence.vault import Vault
from infringewatch.flows.sending import send_due
from infringewatch.flows.takedown import resolve_notice
from infringewatch.model import Role, Verdict
from infringewatch.notices.channels import OUTBOX, ChannelError, FileChannel, Letter
from infringewatch.store.models import AuditEntry, Hit, Notice
from tests.flows.noticing import NOW, decided_hit, make_right, person, queued


@dataclass
class Post:
    """A channel that keeps what it was given, and may fail after that."""

    name: str = OUTBOX
    letters: list[Letter] = field(default_factory=list)
    trouble: str = ""

    def send(self, letter: Letter) -> str:
        self.letters.append(letter)
        if self.trouble:
            raise ChannelError(self.trouble)
        return f"ref-{len(self.letters)}"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault")


@pytest.fixture
def hit(db: None, vault: Vault) -> Hit:
    return decided_hit(make_right(), vault)


def _send(post: Post, vault: Vault) -> list[str]:
    return [one.how for one in send_due({OUTBOX: post}, vault, "host:1", NOW)]


def _state() -> str:
    return Notice.objects.get().state


def test_a_queued_notice_is_sent_once_with_its_evidence(hit: Hit, vault: Vault) -> None:
    notice, post = queued(hit, vault=vault, channel=OUTBOX), Post()
    assert (_send(post, vault), _send(post, vault)) == (["sent"], [])
    (letter,) = post.letters
    assert (letter.text, letter.key) == (notice.text, f"notice-{notice.pk:06d}")
    assert [path.name for path in letter.attachments] == [f"hit-{hit.pk}.zip"]
    notice.refresh_from_db()
    assert (notice.state, notice.reference, Hit.objects.get().state) == ("sent", "ref-1", "noticed")
    assert notice.deadlines.exists() and hit.rechecks.exists()


def test_a_notice_that_a_person_sends_is_left_to_the_person(hit: Hit, vault: Vault) -> None:
    queued(hit, vault=vault)
    assert (_send(Post(), vault), _state()) == ([], "queued")


def test_a_case_that_changed_goes_back_to_the_drafts_with_the_reason(hit: Hit, vault: Vault) -> None:
    notice, post = queued(hit, vault=vault, channel=OUTBOX), Post()
    decide(hit.pk, Verdict.AUTHORISED, person(), NOW)
    assert (_send(post, vault), post.letters) == (["held_back"], [])
    notice.refresh_from_db()
    assert (notice.state, notice.gate) == ("draft", None) and "a person decided" in notice.trouble


def test_a_channel_that_fails_leaves_the_sending_uncertain_and_is_not_asked_again(hit: Hit, vault: Vault) -> None:
    queued(hit, vault=vault, channel=OUTBOX)
    post = Post(trouble="the line went dead")
    assert (_send(post, vault), _send(post, vault), len(post.letters)) == (["uncertain"], [], 1)
    assert (_state(), Hit.objects.get().state) == ("uncertain", "infringing")
    assert "the line went dead" in Notice.objects.get().trouble


def test_a_sending_whose_process_died_becomes_uncertain_at_once(hit: Hit, vault: Vault) -> None:
    claim_sending(queued(hit, vault=vault, channel=OUTBOX), "host:1", NOW)
    assert mark_interrupted([], NOW) == []
    assert [one.pk for one in mark_interrupted(["host:1"], NOW)] == [Notice.objects.get().pk]
    assert _state() == "uncertain"


def test_a_sending_on_another_machine_becomes_uncertain_after_its_lease(hit: Hit, vault: Vault) -> None:
    claim_sending(queued(hit, vault=vault, channel=OUTBOX), "elsewhere:1", NOW)
    assert mark_interrupted([], NOW + LEASE) == []
    assert len(mark_interrupted([], NOW + LEASE + timedelta(seconds=1))) == 1


def test_two_senders_take_one_notice_once(hit: Hit, vault: Vault) -> None:
    notice = queued(hit, vault=vault, channel=OUTBOX)
    claim_sending(notice, "host:1", NOW)
    with pytest.raises(StaleState):
        claim_sending(notice, "host:2", NOW)


def test_a_sender_that_lost_its_lease_records_nothing(hit: Hit, vault: Vault) -> None:
    @dataclass
    class Slow(Post):
        def send(self, letter: Letter) -> str:
            mark_interrupted([], NOW + LEASE * 2)
            return super().send(letter)

    queued(hit, vault=vault, channel=OUTBOX)
    assert (_send(Slow(), vault), _state()) == (["uncertain"], "uncertain")


@pytest.mark.parametrize(("went_out", "state"), [(True, "sent"), (False, "queued")])
def test_a_person_says_whether_an_uncertain_notice_went_out(hit: Hit, vault: Vault, went_out: bool, state: str) -> None:
    queued(hit, vault=vault, channel=OUTBOX)
    _send(Post(trouble="?"), vault)
    resolve_notice(Notice.objects.get(), went_out, "P-2", person(), NOW)
    assert (_state(), Hit.objects.get().state == "noticed") == (state, went_out)
    assert AuditEntry.objects.latest("number").actor == "mei"


def test_a_trainee_resolves_nothing(hit: Hit, vault: Vault) -> None:
    queued(hit, vault=vault, channel=OUTBOX)
    _send(Post(trouble="?"), vault)
    with pytest.raises(NotAllowed):
        resolve_notice(Notice.objects.get(), True, "", person("ting", Role.TRAINEE), NOW)


def test_a_letter_that_stands_in_the_outbox_is_not_written_again(hit: Hit, vault: Vault, tmp_path: Path) -> None:
    queued(hit, vault=vault, channel=OUTBOX)
    channels = {OUTBOX: FileChannel(tmp_path / "outbox")}
    assert [one.how for one in send_due(channels, vault, "host:1", NOW)] == ["sent"]
    Notice.objects.update(state="queued")
    Hit.objects.update(state="infringing")
    assert [one.how for one in send_due(channels, vault, "host:1", NOW)] == ["uncertain"]


@pytest.mark.parametrize(
    ("recipient", "address"),
    [
        ("示例平台 <ipr@platform.example>", "ipr@platform.example"),
        ("ipr@platform.example, 示例平台", "ipr@platform.example"),
        ("示例平台", ""),
        ("法务@平台.example", ""),
        ("a@b@c.example", ""),
    ],
)
def test_a_plain_mail_address_is_taken_from_what_a_person_typed(
    hit: Hit, vault: Vault, recipient: str, address: str
) -> None:
    queued(hit, vault=vault, channel=OUTBOX, fields={"recipient": recipient})
    post = Post()
    _send(post, vault)
    assert [letter.address for letter in post.letters] == [address]


def _process(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.flows.sending_process", *words],
        env={**os.environ, "INFRINGEWATCH_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.services  # real processes: too long for the quick suite
@pytest.mark.parametrize(("point", "written"), [("before_channel", 0), ("after_channel", 1)])
def test_a_kill_between_channel_and_record_repeats_no_notice(tmp_path: Path, point: str, written: int) -> None:
    prepared = _process(tmp_path, "prepare")
    assert prepared.returncode == 0, prepared.stderr
    assert _process(tmp_path, "send", INFRINGEWATCH_FAULT=point).returncode == -signal.SIGKILL
    again = _process(tmp_path, "send")
    assert again.stdout.split() == ["uncertain"], again.stderr
    outbox = tmp_path / "outbox"
    assert len(list(outbox.iterdir()) if outbox.exists() else []) == written
