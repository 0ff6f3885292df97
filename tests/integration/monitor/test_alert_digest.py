"""The digest: counts and links and no young person, and first of all why alerts may be missing."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from services.command.digesting import digests, show, write
from services.monitor.alerts.looked import BEHIND_AFTER
from services.monitor.cockpit.charts.lettering import at_moment
from shared.settings import Settings
from tests.integration.monitor.alert_api import BEGAN, ELSEWHERE, LONG, UNTITLED, WAITING, Api, four_young_persons
from tests.integration.monitor.alerting import later
from tests.integration.monitor.conftest import projector_on
from tests.integration.monitor.ledgers import discharge, placement
from tests.integration.monitor.test_poison import buggy


@pytest.fixture
def api(monitor: Engine, tmp_path: Path) -> Iterator[Api]:
    with four_young_persons(monitor, tmp_path) as made:
        yield made


def test_the_digest_has_counts_and_links_and_no_young_person(api: Api) -> None:
    text, page = api.ask("/alerts/digest"), api.ask("/alerts/digest?area=noord", Accept="text/html")
    assert "[rood] A03 Geen titel: 1" in text.text
    assert "https://monitor.example/werklijst?niveau=red&signaal=A03" in text.text
    assert page.headers["content-type"].startswith("text/html")
    assert "A01 Lange gesloten periode" in page.text
    assert "A03" not in page.text
    identities = [one["id"] for one in api.ask("/alerts").json()["items"]]
    for made in (text.text, page.text):
        assert not any(name in made for name in (LONG, UNTITLED, WAITING, ELSEWHERE, "P1", "M1", *identities))
    own = api.ask("/alerts/digest", by="institution")
    assert "A01" in own.text
    assert "A11" not in own.text


def test_the_digest_says_first_that_alerts_may_be_missing_where_nobody_looked_lately(api: Api) -> None:
    api.alerting.settle()
    assert "bekeken" not in api.ask("/alerts/digest").text
    looked = api.alerting.clock.now
    api.alerting.clock.now += BEHIND_AFTER + timedelta(seconds=1)
    api.alerting.book.look()  # At those who are known; what the ledgers accepted since may wait.
    told = f"Alles is bekeken tot {at_moment(looked, 'nl')}. Wat daarna bekend werd is nog niet beoordeeld"
    assert api.ask("/alerts/digest").text.splitlines()[2].startswith(told)
    assert f"<p><strong>{told}" in api.ask("/alerts/digest", Accept="text/html").text


def test_the_digest_counts_what_was_closed_since_yesterday(api: Api) -> None:
    def closed() -> list[str]:
        return [line for line in api.ask("/alerts/digest").text.splitlines() if line.startswith("Afgesloten")]

    api.alerting.tell("discharge-recorded", LONG, **discharge("P1", later(BEGAN, 201)))
    numbers = []
    for day in (201, 202, 203):
        api.alerting.on(later(BEGAN, day), hour=1)
        numbers += closed()
    # One was closed on day 200, and two on day 201.
    assert numbers == [
        f"Afgesloten sinds gisteren: {number}, waarvan 0 door later aangeleverde feiten." for number in (3, 2, 0)
    ]


def test_the_list_and_the_digest_say_of_how_many_facts_could_not_be_taken(api: Api) -> None:
    assert api.ask("/alerts").json()["quarantined"] == 0
    api.alerting.projector = projector_on(api.alerting.engine, api.alerting.ledgers, fold=buggy)
    for number, person in enumerate((LONG, "person-unheard-0123456789")):
        stay = placement(f"P8{number}", later(BEGAN, 1), accommodation="bug")
        api.alerting.tell("placement-started", person, **stay)
    assert api.ask("/alerts").json()["quarantined"] == 2
    told = "Over 2 jongeren in het land kon een melding niet worden verwerkt. Wat daarna over hen is gemeld wacht"
    assert told in api.ask("/alerts/digest?area=noord").text
    assert f"<p><strong>{told}" in api.ask("/alerts/digest", Accept="text/html").text


def test_the_digest_of_every_team_is_printed_and_written_for_a_mail_program(
    api: Api, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = api.alerting.engine.url.render_as_string(hide_password=False)
    settings = Settings(data=tmp_path, monitor_database_url=url)
    made = digests(settings, area=None, clock=api.alerting.clock)
    assert set(made) == {"noord", "oost", "noord-west", "zuid-west", "zuid", "nederland"}
    show(made)
    assert "[rood] A03 Geen titel: 1" in capsys.readouterr().out
    write(made, tmp_path / "mail")
    assert len(list((tmp_path / "mail").iterdir())) == 2 * len(made)
    national = (tmp_path / "mail" / "nederland.txt").read_text()
    assert "[rood] A03 Geen titel: 1" in national
    assert "A03" not in (tmp_path / "mail" / "noord.html").read_text()
    for page in (tmp_path / "mail").iterdir():
        assert not any(name in page.read_text() for name in (LONG, UNTITLED, WAITING, ELSEWHERE))
