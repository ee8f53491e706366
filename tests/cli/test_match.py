from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from infringewatch.cli.match import match
from infringewatch.settings import get_settings

_LIST = """kind,name,registration_no,holder,nice_classes,aliases,authorised_sellers,valid_until
trademark,蓝鲸兔,T1,甲,25,Lanvolt,蓝鲸官方店,2026-12-31
trademark,zorvella,T2,乙,18,,,
"""
_ITEMS = [
    {"id": "1", "kind": "listing", "title": "蓝鲸免 运动鞋"},
    {"id": "2", "kind": "listing", "title": "蓝鲸兔 运动鞋", "seller": "蓝鲸官方店"},
    {"id": "3", "kind": "listing", "title": "木桌"},
    {"id": "4", "kind": "listing", "title": "z0rvella handbag"},
]


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INFRINGEWATCH_HOME", str(tmp_path / "home"))
    get_settings.cache_clear()


def _run(tmp_path: Path, lines: list[str], *options: str) -> tuple[Result, list[dict[str, Any]]]:
    (tmp_path / "list.csv").write_text(_LIST, encoding="utf-8")
    (tmp_path / "items.jsonl").write_text(
        "".join(line + "\n" for line in lines), encoding="utf-8", errors="surrogatepass"
    )
    out = tmp_path / "hits.jsonl"
    arguments = ["--watchlist", str(tmp_path / "list.csv"), "--items", str(tmp_path / "items.jsonl"), "--out", str(out)]
    result = CliRunner().invoke(match, [*arguments, *options])
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] if out.exists() else []
    return result, found


def _lines() -> list[str]:
    return [json.dumps(item, ensure_ascii=False) for item in _ITEMS]


def test_findings_are_written_in_the_order_of_the_items(tmp_path: Path) -> None:
    result, found = _run(tmp_path, _lines())
    assert result.exit_code == 0, result.output
    assert [(f["item_id"], f["right"], f["queue"]) for f in found] == [
        ("1", "T1", "imitation"),
        ("2", "T1", "authorised"),
        ("4", "T2", "imitation"),
    ]


def test_a_finding_has_every_field_of_the_format(tmp_path: Path) -> None:
    _, found = _run(tmp_path, _lines())
    keys = {
        "item_id",
        "right",
        "name",
        "measure",
        "queue",
        "rule",
        "match_score",
        "score",
        "level",
        "spans",
        "explanation",
    }
    assert keys <= set(found[0])


def test_an_authorised_seller_names_the_row(tmp_path: Path) -> None:
    _, found = _run(tmp_path, _lines())
    assert found[1]["suppressed_by"] == "T1/authorised_sellers/蓝鲸官方店"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{not json", "line"),
        ('{"id": "9"}', "kind"),
        ('{"kind": "listing"}', "id"),
        ('{"id": "9", "kind": "listing", "price": "much"}', "price"),
        ("[1]", "object"),
    ],
)
def test_a_faulty_line_is_named_and_the_others_are_done(tmp_path: Path, line: str, said: str) -> None:
    result, found = _run(tmp_path, [line, *_lines()])
    assert result.exit_code == 1 and len(found) == 3
    assert "items.jsonl:1" in result.stderr and said in result.stderr


def test_level_ignore_writes_every_scored_candidate(tmp_path: Path) -> None:
    lines = [json.dumps({"id": "1", "kind": "listing", "title": "适用蓝鲸兔 鞋垫"})]
    assert len(_run(tmp_path, lines, "--level", "ignore")[1]) >= len(_run(tmp_path, lines, "--level", "strong")[1])


def test_rights_are_looked_at_on_the_given_day(tmp_path: Path) -> None:
    _, found = _run(tmp_path, _lines(), "--as-of", "2027-02-01")
    assert {f["right"] for f in found} == {"T2"}


def test_several_jobs_write_what_one_writes(tmp_path: Path) -> None:
    lines = _lines() * 300
    assert _run(tmp_path, lines, "--jobs", "2")[1] == _run(tmp_path, lines)[1]


def test_lone_surrogates_in_a_line_break_nothing(tmp_path: Path) -> None:
    result, found = _run(tmp_path, ['{"id": "\\ud800", "kind": "listing", "title": "蓝鲸兔\\udfff 运动鞋"}'])
    assert result.exit_code == 0 and len(found) == 1
