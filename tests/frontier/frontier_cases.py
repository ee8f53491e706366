"""What every frontier must do: who gets a job, how it ends, and what survives a killed process.

A store's test file makes its own ``frontier`` fixture and inherits the class.
"""

from __future__ import annotations

import socket

from infringewatch.frontier import MAX_ATTEMPTS, Ending, Engine, Frontier, JobState, NewJob, Progress

RUN = 7
LEASE = 60.0


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def page(number: int, host: str = "shop.example", **options: object) -> NewJob:
    return NewJob(f"http://{host}/{number}", **options)  # type: ignore[arg-type]


class FrontierCases:
    def test_the_same_address_is_queued_once(self, frontier: Frontier) -> None:
        assert frontier.add(RUN, [page(1), NewJob("http://SHOP.example/1#top"), page(2)]) == 2

    def test_two_runs_do_not_share_addresses(self, frontier: Frontier) -> None:
        frontier.add(RUN, [page(1)])
        assert frontier.add(RUN + 1, [page(1)]) == 1

    def test_a_higher_priority_is_claimed_first(self, frontier: Frontier) -> None:
        frontier.add(RUN, [page(1), page(2, priority=5)])
        assert [job.url for job in frontier.claim(RUN, "a", 1, LEASE)] == ["http://shop.example/2"]

    def test_a_claimed_job_is_not_given_out_again(self, frontier: Frontier) -> None:
        frontier.add(RUN, [page(1)])
        assert len(frontier.claim(RUN, "a", 9, LEASE)) == 1
        assert frontier.claim(RUN, "a", 9, LEASE) == []

    def test_one_host_is_asked_by_one_process_only(self, frontier: Frontier) -> None:
        frontier.add(RUN, [page(1), page(2)])
        frontier.claim(RUN, "a", 1, LEASE)
        assert frontier.claim(RUN, "b", 9, LEASE) == []

    def test_another_process_gets_the_other_host(self, frontier: Frontier) -> None:
        frontier.add(RUN, [page(1), page(1, "novel.example")])
        frontier.claim(RUN, "a", 1, LEASE)
        assert [job.host for job in frontier.claim(RUN, "b", 9, LEASE)] == ["shop.example"]

    def test_no_more_jobs_of_a_host_are_held_than_asked_for(self, frontier: Frontier) -> None:
        frontier.add(RUN, [page(number) for number in range(9)])
        assert len(frontier.claim(RUN, "a", 9, LEASE, per_host=3)) == 3
        assert frontier.claim(RUN, "a", 9, LEASE, per_host=3) == []

    def test_a_spider_claims_its_own_kind(self, frontier: Frontier) -> None:
        frontier.add(RUN, [page(1, kind="video"), page(2, kind="literature")])
        assert [job.url for job in frontier.claim(RUN, "a", 9, LEASE, "literature")] == ["http://shop.example/2"]

    def test_a_job_for_the_browser_is_not_given_to_the_plain_downloader(self, frontier: Frontier) -> None:
        frontier.add(RUN, [page(1, engine=Engine.BROWSER)])
        assert frontier.claim(RUN, "a", 9, LEASE) == []
        assert len(frontier.claim(RUN, "a", 9, LEASE, engine=Engine.BROWSER)) == 1

    def test_the_children_are_there_once_the_page_is_done(self, frontier: Frontier) -> None:
        frontier.add(RUN, [page(1)])
        (job,) = frontier.claim(RUN, "a", 1, LEASE)
        assert frontier.finish_many("a", [Ending(job, JobState.DONE, children=(page(2),))])
        assert frontier.counts(RUN) == {"done": 1, "queued": 1}

    def test_a_lost_lease_brings_no_children(self, frontier: Frontier, clock: Clock) -> None:
        frontier.add(RUN, [page(1)])
        (job,) = frontier.claim(RUN, "a", 1, LEASE)
        clock.now += LEASE + 1
        frontier.claim(RUN, "b", 1, LEASE)
        assert frontier.finish_many("a", [Ending(job, JobState.DONE, children=(page(2),))]) == 0
        assert frontier.counts(RUN) == {"leased": 1}

    def test_a_dead_process_loses_its_jobs_when_the_lease_runs_out(self, frontier: Frontier, clock: Clock) -> None:
        frontier.add(RUN, [page(1)])
        frontier.claim(RUN, "a", 1, LEASE)
        clock.now += LEASE + 1
        assert [job.attempts for job in frontier.claim(RUN, "b", 1, LEASE)] == [2]

    def test_a_heartbeat_keeps_the_lease(self, frontier: Frontier, clock: Clock) -> None:
        frontier.add(RUN, [page(1)])
        frontier.claim(RUN, "a", 1, LEASE)
        clock.now += LEASE - 1
        assert frontier.heartbeat("a", LEASE) == 1
        clock.now += LEASE - 1
        assert frontier.claim(RUN, "b", 1, LEASE) == []

    def test_what_was_released_counts_no_attempt(self, frontier: Frontier) -> None:
        frontier.add(RUN, [page(1)])
        frontier.claim(RUN, "a", 1, LEASE)
        assert frontier.release("a") == 1
        assert [job.attempts for job in frontier.claim(RUN, "b", 1, LEASE)] == [1]

    def test_a_page_that_kills_its_process_again_and_again_becomes_poison(
        self, frontier: Frontier, clock: Clock
    ) -> None:
        frontier.add(RUN, [page(1)])
        for _ in range(MAX_ATTEMPTS):
            assert len(frontier.claim(RUN, "a", 1, LEASE)) == 1
            clock.now += LEASE + 1
        assert frontier.claim(RUN, "a", 1, LEASE) == []
        assert frontier.counts(RUN) == {"poison": 1}

    def test_a_page_that_killed_waits_behind_the_untouched_ones(self, frontier: Frontier, clock: Clock) -> None:
        frontier.add(RUN, [page(1, priority=9), page(2)])
        frontier.claim(RUN, "a", 1, LEASE)
        clock.now += LEASE + 1
        assert [job.url for job in frontier.claim(RUN, "a", 2, LEASE)] == [
            "http://shop.example/2",
            "http://shop.example/1",
        ]

    def test_a_paused_host_is_left_alone_until_its_time(self, frontier: Frontier, clock: Clock) -> None:
        frontier.add(RUN, [page(1)])
        frontier.pause_host("shop.example", 30)
        assert frontier.claim(RUN, "a", 1, LEASE) == []
        clock.now += 31
        assert len(frontier.claim(RUN, "a", 1, LEASE)) == 1

    def test_a_job_sent_back_waits_and_remembers_its_failures(self, frontier: Frontier, clock: Clock) -> None:
        frontier.add(RUN, [page(1)])
        (job,) = frontier.claim(RUN, "a", 1, LEASE)
        frontier.finish_many("a", [Ending(job, JobState.QUEUED, reason="timed out", wait_s=20, failed=True)])
        assert frontier.claim(RUN, "a", 1, LEASE) == []
        clock.now += 21
        (again,) = frontier.claim(RUN, "a", 1, LEASE)
        assert (again.failures, again.attempts) == (1, 1)

    def test_an_alias_of_a_fetched_page_is_not_fetched(self, frontier: Frontier) -> None:
        frontier.add(RUN, [page(1)])
        (job,) = frontier.claim(RUN, "a", 1, LEASE)
        frontier.finish_many("a", [Ending(job, JobState.DONE, aliases=("http://shop.example/2",))])
        assert frontier.add(RUN, [page(2)]) == 0
        assert frontier.counts(RUN) == {"done": 1}

    def test_the_report_says_how_pages_ended_and_which_links_were_left(self, frontier: Frontier) -> None:
        frontier.add(RUN, [page(1)])
        (job,) = frontier.claim(RUN, "a", 1, LEASE)
        frontier.finish_many("a", [Ending(job, JobState.DONE, "ok", refusals={"outside the scope": 3})])
        assert [(line.outcome, line.reason, line.count) for line in frontier.report(RUN)] == [
            ("ok", "", 1),
            ("link not followed", "outside the scope", 3),
        ]

    def test_progress_of_several_processes_is_added_up(self, frontier: Frontier) -> None:
        frontier.note_progress(RUN, "a", Progress(pages=2, seconds=5))
        frontier.note_progress(RUN, "b", Progress(pages=3, seconds=4))
        assert frontier.progress(RUN) == Progress(pages=5, seconds=5)

    def test_a_forgotten_run_leaves_nothing(self, frontier: Frontier) -> None:
        frontier.add(RUN, [page(1)])
        frontier.forget(RUN)
        assert frontier.counts(RUN) == {}

    def test_hosts_are_told_with_their_pauses(self, frontier: Frontier) -> None:
        frontier.add(RUN, [page(1), page(1, "novel.example")])
        frontier.pause_host("shop.example", 30)
        assert [(host.host, host.open, host.pause_s) for host in frontier.hosts(RUN)] == [
            ("novel.example", 1, 0.0),
            ("shop.example", 1, 30.0),
        ]

    def test_a_fact_about_a_host_is_remembered(self, frontier: Frontier) -> None:
        frontier.remember(RUN, "shop.example", "missing_page", "404")
        assert frontier.recall(RUN, "shop.example", "missing_page") == "404"
        assert frontier.recall(RUN + 1, "shop.example", "missing_page") is None

    def test_the_jobs_of_a_dead_process_of_this_machine_come_back_at_once(self, frontier: Frontier) -> None:
        frontier.add(RUN, [page(1)])
        frontier.claim(RUN, f"{socket.gethostname()}:999999999:1:abcd", 1, LEASE)
        assert frontier.release_dead() == 1
        assert len(frontier.claim(RUN, "b", 1, LEASE)) == 1
