"""Two pseudonyms are merged, and that is taken back: what the figures say, over plain HTTP, with both clocks."""

from typing import Any

from tests.flow.processes import Up
from tests.flow.publishing import Publisher, discharged, event, registered, started, withdrawn
from tests.flow.test_facts import change

ANNE, BRAM = "anne-of-the-merge-01", "bram-of-the-merge-02"
AUTHORITY = "urn:nld:oin:00000001234567890000:systeem:pseudoniemen"
RETURNS = 'doorstroom_replacements_total{within="ever"}'
SCOPES = ["facts:write", "figures:exact", "figures:read", "cases:read"]


def figure(reader: Publisher, name: str, known: str) -> str:
    """An exact figure of the whole country as known at a moment, to the byte, but for whether that is final yet."""
    answer = reader.client.get(
        f"{reader.addresses['monitor']}/v1/figures/{name}",
        params={"on": "2024-12-31", "from": "2024-01-01", "until": "2025-01-01", "known": known},
        headers={"Authorization": f"Bearer {reader.token}", "Accept": "application/json"},
    )
    assert answer.status_code == 200, answer.text
    return str(answer.text).replace('"final":true', '"final":false')


def case(reader: Publisher, person: str) -> dict[str, Any]:
    address = f"{reader.addresses['monitor']}/v1/cases/{person}?on=2024-12-31"
    answer = reader.client.get(address, headers={"Authorization": f"Bearer {reader.token}"})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def now_of(publisher: Publisher) -> str:
    """A moment after everything that was accepted, by the clock of the ledgers, before anything else is."""
    return str(publisher.feed("placement")[-1]["acceptedat"])


def test_a_merge_joins_two_dossiers_in_every_figure_and_can_be_taken_back(system: Up, publisher: Publisher) -> None:
    stays = [
        started(ANNE, "MERGE-1", on="2024-01-02"),
        discharged(ANNE, "MERGE-1", on="2024-02-02"),
        started(BRAM, "MERGE-2", on="2024-06-02"),
    ]
    counts = {"doorstroom_placements_started_total": 2, "doorstroom_discharges_total": 1, "doorstroom_open_closures": 1}
    with change(publisher, **counts, doorstroom_replacements_total=0):
        for stay in stays:
            publisher.send(stay)
    apart = now_of(publisher)
    merge = event("pseudonyms-merged", BRAM, other=ANNE) | {"source": AUTHORITY, "record": "merge-1"}
    assert publisher.post(merge | {"source": stays[0]["source"]}, to="placement").status_code == 403
    with registered(
        system, "authority", sources=[AUTHORITY], scopes=SCOPES, facts=["*", "pseudonyms-merged"]
    ) as authority:
        before = [figure(authority, name, apart) for name in ("exits", "replacement", "flow")]
        with change(publisher, doorstroom_placements_started_total=0, **{RETURNS: 1}):
            authority.send(merge)
        together = now_of(publisher)
        one, other = case(authority, ANNE), case(authority, BRAM)
        assert one == other | {"known": one["known"]}
        assert (one["person"], one["also"]) == (ANNE, [BRAM])
        assert [closure["replacement"] for closure in one["closures"]] == [False, True]
        back = withdrawn(BRAM, "merge-1", of="pseudonyms-merged", revision=1) | {"source": AUTHORITY}
        with change(publisher, **{RETURNS: -1}):
            authority.send(back)
        assert [closure["replacement"] for closure in case(authority, BRAM)["closures"]] == [False]
        again = now_of(publisher)
        assert [figure(authority, name, apart) for name in ("exits", "replacement", "flow")] == before
        merged, after = figure(authority, "replacement", together), figure(authority, "replacement", again)
        assert merged.replace(together, "") != before[1].replace(apart, "")
        assert after.replace(again, "") == before[1].replace(apart, "")
