"""The chain: how an entry is written as text and hashed. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

GENESIS = b"\x00" * 32


@dataclass(frozen=True, slots=True)
class Link:
    """One stored entry as the verifier needs it."""

    seq: int
    payload: str
    hash: bytes
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Break:
    """The first place at which the chain does not hold. ``code``: altered, missing, columns, tail."""

    seq: int
    code: str


def payload(
    *,
    at: datetime,
    actor: int | None,
    actor_name: str,
    role: str,
    purpose: str,
    tag: str,
    kind: str,
    target: str,
    subjects: Iterable[int],
    reason: str,
    details: Mapping[str, Any],
) -> str:
    """The canonical JSON of an entry: sorted keys, UTC time with microseconds, no spaces."""
    body = {
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": actor,
        "actor_name": actor_name,
        "role": role,
        "purpose": purpose,
        "tag": tag,
        "kind": kind,
        "target": target,
        "subjects": sorted(set(subjects)),
        "reason": reason,
        "details": details,
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def link_hash(previous: bytes, text: str) -> bytes:
    """SHA-256 over the previous hash and the payload."""
    return hashlib.sha256(previous + text.encode()).digest()


def verify(links: Iterable[Link], head: tuple[int, bytes]) -> Iterator[Break]:
    """Every break of a chain given in order, in bounded memory; nothing when it holds.

    After a break the stored hash is taken as the new start, so that each fault is named once.
    """
    previous, expected = GENESIS, 1
    for link in links:
        if link.seq != expected:
            yield Break(expected, "missing")
        elif link_hash(previous, link.payload) != link.hash:
            yield Break(link.seq, "altered")
        if _columns(link.payload) != dict(link.columns):
            yield Break(link.seq, "columns")
        previous, expected = link.hash, link.seq + 1
    if (expected - 1, previous) != head:
        yield Break(head[0], "tail")


def _columns(text: str) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except ValueError:
        return {}
    return {
        "at": body.get("at"),
        "actor": body.get("actor"),
        "role": body.get("role"),
        "tag": body.get("tag"),
        "kind": body.get("kind"),
        "target": body.get("target"),
        "subjects": body.get("subjects"),
    }
