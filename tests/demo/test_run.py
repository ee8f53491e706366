"""The demo as a user types it: the whole job on the bundled sites, by the real path."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.services
def test_the_demo_finds_most_of_what_is_planted_and_obeys_robots_txt(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "infringewatch", "demo", "--no-serve", "--data", str(tmp_path / "demo")],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = re.search(r"precision ([\d.]+) .* recall ([\d.]+) .* authorised (\d+) of (\d+)", done.stdout)
    assert found, done.stdout
    assert float(found[2]) >= 0.8
    assert found[3] == found[4]
    assert "/private/9001" not in done.stdout
    assert "forbidden by robots.txt" in done.stderr
