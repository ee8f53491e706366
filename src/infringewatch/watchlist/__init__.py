"""Watch lists: CSV, TSV, XLSX or JSON to rights, with every fault by file, row and column. Stores nothing."""

from infringewatch.watchlist.reading import WatchListFile, read_watchlist
from infringewatch.watchlist.unpacking import unpack_watchlist_zip

__all__ = ["WatchListFile", "read_watchlist", "unpack_watchlist_zip"]
