"""`infringewatch rules check` from the command line."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from infringewatch.cli.rules import rules

SHIPPED = Path(__file__).parents[2] / "rules"


def test_the_shipped_rules_have_no_mistakes() -> None:
    result = CliRunner().invoke(rules, ["check", str(SHIPPED)])
    assert result.exit_code == 0, result.stderr
    assert "no mistakes; m27@" in result.stdout


def test_every_mistake_is_named_by_file_line_and_key(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    path = tmp_path / "sites" / "shop.yaml"
    path.write_text("name: shop\nhosts: [shop.example]\nstart: ftp://shop.example\nrat: 5\n")
    result = CliRunner().invoke(rules, ["check", str(tmp_path)])
    assert result.exit_code == 1
    assert f"{path}:3: start: 'ftp://shop.example' is not an http" in result.stderr
    assert f"{path}:4: rat: unknown key (did you mean 'rate'?)" in result.stderr
