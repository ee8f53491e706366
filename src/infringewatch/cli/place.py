"""Where a command works and what it may ask for, when its options say otherwise than the environment."""

from __future__ import annotations

import os
from pathlib import Path

from infringewatch.settings import Settings, get_settings


def settle(data: Path | None, *, allow_private: bool) -> Settings:
    """The settings with the command line's wishes, which the processes that it starts inherit.

    Call it before anything that imports Django: that reads the installation's place when it is imported.
    """
    if data is not None:
        os.environ["INFRINGEWATCH_HOME"] = str(data.absolute())
    if allow_private:
        os.environ["INFRINGEWATCH_ALLOW_PRIVATE"] = "1"
    get_settings.cache_clear()
    return get_settings()
