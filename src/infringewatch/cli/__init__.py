"""The ``infringewatch`` command: a list of names, each loaded only when it is asked for.

Nothing heavy may be imported here, so that ``--help`` answers at once.
"""

from __future__ import annotations

import sys
from importlib import import_module

import click

from infringewatch import __version__
from infringewatch.errors import InfringeWatchError, InputError

_COMMANDS = {
    "init": ("infringewatch.cli.installation:init", "Make an installation: data folder, store, search index."),
    "user": ("infringewatch.cli.user:user", "Add people and set their roles."),
    "serve": ("infringewatch.cli.serve:serve", "Serve the review queue, with the scheduler beside it."),
    "scheduler": ("infringewatch.cli.scheduler:scheduler", "Start due campaigns, rechecks and captures."),
    "demo": ("infringewatch.cli.demo:demo", "Run the whole job on the bundled demo sites."),
    "watchlist": ("infringewatch.cli.watchlist:watchlist", "Check, import and list watch lists."),
    "works": ("infringewatch.cli.works:works", "Keep the registered works of this installation."),
    "rules": ("infringewatch.cli.rules:rules", "Check the rules of measures, sites and campaigns."),
    "crawl": ("infringewatch.cli.crawl:crawl", "Run a campaign now."),
    "scan": ("infringewatch.cli.scan:scan", "Scan sites against a watch list, without a campaign file."),
    "site": ("infringewatch.cli.site:site", "Look at a new site and draft its profile."),
    "match": ("infringewatch.cli.match:match", "Match items against a watch list, offline."),
    "extract": ("infringewatch.cli.extract:extract", "Turn saved pages into items."),
    "evidence": ("infringewatch.cli.evidence:evidence", "Verify and export sealed evidence."),
    "notice": ("infringewatch.cli.notice:notice", "List what notices wait for, and send those that are ready."),
    "index": ("infringewatch.cli.index:index", "Drain and rebuild the search index."),
    "audit": ("infringewatch.cli.audit:audit", "Check and print the audit log."),
}


class _LateGroup(click.Group):
    """A group that knows its commands' one-line help without loading them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=_LateGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="infringewatch")
def cli() -> None:
    """Find copies of registered marks and works online, seal the evidence, and carry a lawful takedown."""


def main() -> None:
    """The console script. Exit codes: 0 done, 1 done with faults in the input, 2 could not be done."""
    try:
        cli()
    except InputError as error:
        for fault in error.faults:
            click.echo(str(fault), err=True)
        click.echo(f"infringewatch: {error}", err=True)
        sys.exit(2)
    except InfringeWatchError as error:
        click.echo(f"infringewatch: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
