from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infringewatch.search.embedded import EmbeddedBackend


def test_a_first_writer_waits_while_another_holds_the_new_file(tmp_path: Path) -> None:
    path = tmp_path / "search.sqlite3"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(EmbeddedBackend(path).status)
        try:
            waiting.exception(timeout=0.3)
        except TimeoutError:
            pass
        finally:
            holder.execute("COMMIT")
            holder.close()
        assert waiting.exception(timeout=10) is None
