"""Kill a crawl twenty times, resume it each time, and count what is lost or recorded twice.

    python -m benchmarks.kills [--postgres URL] [--processes N] [--kills N] [--pages N]

Needs the test tools of a checkout: two shops on loopback, and the in-memory twin of intake.
"""

from __future__ import annotations

import argparse
import random
import signal
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.crawlers.crawling import Crawl
from tests.crawlers.loopback import Site, serving
from tests.crawlers.test_crawl import shop


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default="")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--pages", type=int, default=600)
    asked = parser.parse_args()
    environment = {"DATABASE_URL": asked.postgres} if asked.postgres else {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sites = [stack.enter_context(serving(Site(shop(asked.pages)))) for _ in range(2)]
        profiles = [{"name": f"s{n}", "hosts": [s.url[7:]], "start": [f"{s.url}/"]} for n, s in enumerate(sites)]
        crawl = Crawl(folder, {"profiles": profiles})
        killed = kill_and_resume(crawl, asked.kills, asked.processes, environment)
        crawl.run(timeout=600, **environment)
        pages = crawl.rows("SELECT url FROM item WHERE url LIKE '%/p/%'")
        fetched = sum(path.startswith("/p/") for site in sites for path in site.paths)
        print(f"killed {killed} processes in the middle of {2 * asked.pages} product pages")
        print(f"lost {2 * asked.pages - len(set(pages))}, recorded twice {len(pages) - len(set(pages))}")
        print(f"fetched again after a kill: {fetched - 2 * asked.pages}")


def kill_and_resume(crawl: Crawl, kills: int, processes: int, environment: dict[str, str]) -> int:
    """The number of processes that were killed while pages were still open."""
    chance = random.Random(20260301)
    killed = 0
    for _ in range(kills):
        started = [crawl.start(**environment) for _ in range(processes)]
        time.sleep(0.9 + chance.random() * 0.4)
        for process in started:
            process.send_signal(signal.SIGKILL)
        for process in started:
            process.communicate()
            killed += process.returncode == -signal.SIGKILL
    return killed


if __name__ == "__main__":
    main()
