"""A YAML file as tables that remember where each key stands, so that a mistake is named by file, line and key.

It gives values their types and gathers faults; it knows nothing of what the files mean.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

import yaml
from selectolax.lexbor import LexborHTMLParser, SelectolaxError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from infringewatch.errors import Fault

MAX_YAML_BYTES = 4 << 20
_NULL = "tag:yaml.org,2002:null"
_YES, _NO = ("true", "yes", "on"), ("false", "no", "off")
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_E = TypeVar("_E", bound=StrEnum)


@dataclass(slots=True)
class Table:
    """One mapping of a YAML file. Each reading method marks its key as known; ``close`` reports the others.

    A missing or faulty value gives the default, so that one reading finds every mistake: whoever builds
    a record from a table must look at ``faults`` before using it. Scalars are taken as they are written
    (``1:1`` stays text), not as YAML 1.1 would guess.
    """

    file: str
    faults: list[Fault]
    node: MappingNode
    path: str = ""
    _entries: dict[str, Node] = field(default_factory=dict)
    _lines: dict[str, int] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for key_node, value in self.node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                self.faults.append(Fault(self.file, "a key must be a plain word", line, self.path or None))
            elif key_node.value in self._entries:
                self.faults.append(Fault(self.file, "this key stands here twice", line, self._dotted(key_node.value)))
            else:
                self._entries[key_node.value] = value
                self._lines[key_node.value] = line

    # --- single values

    def text(self, key: str, default: str = "", *, required: bool = False, pattern: str = "") -> str:
        node = self._scalar(key, required=required)
        if node is None:
            return default
        value = str(node.value).strip()
        if required and not value:
            self.fault(key, "must not be empty")
        elif pattern and not re.fullmatch(pattern, value):
            self.fault(key, f"{value!r} does not have the right form")
        return value

    def regex(self, key: str) -> str:
        """A regular expression, tried out."""
        value = self.text(key)
        self._try_regex(key, value)
        return value

    def number(self, key: str, default: float = 0.0, *, low: float, high: float, required: bool = False) -> float:
        node = self._scalar(key, required=required)
        if node is None:
            return default
        return self._bounded(key, node.value, float, low, high, default)

    def integer(self, key: str, default: int = 0, *, low: int, high: int, required: bool = False) -> int:
        node = self._scalar(key, required=required)
        if node is None:
            return default
        return int(self._bounded(key, node.value, int, low, high, default))

    def maybe_integer(self, key: str, *, low: int, high: int) -> int | None:
        return self.integer(key, low=low, high=high) if self._scalar(key) is not None else None

    def flag(self, key: str, default: bool = False, *, required: bool = False) -> bool:
        node = self._scalar(key, required=required)
        if node is None:
            return default
        word = node.value.lower()
        if word not in _YES + _NO:
            self.fault(key, f"{node.value!r} is neither true nor false")
        return word in _YES

    def day(self, key: str, *, required: bool = False) -> date | None:
        """A date written ``2026-01-31``."""
        node = self._scalar(key, required=required)
        if node is None or not node.value:
            return None
        try:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", node.value):
                raise ValueError("not in the form 2026-01-31")
            return date.fromisoformat(node.value)
        except ValueError:
            self.fault(key, f"{node.value!r} is not a date in the form 2026-01-31")
            return None

    def choice(self, key: str, options: type[_E], default: _E | None = None) -> _E:
        """One word of an enum; required where there is no default."""
        first = next(iter(options)) if default is None else default
        node = self._scalar(key, required=default is None)
        if node is None:
            return first
        return self._one_of(key, node.value, options) or first

    def word(self, key: str, options: Collection[str], default: str = "", *, required: bool = False) -> str:
        """One word of a fixed vocabulary."""
        value = self.text(key, default, required=required)
        if value and value not in options:
            self.fault(key, _unknown_word(value, options))
        return value

    # --- lists

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of texts; a single text stands for a list of one."""
        node = self._node(key, required=required)
        if node is None:
            return ()
        if isinstance(node, ScalarNode):
            return (node.value.strip(),) if node.value.strip() else ()
        if not isinstance(node, SequenceNode):
            self.fault(key, "a list of texts is needed")
            return ()
        found = []
        for entry in node.value:
            if isinstance(entry, ScalarNode) and entry.tag != _NULL and entry.value.strip():
                found.append(entry.value.strip())
            else:
                self._fault_at(entry, key, "each entry must be a text")
        if required and not found:
            self.fault(key, "must not be empty")
        return tuple(found)

    def regexes(self, key: str) -> tuple[str, ...]:
        values = self.texts(key)
        for value in values:
            self._try_regex(key, value)
        return values

    def selectors(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """CSS selectors, tried out on the parser that the crawlers read pages with."""
        values = self.texts(key, required=required)
        for value in values:
            self._try_selector(key, value)
        return values

    def choices(self, key: str, options: type[_E], *, required: bool = False) -> tuple[_E, ...]:
        found = (self._one_of(key, value, options) for value in self.texts(key, required=required))
        return tuple(value for value in found if value is not None)

    def integers(self, key: str, default: tuple[int, ...] = (), *, low: int, high: int) -> tuple[int, ...]:
        if key not in self._entries:
            self._known.add(key)
            return default
        return tuple(int(self._bounded(key, value, int, low, high, low)) for value in self.texts(key))

    # --- tables inside

    def table(self, key: str, *, required: bool = False) -> Table | None:
        node = self._node(key, required=required)
        if node is None:
            return None
        if not isinstance(node, MappingNode):
            self.fault(key, "a table of keys and values is needed")
            return None
        return Table(self.file, self.faults, node, self._dotted(key))

    def tables(self, key: str, *, required: bool = False) -> list[Table]:
        """A list of tables; entries are named ``key.0``, ``key.1`` …"""
        node = self._node(key, required=required)
        if node is None:
            return []
        if not isinstance(node, SequenceNode):
            self.fault(key, "a list of tables is needed")
            return []
        found = []
        for position, entry in enumerate(node.value):
            if isinstance(entry, MappingNode):
                found.append(Table(self.file, self.faults, entry, f"{self._dotted(key)}.{position}"))
            else:
                self._fault_at(entry, f"{key}.{position}", "a table of keys and values is needed")
        return found

    @property
    def names(self) -> tuple[str, ...]:
        """The keys that stand in the file, in order."""
        return tuple(self._entries)

    def is_table(self, key: str) -> bool:
        return isinstance(self._entries.get(key), MappingNode)

    def is_list_of_tables(self, key: str) -> bool:
        node = self._entries.get(key)
        return isinstance(node, SequenceNode) and any(isinstance(entry, MappingNode) for entry in node.value)

    # --- faults

    def fault(self, key: str, reason: str) -> None:
        """Report that the value of ``key`` is wrong."""
        node = self._entries.get(key)
        line = self._lines.get(key, self.node.start_mark.line + 1)
        if isinstance(node, ScalarNode):
            line = node.start_mark.line + 1
        self.faults.append(Fault(self.file, reason, line, self._dotted(key)))

    def close(self) -> None:
        """Report every key that nobody asked for."""
        for key, line in self._lines.items():
            if key not in self._known:
                self.faults.append(
                    Fault(self.file, "unknown key" + _suggestion(key, self._known), line, self._dotted(key))
                )

    # --- inside

    def _node(self, key: str, *, required: bool = False) -> Node | None:
        self._known.add(key)
        node = self._entries.get(key)
        if node is not None and node.tag != _NULL:
            return node
        if required:
            self.fault(key, "is missing" if node is None else "must not be empty")
        return None

    def _scalar(self, key: str, *, required: bool = False) -> ScalarNode | None:
        node = self._node(key, required=required)
        if node is None or isinstance(node, ScalarNode):
            return node
        self.fault(key, "a single value is needed, not a list or a table")
        return None

    def _bounded(
        self, key: str, raw: str, kind: Callable[[str], float], low: float, high: float, default: float
    ) -> float:
        try:
            value = kind(raw.replace("_", ""))
        except ValueError:
            self.fault(key, f"{raw!r} is not {'a whole number' if kind is int else 'a number'}")
            return default
        if not low <= value <= high:
            self.fault(key, f"{raw} is not between {low:g} and {high:g}")
            return default
        return value

    def _one_of(self, key: str, raw: str, options: type[_E]) -> _E | None:
        try:
            return options(raw)
        except ValueError:
            self.fault(key, _unknown_word(raw, [str(option) for option in options]))
            return None

    def _try_regex(self, key: str, value: str) -> None:
        try:
            re.compile(value)
        except re.error as error:
            self.fault(key, f"{value!r} is not a regular expression: {error}")

    def _try_selector(self, key: str, value: str) -> None:
        try:
            LexborHTMLParser("").css(value)
        except (SelectolaxError, ValueError):
            self.fault(key, f"{value!r} is not a CSS selector")

    def _fault_at(self, node: Node, key: str, reason: str) -> None:
        self.faults.append(Fault(self.file, reason, node.start_mark.line + 1, self._dotted(key)))

    def _dotted(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def compose_table(text: str, file: str, faults: list[Fault]) -> Table | None:
    """The top table of a YAML text; ``None`` with a fault where there is none."""
    if len(text) > MAX_YAML_BYTES:
        faults.append(Fault(file, f"is larger than {MAX_YAML_BYTES >> 20} MB"))
        return None
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = f"not valid YAML: {error.problem or error.context}"
        faults.append(Fault(file, reason, mark.line + 1 if mark else None))
        return None
    except (yaml.YAMLError, RecursionError) as error:
        faults.append(Fault(file, f"not valid YAML: {str(error).splitlines()[0]}"))
        return None
    if not isinstance(node, MappingNode):
        faults.append(Fault(file, "a table of keys and values is needed", 1))
        return None
    return Table(file, faults, node)


def texts_by_key(table: Table | None) -> Mapping[str, str]:
    """A table of free keys with a text each (for example a title by language)."""
    return {} if table is None else {key: table.text(key, required=True) for key in table.names}


def closed(tables: Iterable[Table]) -> Iterator[Table]:
    """Each table in turn; closed after it has been read."""
    for table in tables:
        yield table
        table.close()


def _unknown_word(word: str, options: Collection[str]) -> str:
    return f"{word!r} is not one of {', '.join(options)}"


def _suggestion(key: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""
