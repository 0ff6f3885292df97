"""A young person passes a threshold and somebody is told; the figures grow old and nobody is told about them."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.house.source import PROJECT
from tests.integration.watching.conftest import Watchers
from tests.integration.watching.country import Country
from tests.integration.watching.receiving import text_of
from tests.servers.waiting import wait_until

pytestmark = pytest.mark.prometheus

ANN, BEN = "ann-0123456789abcdef", "ben-0123456789abcdef"
CLOSURE, STALE, DOWN = "DoorstroomClosureVeryLong", "DoorstroomProjectionStale", "DoorstroomServiceDown"
NOORD = {"area": "noord", "threshold": "548d"}
SECONDS_MAX = 60.0


def over(area: str, threshold: str = "548d") -> str:
    """How many in an area are over a threshold, as Prometheus knows."""
    return f'doorstroom_open_closures_over_threshold{{area="{area}", threshold="{threshold}"}}'


def until(condition: object, what: str) -> None:
    """Wait for Prometheus or Alertmanager, which look twice a second."""
    assert callable(condition)
    wait_until(lambda: bool(condition()), what=what, seconds_max=SECONDS_MAX)


def test_from_a_day_that_passes_to_a_notice_and_from_a_late_discharge_to_its_end(
    country: Country, watchers: Watchers
) -> None:
    prometheus, receiver = watchers.prometheus, watchers.receiver
    country.placed(ANN, days_ago=547, region="JZ01")
    until(lambda: prometheus.values(over("noord", "365d")) == [1], "the placement is in the figures")
    assert prometheus.values(over("noord")) == [0]

    country.clock.advance(timedelta(days=1))
    notice = receiver.wait_for(CLOSURE, "firing", **NOORD)

    assert (notice.to, notice.token) == ("/operations/alerts", "operations_token")
    assert (
        notice.labels == {"alertname": CLOSURE, "severity": "warning", "team": "operations", "about": "figures"} | NOORD
    )
    assert notice.annotations["summary"] == "Closed in for 548d or longer in noord: 1"
    assert runbook(notice.annotations["runbook_url"]).is_file()
    until(lambda: receiver.letters_about(CLOSURE), "the letter")
    [letter] = receiver.letters_about(CLOSURE)
    assert letter["To"] == "operations@doorstroom.invalid"
    assert notice.annotations["runbook_url"] in text_of(letter)

    country.discharged(ANN, days_ago=10)
    receiver.wait_for(CLOSURE, "resolved", **NOORD)

    assert prometheus.values(over("noord")) == [0]
    sent = b"".join(receiver.bodies).decode() + "".join(map(text_of, receiver.letters))
    assert [word for word in (ANN, "schakenbosch", "12345678") if word in sent] == []


def test_while_the_projection_stands_still_it_says_so_and_nothing_about_young_people(
    country: Country, watchers: Watchers
) -> None:
    receiver = watchers.receiver
    country.placed(BEN, days_ago=600, region="JZ01")
    receiver.wait_for(CLOSURE, "firing", **NOORD)

    country.redis.kill()
    country.clock.advance(timedelta(minutes=10))
    notice = receiver.wait_for(STALE, "firing")
    assert (notice.to, notice.token) == ("/duty/engineers", "duty_token")
    until(lambda: watchers.alertmanager.states(CLOSURE, **NOORD) == ["suppressed"], "the closure is inhibited")

    # The clock goes on and passes another threshold: it fires, and nobody is told while the figures may be old.
    country.clock.advance(timedelta(days=130))
    past_two_years = {"area": "noord", "threshold": "730d"}
    until(lambda: watchers.alertmanager.states(CLOSURE, **past_two_years) == ["suppressed"], "two years is inhibited")
    assert receiver.find(CLOSURE, "firing", **past_two_years) == []

    country.redis.start()
    receiver.wait_for(STALE, "resolved")
    receiver.wait_for(CLOSURE, "firing", **past_two_years)
    assert receiver.find(CLOSURE, "resolved") == []
    assert country.ended == []


def test_a_monitor_that_is_down_takes_back_nothing_that_was_said_about_young_people(
    country: Country, watchers: Watchers
) -> None:
    prometheus, receiver = watchers.prometheus, watchers.receiver
    country.placed(BEN, days_ago=600, region="JZ01")
    receiver.wait_for(CLOSURE, "firing", **NOORD)

    country.stop_monitor()
    notice = receiver.wait_for(DOWN, "firing", job="monitor")
    assert runbook(notice.annotations["runbook_url"]).is_file()
    firing = f'ALERTS{{alertname="{CLOSURE}", alertstate="firing"}}'
    until(lambda: prometheus.ask(firing) == [], "the closure outlives its series no longer")

    country.start_monitor()
    receiver.wait_for(DOWN, "resolved", job="monitor")
    until(lambda: prometheus.ask(firing), "the closure is seen again")
    assert receiver.find(CLOSURE, "resolved") == []


def runbook(url: str) -> Path:
    """The page of this repository that an address of it names."""
    return PROJECT / urlsplit(url).path.partition("/blob/main/")[2]
