"""What the field does to clean statements, in the stated shares."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from statistics import median, quantiles

import pytest

from services.simulator.country import ACCOMMODATIONS
from services.simulator.course import Course
from services.simulator.flow import Closure
from services.simulator.noise import DEPARTURE, Noise, Told, moved
from services.simulator.parameters import AwayParameters, LegalParameters, NoiseParameters
from services.simulator.statement import Statement
from services.simulator.titles import titles

Flow = Callable[[int], Sequence[Closure]]
NOISE = NoiseParameters()
CLOSURES = 3_000


@pytest.fixture(scope="module")
def clean(flow: Flow) -> Sequence[list[Statement]]:
    """What is said about some thousands of closures if nothing goes wrong."""
    rng = Random(1)
    course = Course(rng, legal=LegalParameters(), away=AwayParameters(), planned_share=0.74)
    chosen = [one for one in flow(1) if one.started_on.year >= 2013][:CLOSURES]
    return [course.of(closure, titles(closure, rng, LegalParameters())) for closure in chosen]


@pytest.fixture(scope="module")
def noisy(clean: Sequence[list[Statement]]) -> Sequence[Told]:
    """The same after the field had its way with it."""
    noise = Noise(Random(1), NOISE)
    return [told for statements in clean for told in noise.upon(statements)]


@pytest.fixture(scope="module")
def kinds(noisy: Sequence[Told]) -> Mapping[str, int]:
    return Counter(told.kind for told in noisy)


def said(clean: Sequence[list[Statement]], *names: str) -> int:
    """How often these facts were to be told; all facts when none is named."""
    return sum(not names or statement.name in names for statements in clean for statement in statements)


def test_the_lag_has_the_stated_median_and_tail(clean: Sequence[list[Statement]], noisy: Sequence[Told]) -> None:
    """Leave and absence, as those are never held up to follow another fact."""
    recorded = {one.statement.id: one.statement for one in noisy if one.kind == "plain"}
    days = [
        (recorded[it.id].time - it.time) / timedelta(days=1)
        for statements in clean
        for it in statements
        if it.name.startswith(("leave", "absence")) and it.id in recorded
    ]
    assert 1.8 <= median(days) <= 2.2
    assert 25 <= quantiles(days, n=20)[-1] <= 37
    assert 0 <= min(days) <= max(days) <= 366 + NOISE.silent_days


def test_three_percent_is_corrected(clean: Sequence[list[Statement]], kinds: Mapping[str, int]) -> None:
    assert 0.025 <= kinds["mistaken"] / said(clean) <= 0.035
    assert kinds["correction"] == kinds["mistaken"] + kinds["end-before-start"]


def test_one_percent_is_withdrawn_and_sent_again(clean: Sequence[list[Statement]], kinds: Mapping[str, int]) -> None:
    assert 0.007 <= kinds["withdrawn"] / said(clean) <= 0.013
    assert kinds["withdrawn"] == kinds["withdrawal"] == kinds["resent"]


def test_two_percent_is_sent_twice(noisy: Sequence[Told], kinds: Mapping[str, int]) -> None:
    assert 0.016 <= kinds["duplicate"] / len(noisy) <= 0.024


def test_ends_contradict_and_departures_stay_away_in_the_share_that_is_asked_for(
    clean: Sequence[list[Statement]],
) -> None:
    """Asked for far more often than in the demo, so that some thousand ends can show it."""
    share = 0.1
    often = replace(
        NOISE,
        overlap_share=share,
        missing_departure_share=share,
        end_before_start_share=share,
        unknown_placement_share=share,
    )
    noise = Noise(Random(2), often)
    noisy = [one for statements in clean for one in noise.upon(statements)]
    kinds = Counter(one.kind for one in noisy)
    departures, discharges = said(clean, "doorplaatsing-recorded"), said(clean, "discharge-recorded")
    told_departures = {one.statement.data["placement"] for one in noisy if one.statement.name == DEPARTURE}
    departed = {it.data["placement"] for statements in clean for it in statements if it.name == DEPARTURE}
    assert len(departed - told_departures) == pytest.approx(share * departures, rel=0.35)
    assert kinds["overlap"] == pytest.approx(share * departures, rel=0.35)
    assert kinds["end-before-start"] == pytest.approx(share * (discharges + 0.8 * departures), rel=0.2)
    assert kinds["unknown-placement"] == pytest.approx(share * (discharges + 0.8 * departures), rel=0.2)


def test_the_demo_holds_few_contradictions(clean: Sequence[list[Statement]], kinds: Mapping[str, int]) -> None:
    contradictions = kinds["overlap"] + kinds["end-before-start"] + kinds["unknown-placement"]
    assert 0 < contradictions < 0.012 * said(clean, "doorplaatsing-recorded", "discharge-recorded")


def test_one_arrival_in_twenty_is_told_before_the_departure(noisy: Sequence[Told]) -> None:
    plain = [one.statement for one in noisy if one.kind == "plain"]
    departures = {it.data["placement"]: it.time for it in plain if it.name == "doorplaatsing-recorded"}
    pairs = [
        (departures[it.data["arrives_from"]], it.time) for it in plain if it.data.get("arrives_from") in departures
    ]
    assert 0.02 <= sum(arrived < departed for departed, arrived in pairs) / len(pairs) <= 0.09


def test_what_stands_in_the_end_is_the_truth_but_for_the_contradictions(
    clean: Sequence[list[Statement]], noisy: Sequence[Told]
) -> None:
    """Of each record the highest revision that is not withdrawn says what was to be said."""
    standing: dict[tuple[str, str, str], Statement] = {}
    withdrawn = set()
    for it in (one.statement for one in noisy if one.kind not in ("overlap", "unknown-placement")):
        if it.name == "record-withdrawn":
            withdrawn.add((it.publisher, str(it.data["of"]), str(it.data["record"])))
        elif it.revision >= standing.get(key := (it.publisher, it.name, it.record), it).revision:
            standing[key] = it
    truth = defaultdict(list)
    for it in (it for key, it in standing.items() if key not in withdrawn):
        truth[it.publisher, it.name, it.record.removesuffix("b")].append(it.data)
    told = [truth[it.publisher, it.name, it.record] for statements in clean for it in statements]
    meant = [[it.data] for statements in clean for it in statements]
    wrong = [(found, right) for found, right in zip(told, meant, strict=True) if found != right]
    assert all(found == [] and "departed_on" in right[0] for found, right in wrong)


def test_one_provider_says_nothing_for_three_weeks_and_then_everything() -> None:
    noise = Noise(Random(1), NOISE)
    silence = noise.silence
    place = next(one.id for one in ACCOMMODATIONS.values() if one.provider == silence.publisher)
    middle = silence.since + timedelta(days=10)
    data = {"placement": place, "at": middle.isoformat()}
    statements = [
        Statement(silence.publisher, "leave-started", f"L{n}", "p" * 22, data, middle.date(), middle)
        for n in range(500)
    ]
    times = [one.statement.time for one in noise.upon(statements)]
    assert silence.until - silence.since == timedelta(days=21)
    assert not [time for time in times if silence.since <= time < silence.until]
    assert sum(silence.until <= time < silence.until + timedelta(hours=1) for time in times) > 200


def test_a_date_that_is_moved_ahead_is_recorded_no_earlier(clean: Sequence[list[Statement]]) -> None:
    statement = next(it for it in clean[0] if it.name == "discharge-recorded")
    later = moved(statement, days=30)
    assert later.on == statement.on + timedelta(days=30)
    assert later.time.date() >= later.on
    assert later.data["discharged_on"] == later.on.isoformat()
