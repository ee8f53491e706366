"""The one door to the Elasticsearch client: loaded when first used, because its import costs up to a second.

Foreign errors are turned into ours here; nothing in this module knows what the indices hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from infringewatch.errors import InfringeWatchError, InputError, NotFound, ServiceUnavailable, StaleState

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

_TRY_LATER = frozenset({429, 502, 503, 504})
_STALE = 409
_MISSING = 404


@dataclass(frozen=True, slots=True)
class BulkAction:
    """One line pair of a bulk request. ``body`` is ``None`` for a delete.

    ``version`` is kept by the caller (external): the server takes a write only when it is newer than what it has.
    """

    key: str
    body: Mapping[str, Any] | None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class BulkFault:
    """One document that the server refused, and its reason."""

    key: str
    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class BulkResult:
    """``written`` changed the index; ``stale`` were there already in this or a newer version, which is as good."""

    written: int
    stale: int
    faults: tuple[BulkFault, ...] = ()


class Elastic:
    """One cluster. Making the object neither loads the client nor speaks to the server."""

    def __init__(self, url: str, *, timeout: float = 30.0) -> None:
        self.url = url
        self._timeout = timeout

    @property
    def address(self) -> str:
        """The cluster's address without name and password: fit for messages and logs."""
        parts = urlsplit(self.url)
        host = (parts.netloc or parts.path).rpartition("@")[2]
        return f"{parts.scheme}://{host}" if parts.scheme else host

    @cached_property
    def _client(self) -> Elasticsearch:
        from elasticsearch import Elasticsearch  # late: see the module's first line

        try:
            return Elasticsearch(self.url, request_timeout=self._timeout, max_retries=1, retry_on_timeout=False)
        except ValueError as error:
            raise InputError(f"ELASTICSEARCH_URL {self.address!r} is no address of a server: {error}") from error

    @contextmanager
    def speaking(self) -> Iterator[Elasticsearch]:
        """The client, for any call; what it raises leaves as one of ours.

        ServiceUnavailable: not reached, overloaded or starting. NotFound: no such index or document.
        StaleState: a version conflict. InfringeWatchError: any other refusal, with the server's reason.
        """
        client = self._client
        from elasticsearch import ApiError, TransportError

        try:
            yield client
        except ApiError as error:
            raise _our_error(error.status_code, self.address, _reason(error.body)) from error
        except TransportError as error:
            raise ServiceUnavailable(f"Elasticsearch at {self.address} cannot be reached: {error.message}") from error

    def create_index(
        self,
        name: str,
        *,
        mappings: Mapping[str, Any],
        settings: Mapping[str, Any] | None = None,
        aliases: Sequence[str] = (),
    ) -> bool:
        """Make the index with its aliases in one step; ``False`` where it is there already (nothing is changed)."""
        from elasticsearch import BadRequestError

        with self.speaking() as client:
            try:
                client.indices.create(
                    index=name,
                    mappings=dict(mappings),
                    settings=dict(settings or {}),
                    aliases={alias: {} for alias in aliases},
                )
            except BadRequestError as error:
                if error.error != "resource_already_exists_exception":
                    raise
                return False
        return True

    def indices_behind(self, *aliases: str) -> dict[str, str]:
        """Alias -> the index it points to, for those of ``aliases`` that exist, in one request."""
        found: dict[str, str] = {}
        with self.speaking() as client:
            answer = client.options(ignore_status=_MISSING).indices.get_alias(name=",".join(aliases))
        for index, entry in answer.body.items():
            if index in ("error", "status"):  # how a missing alias is reported beside those that exist
                continue
            found.update(dict.fromkeys(entry["aliases"], index))
        return found

    def bulk(self, target: str, actions: Iterable[BulkAction], *, require_alias: bool = False) -> BulkResult:
        """Send ``actions`` to the index or alias ``target`` in one request.

        ``require_alias`` keeps the server from making an index of that name where there is none.
        Raises ServiceUnavailable when the server took the request but could not do all of it now (some may be
        done: send the same again), NotFound when ``target`` does not exist.
        """
        keys: list[str] = []
        operations: list[Mapping[str, Any]] = []
        for action in actions:
            keys.append(action.key)
            operations.append({("delete" if action.body is None else "index"): _header(action)})
            if action.body is not None:
                operations.append(action.body)
        if not keys:
            return BulkResult(0, 0)
        with self.speaking() as client:
            answer = client.bulk(
                index=target,
                operations=operations,
                require_alias=require_alias or None,
                filter_path=["errors", "items.*.status", "items.*.error.reason"],
            )
        if not answer["errors"]:
            return BulkResult(len(keys), 0)
        outcomes = [next(iter(item.values())) for item in answer["items"]]
        return self._sort_outcomes(target, list(zip(keys, outcomes, strict=True)))

    def _sort_outcomes(self, target: str, outcomes: Sequence[tuple[str, Mapping[str, Any]]]) -> BulkResult:
        faults = []
        for key, outcome in outcomes:
            status, error = outcome["status"], outcome.get("error")
            if error is None or status == _STALE:
                continue
            reason = str(error.get("reason", ""))
            if status in _TRY_LATER or status == _MISSING:
                raise _our_error(status, self.address, f"{target}: {reason}")
            faults.append(BulkFault(key, status, reason))
        stale = sum(outcome["status"] == _STALE for _, outcome in outcomes)
        return BulkResult(len(outcomes) - stale - len(faults), stale, tuple(faults))


def _header(action: BulkAction) -> dict[str, Any]:
    if action.version is None:
        return {"_id": action.key}
    return {"_id": action.key, "version": action.version, "version_type": "external"}


def _our_error(status: int, address: str, reason: str) -> InfringeWatchError:
    if status in _TRY_LATER:
        return ServiceUnavailable(f"Elasticsearch at {address} cannot answer now: {reason}")
    kind = {_MISSING: NotFound, _STALE: StaleState}.get(status, InfringeWatchError)
    return kind(f"Elasticsearch at {address} refused ({status}): {reason}")


def _reason(body: Any) -> str:
    error = body.get("error") if isinstance(body, Mapping) else None
    if isinstance(error, Mapping):
        causes = error.get("root_cause") or [error]
        return str(causes[0].get("reason") or error.get("reason") or error.get("type"))
    return str(error or body)[:300]
