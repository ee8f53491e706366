from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from infringewatch.cli.notice import notice
from infringewatch.evidence.vault import Vault
from infringewatch.flows.describing import BundleReader
from infringewatch.flows.takedown import mark_notice_sent
from infringewatch.notices.channels import OUTBOX
from infringewatch.settings import read_settings
from infringewatch.store.models import Deadline, Notice
from tests.flows.noticing import NOW, decided_hit, make_right, person, queued

pytestmark = pytest.mark.django_db


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vault:
    settings = read_settings({"INFRINGEWATCH_HOME": str(tmp_path)})
    monkeypatch.setattr("infringewatch.cli.notice.get_settings", lambda: settings)
    return Vault(settings.vault_dir)


def test_what_is_ready_is_sent(vault: Vault, tmp_path: Path) -> None:
    sent = queued(decided_hit(make_right(), vault), vault=vault, channel=OUTBOX)
    done = CliRunner().invoke(notice, ["send"])
    assert (done.exit_code, Notice.objects.get().state) == (0, "sent")
    assert (tmp_path / "outbox" / f"notice-{sent.pk:06d}" / "notice.eml").exists()


def test_an_overdue_clock_is_listed_and_ends_with_one(vault: Vault) -> None:
    one = queued(decided_hit(make_right(), vault), vault=vault)
    mark_notice_sent(one, "P-1", person(), NOW, BundleReader(vault))
    assert CliRunner().invoke(notice, ["due"]).exit_code == 0
    Deadline.objects.filter(clock="platform_measures").update(due_at=NOW)
    done = CliRunner().invoke(notice, ["due"])
    assert done.exit_code == 1 and "overdue\t2026-03-02 12:00 UTC" in done.output
