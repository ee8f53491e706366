"""Reads ``rules/`` as a whole, or one profile or campaign, and names every mistake at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from infringewatch.errors import CampaignError, Fault, InputError, ProfileError, RuleError
from infringewatch.model import RightKind
from infringewatch.ruleset.campaigns import CampaignSpec, read_campaign
from infringewatch.ruleset.lexicons import Lexicon, read_lexicon
from infringewatch.ruleset.measures import MeasurePack, read_measure
from infringewatch.ruleset.regimes import Regime, read_regime
from infringewatch.ruleset.sites import SiteProfile, read_profile
from infringewatch.ruleset.tables import MAX_YAML_BYTES, Table, compose_table

_T = TypeVar("_T")
_Reader = Callable[[Table], _T]


@dataclass(frozen=True, slots=True)
class Ruleset:
    """All of ``rules/``. ``version`` is a hash over every file's path and content (16 hex digits)."""

    version: str
    measures: Mapping[str, MeasurePack]
    lexicons: Mapping[str, Lexicon]
    sites: Mapping[str, SiteProfile]
    campaigns: Mapping[str, CampaignSpec]
    regimes: Mapping[str, Regime]

    def pack_for(self, kind: RightKind, measure: str, *, famous: bool = False) -> MeasurePack | None:
        """The pack that judges a right of this kind under a measure: for a famous right the famous-brand pack
        where there is one. ``None`` where the measure does not know such rights."""
        packs = [p for p in self.measures.values() if p.measure == measure and kind in p.kinds]
        for pack in packs:
            if pack.famous_only == famous:
                return pack
        return next((pack for pack in packs if not pack.famous_only), None)


def load_ruleset(directory: Path) -> Ruleset:
    """Read every file below ``directory``.

    Raises RuleError with every fault where a file has a mistake, two files name the same id, or a file names
    a lexicon or a site that does not exist.
    """
    ruleset, faults = _read_all(directory)
    if faults:
        raise RuleError(f"{directory} has {_count(faults)}", faults)
    return ruleset


def load_regimes(directory: Path) -> Mapping[str, Regime]:
    """The regimes below ``directory`` by id, and nothing else of it. Raises RuleError with every fault."""
    faults: list[Fault] = []
    texts = {}
    for path in sorted((directory / "regimes").glob("*.y*ml")):
        text = _read_text(path, str(path), faults)
        if text is not None:
            texts[f"regimes/{path.name}"] = text
    regimes = _read_folder(directory, texts, "regimes", read_regime, lambda record: record.id, faults)
    if faults:
        raise RuleError(f"{directory / 'regimes'} has {_count(faults)}", faults)
    return regimes


def check_rules(directory: Path) -> list[Fault]:
    """Every mistake below ``directory``, in the order of files and lines."""
    return sorted(_read_all(directory)[1], key=lambda fault: (fault.file, fault.line or 0))


def load_profile(path: Path) -> SiteProfile:
    """Read one site profile. Raises ProfileError with every fault."""
    return _load_one(path, read_profile, ProfileError)


def load_campaign(path: Path) -> CampaignSpec:
    """Read one campaign. Raises CampaignError with every fault."""
    return _load_one(path, read_campaign, CampaignError)


def parse_campaign(text: str, name: str) -> CampaignSpec:
    """Read a campaign from text; ``name`` stands for the file in faults. Raises CampaignError."""
    return _parse_one(text, name, read_campaign, CampaignError)


def parse_profile(text: str, name: str) -> SiteProfile:
    """Read a site profile from text; ``name`` stands for the file in faults. Raises ProfileError."""
    return _parse_one(text, name, read_profile, ProfileError)


def _load_one(path: Path, read: _Reader[_T], error: type[InputError]) -> _T:
    faults: list[Fault] = []
    text = _read_text(path, str(path), faults)
    if text is None:
        raise error(f"{path} cannot be read", faults)
    return _parse_one(text, str(path), read, error)


def _parse_one(text: str, name: str, read: _Reader[_T], error: type[InputError]) -> _T:
    faults: list[Fault] = []
    record = _read_record(text, name, read, faults)
    if record is None or faults:
        raise error(f"{name} has {_count(faults)}", faults)
    return record


def _read_record(text: str, name: str, read: _Reader[_T], faults: list[Fault]) -> _T | None:
    table = compose_table(text, name, faults)
    if table is None:
        return None
    record = read(table)
    table.close()
    return record


def _read_text(path: Path, name: str, faults: list[Fault]) -> str | None:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_YAML_BYTES + 1)
        if len(data) > MAX_YAML_BYTES:
            faults.append(Fault(name, f"is larger than {MAX_YAML_BYTES >> 20} MB"))
            return None
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        faults.append(Fault(name, "is not UTF-8", line))
    except OSError as error:
        faults.append(Fault(name, error.strerror or "cannot be read"))
    return None


def _read_all(directory: Path) -> tuple[Ruleset, list[Fault]]:
    if not directory.is_dir():
        raise RuleError(f"{directory} is not a folder with rules")
    faults: list[Fault] = []
    files = sorted(path for path in directory.rglob("*") if path.suffix in (".yaml", ".yml") and path.is_file())
    texts = {}
    for path in files:
        name = path.relative_to(directory).as_posix()
        text = _read_text(path, str(path), faults)
        if text is not None:
            texts[name] = text
    ruleset = Ruleset(
        version=_hash(texts),
        measures=_read_folder(directory, texts, "measures", read_measure, lambda record: record.id, faults),
        lexicons=_read_folder(directory, texts, "lexicons", read_lexicon, lambda record: record.id, faults),
        sites=_read_folder(directory, texts, "sites", read_profile, lambda record: record.name, faults),
        campaigns=_read_folder(directory, texts, "campaigns", read_campaign, lambda record: record.id, faults),
        regimes=_read_folder(directory, texts, "regimes", read_regime, lambda record: record.id, faults),
    )
    faults.extend(_find_strays(directory, texts))
    if not faults:  # a faulty file is missing from the set, and would be reported a second time here
        faults.extend(_find_dangling(directory, ruleset))
    return ruleset, faults


_FOLDERS = ("measures", "lexicons", "sites", "campaigns", "regimes")


def _read_folder(
    directory: Path,
    texts: Mapping[str, str],
    folder: str,
    read: _Reader[_T],
    name_of: Callable[[_T], str],
    faults: list[Fault],
) -> Mapping[str, _T]:
    found: dict[str, _T] = {}
    for name, text in texts.items():
        if not name.startswith(f"{folder}/"):
            continue
        file = str(directory / name)
        mistakes: list[Fault] = []
        record = _read_record(text, file, read, mistakes)
        if record is not None and not mistakes and name_of(record) in found:
            mistakes.append(Fault(file, f"{name_of(record)!r} is also the name of another file's record", 1))
        if record is not None and not mistakes:
            found[name_of(record)] = record
        faults.extend(mistakes)
    return MappingProxyType(found)


def _find_strays(directory: Path, names: Iterable[str]) -> list[Fault]:
    return [
        Fault(str(directory / name), f"is in no known folder ({', '.join(_FOLDERS)}) and would never be read")
        for name in names
        if name.partition("/")[0] not in _FOLDERS
    ]


def _find_dangling(directory: Path, ruleset: Ruleset) -> list[Fault]:
    faults = [
        Fault(str(directory / "measures" / f"{pack.id}.yaml"), f"there is no lexicon {name!r}", None, "lexicons")
        for pack in ruleset.measures.values()
        for name in pack.lexicons
        if name not in ruleset.lexicons
    ]
    faults += [
        Fault(str(directory / "campaigns" / f"{spec.id}.yaml"), f"there is no site profile {name!r}", None, "sites")
        for spec in ruleset.campaigns.values()
        for name in spec.sites
        if name not in ruleset.sites
    ]
    return faults


def _hash(texts: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(texts):
        content = texts[name].encode()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def _count(faults: list[Fault]) -> str:
    return "1 mistake" if len(faults) == 1 else f"{len(faults)} mistakes"
