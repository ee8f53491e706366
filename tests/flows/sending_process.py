"""A process of its own that sends what is queued in the installation of its environment; tests kill it on the way.

``prepare`` makes the installation with one notice that waits for the file channel, ``send`` sends.
"""

from __future__ import annotations

import sys

import infringewatch.store  # noqa: F401  isort: skip
from infringewatch.evidence.vault import Vault
from infringewatch.installation import make_installation
from infringewatch.notices.channels import OUTBOX
from infringewatch.scheduler import send_notices
from infringewatch.settings import get_settings
from infringewatch.store.models import Notice
from tests.flows.noticing import NOW, decided_hit, make_right, queued


def main() -> None:
    settings = get_settings()
    if sys.argv[1] == "prepare":
        make_installation(settings)
        vault = Vault(settings.vault_dir)
        queued(decided_hit(make_right(), vault), vault=vault, channel=OUTBOX)
        return
    for outcome in send_notices(settings, NOW):
        print(outcome.how)
    print(*Notice.objects.values_list("state", flat=True))


if __name__ == "__main__":
    main()
