"""The chain names exactly what was done to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hulei.audit import rules
from hulei.audit.rules import Break, Link

NOON = datetime(2023, 12, 29, 4, 0, tzinfo=UTC)


def _chain(length: int) -> list[Link]:
    links, previous = [], rules.GENESIS
    for seq in range(1, length + 1):
        text = rules.payload(
            at=NOON + timedelta(seconds=seq),
            actor=seq % 3 or None,
            actor_name="容海",
            role="station_officer",
            purpose="",
            tag="people.minor.read",
            kind="people.minor",
            target=str(seq),
            subjects=[seq, 1],
            reason="",
            details={"n": seq},
        )
        previous = rules.link_hash(previous, text)
        links.append(Link(seq, text, previous, rules._columns(text)))
    return links


def _head(links: list[Link]) -> tuple[int, bytes]:
    return (links[-1].seq, links[-1].hash) if links else (0, rules.GENESIS)


@given(st.integers(0, 20))
def test_an_untouched_chain_holds(length: int) -> None:
    links = _chain(length)
    assert list(rules.verify(links, _head(links))) == []


@given(st.integers(1, 20), st.data())
def test_one_altered_byte_is_named(length: int, data: st.DataObject) -> None:
    links = _chain(length)
    at = data.draw(st.integers(0, length - 1))
    where = data.draw(st.integers(0, len(links[at].payload) - 1))
    old = links[at].payload
    new = old[:where] + ("x" if old[where] != "x" else "y") + old[where + 1 :]
    changed = [*links[:at], Link(at + 1, new, links[at].hash, links[at].columns), *links[at + 1 :]]
    assert Break(at + 1, "altered") in list(rules.verify(changed, _head(links)))


@given(st.integers(1, 20), st.data())
def test_one_removed_entry_is_named(length: int, data: st.DataObject) -> None:
    links = _chain(length)
    at = data.draw(st.integers(0, length - 1))
    rest = links[:at] + links[at + 1 :]
    found = list(rules.verify(rest, _head(links)))
    assert found[0] == Break(at + 1, "missing" if at < length - 1 else "tail")


@given(st.integers(2, 20), st.data())
def test_two_swapped_entries_are_named(length: int, data: st.DataObject) -> None:
    links = _chain(length)
    at = data.draw(st.integers(0, length - 2))
    first, second = links[at], links[at + 1]
    swapped = [
        *links[:at],
        Link(first.seq, second.payload, second.hash, second.columns),
        Link(second.seq, first.payload, first.hash, first.columns),
        *links[at + 2 :],
    ]
    assert any(b.code == "altered" and b.seq in (at + 1, at + 2) for b in rules.verify(swapped, _head(links)))


def test_a_column_that_differs_from_its_payload_is_named() -> None:
    links = _chain(3)
    columns = {**links[1].columns, "actor": 99}
    links[1] = Link(2, links[1].payload, links[1].hash, columns)
    assert list(rules.verify(links, _head(links))) == [Break(2, "columns")]


def test_a_whole_chain_written_anew_is_found_by_its_head() -> None:
    links = _chain(3)
    assert list(rules.verify(_chain(2), _head(links))) == [Break(3, "tail")]
