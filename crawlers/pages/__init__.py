"""Page objects: a saved response in, items and links out. Nothing here fetches or decides what to ask for next."""

from crawlers.pages.read import read_page
from crawlers.pages.reading import Link, LinkRole, PageKind, PageReading, SoftSignal

__all__ = ["Link", "LinkRole", "PageKind", "PageReading", "SoftSignal", "read_page"]
