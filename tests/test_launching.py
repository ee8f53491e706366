from __future__ import annotations

import subprocess
import sys
import time

import pytest

from infringewatch import launching

_SLEEPER = "import time\ntry:\n    print('ready', flush=True); time.sleep(30)\nexcept KeyboardInterrupt:\n    raise SystemExit(7)"


def test_a_run_that_an_operator_wants_stopped_is_interrupted_and_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "_ASK", 0.0)
    monkeypatch.setattr(launching, "_BEAT", 0.02)
    monkeypatch.setattr(launching, "is_asked_to_stop", lambda run_id: run_id == 5)
    child = subprocess.Popen([sys.executable, "-c", _SLEEPER], stdout=subprocess.PIPE, start_new_session=True)
    assert child.stdout is not None
    child.stdout.readline()
    begun = time.monotonic()
    launching._watch(child, 5, "me", lambda: None)
    child.stdout.close()
    assert child.returncode == 7 and time.monotonic() - begun < 10
