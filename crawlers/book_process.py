"""`python -m crawlers.book_process FILE`: reads one book's file in a process of its own, so that a crawl goes on meanwhile
and a file that takes too long is given up. Writes JSON with ``title`` and ``text``, or with ``fault``."""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import zipfile
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from infringewatch.documents import read_document
from infringewatch.errors import InputError

# What inflates to more than this is no book but a bomb; a long novel has some six megabytes.
MAX_UNPACKED = 64 << 20
MAX_SECONDS = 60
MAX_MEMORY = 2 << 30
_AT_ONCE = asyncio.Semaphore(2)


async def read_book_apart(body: bytes, ending: str, seconds: float = MAX_SECONDS) -> tuple[str, str]:
    """Title and text of the file ``body``, read by a child process. Raises InputError as `read_book` does, and where
    reading takes longer than ``seconds``."""
    with TemporaryDirectory(prefix="infringewatch-book-") as folder:
        file = Path(folder, f"file{ending}")
        file.write_bytes(body)
        async with _AT_ONCE:
            said = await _ask_child(file, seconds)
    if "fault" in said:
        raise InputError(said["fault"])
    return said["title"], said["text"]


async def _ask_child(file: Path, seconds: float) -> dict[str, str]:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "crawlers.book_process", str(file)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,  # a Ctrl-C ends the crawl, which lets its books be read to their end
    )
    try:
        said, _ = await asyncio.wait_for(child.communicate(), seconds)
    except TimeoutError:
        raise InputError(f"{file}: takes longer than {seconds:g} seconds to read") from None
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if child.returncode:
        raise InputError(f"{file}: its reader ended with {child.returncode}")
    answer: dict[str, str] = json.loads(said)
    return answer


def read_book(file: Path) -> tuple[str, str]:
    """Title (empty where it has none of its own) and text. Raises InputError for what is no whole book."""
    if file.suffix == ".epub" and _unpacked_size(file) > MAX_UNPACKED:
        raise InputError(f"{file}: unpacks to more than {MAX_UNPACKED >> 20} MB")
    document = read_document(file)
    return "" if document.title == file.stem else document.title, document.text


def _unpacked_size(file: Path) -> int:
    try:
        with zipfile.ZipFile(file) as packed:
            return sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, ValueError) as error:
        raise InputError(f"{file}: is no whole EPUB") from error


def main() -> None:
    """The child's part. It ends by itself where its parent was killed and cannot end it."""
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    try:
        title, text = read_book(Path(sys.argv[1]))
        said = {"title": title, "text": text}
    except InputError as error:
        said = {"fault": str(error)}
    except MemoryError:
        said = {"fault": f"{sys.argv[1]}: takes more than {MAX_MEMORY >> 30} GB to read"}
    sys.stdout.write(json.dumps(said))  # ASCII, so that the locale does not matter


if __name__ == "__main__":
    main()
