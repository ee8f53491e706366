"""One library: campaigns screen against the works of lists and those registered singly; licensed copies never queue."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
import yaml

from infringewatch.actions.audit import MACHINE_ACTOR
from infringewatch.actions.campaigns import claim_run, open_run, save_campaign
from infringewatch.errors import NotFound
from infringewatch.flows import intake
from infringewatch.flows.enrol import enrol, enrol_work, withdraw_work
from infringewatch.flows.library import find_works, sync_library
from infringewatch.model import Capture, Item, ItemKind, Outcome, PageResult, Right, RightKind, Role
from infringewatch.settings import Settings, read_settings
from infringewatch.store.access import hits_for, in_queue
from infringewatch.store.models import Hit
from tests.web.conftest import add_person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOST = "http://novels.example"


def _text(seed: int, length: int = 900) -> str:
    draw = random.Random(seed)
    return "".join(chr(draw.randrange(0x4E00, 0x5E00)) for _ in range(length))


WORK = _text(1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(read_settings({}), home=tmp_path / "home")


@pytest.fixture
def listed(tmp_path: Path, settings: Settings) -> None:
    """A list with one work, licensed below /official/ of one host in 2026 alone."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(WORK, encoding="utf-8")
    path = tmp_path / "in" / "list.csv"
    licence = "novels.example/official/@2026-01-01..2026-12-31"
    path.write_text(
        f"kind,name,registration_no,text_path,licensed_hosts\ncopyright,雾港灯火录,CR-1,a.txt,{licence}\n",
        encoding="utf-8",
    )
    enrol(path, tenant_name="雾港出版社", list_name="list", settings=settings, actor=MACHINE_ACTOR, now=NOW)


def _add(tmp_path: Path, settings: Settings, text: str, number: str = "W-1", holder: str = "雾港出版社") -> None:
    path = tmp_path / f"{number}.txt"
    path.write_text(text, encoding="utf-8")
    work = Right(RightKind.COPYRIGHT, "海岛", number, holder)
    enrol_work(path, work, tenant_name=holder, settings=settings, actor=MACHINE_ACTOR, now=NOW)


def _crawl(settings: Settings, *chapters: tuple[str, str], now: datetime = NOW, lists: tuple[str, ...] = ()) -> None:
    """The pages of a run (path, text), by the way that a spider takes."""
    plan = {"id": "c", "title": "C", "profiles": [{"name": "n", "hosts": ["novels.example"], "start": [f"{HOST}/"]}]}
    if lists:
        plan["watchlists"] = list(lists)
    campaign = save_campaign("c", "C", {"text": yaml.safe_dump(plan), "file": "c"}, actor=MACHINE_ACTOR, now=now)
    row, _ = open_run(campaign, now, actor=MACHINE_ACTOR, now=now)
    claim_run(row.pk, "spider", now)
    run = intake.open_run(row.pk, settings=settings)
    intake.take_in(run, [_page(path, text) for path, text in chapters])


def _page(path: str, text: str) -> PageResult:
    url = HOST + path
    item = Item(path, ItemKind.CHAPTER, url=url, parent_url=url.rpartition("/")[0] + "/", title="第一章", text=text)
    capture = Capture(url, NOW, NOW, status=200, body=b"<html>")
    return PageResult(path, url, url, Outcome.OK, NOW, status=200, captures=(capture,), items=(item,))


def test_a_campaign_finds_a_work_of_a_list(listed: None, settings: Settings) -> None:
    _crawl(settings, ("/book/1/1.html", WORK))
    assert Hit.objects.get().right.registration_no == "CR-1"


def test_a_campaign_finds_a_work_registered_singly(tmp_path: Path, settings: Settings) -> None:
    _add(tmp_path, settings, _text(2))
    _crawl(settings, ("/book/1/1.html", _text(2)))
    assert Hit.objects.get().right.registration_no == "W-1"


def test_a_campaign_that_names_a_list_screens_for_its_holders_other_works_too(
    listed: None, tmp_path: Path, settings: Settings
) -> None:
    _add(tmp_path, settings, _text(2))
    _add(tmp_path, settings, _text(3), "W-9", "别家")
    _crawl(settings, ("/book/1/1.html", _text(2)), ("/book/2/1.html", _text(3)), lists=("list",))
    assert [hit.right.registration_no for hit in Hit.objects.all()] == ["W-1"]


def test_a_withdrawn_work_is_not_screened_for(tmp_path: Path, settings: Settings) -> None:
    _add(tmp_path, settings, _text(2))
    withdraw_work("W-1", tenant_name="雾港出版社", actor=MACHINE_ACTOR, now=NOW)
    _crawl(settings, ("/book/1/1.html", _text(2)))
    assert Hit.objects.count() == 0
    assert sync_library(settings).works() == []


def test_two_holders_of_one_text_have_a_hit_each(tmp_path: Path, settings: Settings) -> None:
    _add(tmp_path, settings, _text(2))
    _add(tmp_path, settings, _text(2), "W-9", "别家")
    _crawl(settings, ("/book/1/1.html", _text(2)))
    assert sorted(Hit.objects.values_list("right__registration_no", flat=True)) == ["W-1", "W-9"]


def test_prints_are_made_once(listed: None, settings: Settings) -> None:
    sync_library(settings)
    made: list[str] = []
    sync_library(settings, progress=lambda title, _count: made.append(title))
    assert made == []


def test_lost_prints_are_made_anew(listed: None, settings: Settings) -> None:
    sync_library(settings)
    for file in settings.home.glob("prints.sqlite3*"):
        file.unlink()
    assert [work.title for work in sync_library(settings).works()] == ["雾港灯火录"]


def test_progress_counts_the_characters(listed: None, settings: Settings) -> None:
    counted: list[int] = []
    sync_library(settings, progress=lambda _title, count: counted.append(count))
    assert sum(counted) == len(WORK)


def test_the_library_knows_list_and_text_of_a_work(listed: None, settings: Settings) -> None:
    (work,) = find_works(settings)
    assert (work.right.watch_list.name, work.path.read_text(encoding="utf-8")) == ("list", WORK)


def test_nobody_withdraws_another_holders_work(tmp_path: Path, settings: Settings) -> None:
    _add(tmp_path, settings, _text(2))
    with pytest.raises(NotFound):
        withdraw_work("W-1", tenant_name="别家", actor=MACHINE_ACTOR, now=NOW)


def test_a_licensed_copy_is_recorded_as_authorised_and_never_queued(listed: None, settings: Settings) -> None:
    _crawl(settings, *((f"/official/book/1/{n}.html", WORK) for n in range(1, 5)))
    hit = Hit.objects.get()
    assert (hit.queue, hit.suppressed_by) == ("authorised", "CR-1/licensed_hosts/novels.example/official/")
    assert hit.sightings.count() == 4
    assert list(in_queue(hits_for(add_person("mei", Role.ANALYST)), NOW)) == []


def test_a_pirated_copy_on_the_same_host_is_queued(listed: None, settings: Settings) -> None:
    _crawl(settings, ("/official/book/1/1.html", WORK), ("/book/2/1.html", WORK))
    queued = in_queue(hits_for(add_person("mei", Role.ANALYST)), NOW)
    assert [hit.canonical_url for hit in queued] == [f"{HOST}/book/2/"]


def test_after_its_last_day_a_licence_covers_nothing(listed: None, settings: Settings) -> None:
    _crawl(settings, ("/official/book/1/1.html", WORK), now=datetime(2027, 1, 1, 12, tzinfo=UTC))
    assert Hit.objects.get().queue == "piracy"


@pytest.mark.services
def test_a_campaign_reads_prints_from_elasticsearch(listed: None, settings: Settings, elasticsearch_url: str) -> None:
    shared = replace(
        settings,
        prints="elasticsearch",
        elasticsearch_url=elasticsearch_url,
        elasticsearch_prefix=f"test-{uuid4().hex}",
    )
    _crawl(shared, ("/book/1/1.html", WORK))
    assert Hit.objects.get().right.registration_no == "CR-1"
    assert not shared.prints_file.exists()
