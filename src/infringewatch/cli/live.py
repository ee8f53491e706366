"""The live line of a running crawl: overwritten on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import sys
import time

import click


class LiveLine:
    """``show`` a state; on a terminal it replaces the last one, in a log it is written every ten seconds at most."""

    def __init__(self) -> None:
        self._last, self._written = "", 0.0
        self._terminal = sys.stderr.isatty()

    def __call__(self, text: str) -> None:
        if text == self._last:
            return
        if self._terminal:
            click.echo(f"\r\x1b[K{text}", err=True, nl=False)
        elif time.monotonic() - self._written > 10:
            click.echo(text, err=True)
            self._written = time.monotonic()
        self._last = text

    def say(self, text: str) -> None:
        """A line that stays."""
        self.close()
        click.echo(text, err=True)

    def close(self) -> None:
        if self._terminal and self._last:
            click.echo("", err=True)
        self._last = ""
