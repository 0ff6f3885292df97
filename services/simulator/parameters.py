"""Every number the simulated country is made with, each with a status that says how far it can be trusted.

`sourced`: read in a public page. `derived`: arithmetic on sourced numbers. `calibrated`: chosen so that the simulated
years reproduce sourced totals, weakly identified. `unverified`: no source found, plausible filler. A calibrated or
unverified number is never a fact about the country.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeVar

Status = Literal["sourced", "derived", "calibrated", "unverified"]
T = TypeVar("T")


def known(value: T, status: Status, source: str) -> T:
    """A default value that carries its status and source."""
    return field(default=value, metadata={"status": status, "source": source})


@dataclass(frozen=True, slots=True)
class FlowParameters:
    """How young people move: shares are of 1, durations in days."""

    steering_days: float = known(
        30.0, "calibrated", "relaxation of new admissions towards the yearly totals; months stay near Poisson"
    )
    first_share: float = known(
        0.70, "calibrated", "placements that open a first closure; starting point of the steering"
    )
    transfer_share: float = known(0.185, "calibrated", "placements that end in a doorplaatsing; no figure is published")
    return_share: float = known(0.155, "calibrated", "discharges that come back; no figure is published")
    return_gap_mean: float = known(80.0, "calibrated", "exponential, at least a day")
    transfer_stay_shape: float = known(1.0, "calibrated", "gamma")
    transfer_stay_mean: float = known(135.0, "calibrated", "gamma")
    stay_shape: float = known(1.27, "calibrated", "gamma; tails of 2021: 11 % under a month, 13 % over a year (nji.nl)")
    stay_mean: float = known(211.0, "calibrated", "gamma; means of 5.8 to 6.5 months published 2017-2021 (nji.nl)")
    direct_transfer_share: float = known(0.85, "unverified", "doorplaatsingen without a night in between")
    transfer_gap_max: int = known(7, "unverified", "longest gap inside a closure, the G of D6")
    own_area_weight: float = known(6.0, "unverified", "a place in the own area against one elsewhere")
    past_eighteen_share: float = known(0.25, "unverified", "stays allowed to run on past the 18th birthday")
    past_eighteen_days_max: int = known(180, "sourced", "Jeugdwet 6.1.2(4): treatment may end up to 6 months after it")
    spoed_share_first: float = known(
        0.72, "calibrated", "66 % of all and 79 % of first placements in 2019 (jeugdzorgnederland.nl)"
    )
    spoed_share_return: float = known(0.40, "calibrated", "so that about two thirds of all closures begin on one")
    boys_share: float = known(0.57, "sourced", "first placements 2021 (nji.nl)")
    ended_as_planned_share: float = known(0.74, "sourced", "2018 (nji.nl)")


@dataclass(frozen=True, slots=True)
class LegalParameters:
    """Referrals and machtigingen: shares are of 1, durations in days unless the name says months."""

    consent_share: float = known(
        0.23, "sourced", "no child protection measure: 25 % in 2018, 22 % in 2019 (jeugdzorgnederland.nl)"
    )
    spoed_days_max: int = known(28, "sourced", "Jeugdwet 6.1.12(2): 4 weeks")
    regulier_months_max: int = known(12, "sourced", "Jeugdwet 6.1.12(1): a year for each machtiging")
    without_hearing_share: float = known(
        0.6, "unverified", "spoedmachtigingen granted before the young person was heard"
    )
    late_extension_share: float = known(0.02, "unverified", "extensions that leave nights without a title")
    suspension_share: float = known(0.005, "unverified", "closures with a machtiging suspended and resumed")
    ended_early_share: float = known(
        0.5, "unverified", "discharges after which the GI ends what is left of a machtiging"
    )
    averted_share: float = known(0.30, "unverified", "referrals without a placement, for each that leads to one")
    unexecuted_share: float = known(
        0.06, "unverified", "of those, with a machtiging that lapses unused (Jeugdwet 6.1.12(3))"
    )
    refused_share: float = known(0.12, "unverified", "of those, refused by the court")


@dataclass(frozen=True, slots=True)
class AwayParameters:
    """Leave and absence during a stay; all unverified, chosen to look like practice and to give the demo its volume."""

    first_leave_days: int = known(30, "unverified", "no leave before this day of the stay")
    leave_interval_mean: float = known(75.0, "unverified", "days between two leaves, exponential")
    absence_interval_mean: float = known(500.0, "unverified", "days between two absences, exponential")


@dataclass(frozen=True, slots=True)
class LeavingParameters:
    """Waiting inside for what should follow; all unverified, nothing is published."""

    told_share: float = known(0.4, "unverified", "closures of which the provider says from when on they could end")
    wait_mean: float = known(35.0, "unverified", "days from then to the discharge, exponential, at least one")


@dataclass(frozen=True, slots=True)
class ExpertParameters:
    """What expert teams are asked and what they advise; all unverified, nothing is published."""

    asked_share: float = known(0.12, "unverified", "closures during which an expert team is asked")
    answer_mean: float = known(8.0, "unverified", "days to the advice, exponential, at least one")
    binding_share: float = known(0.25, "unverified", "advices that bind the region")
    deviated_share: float = known(0.12, "unverified", "advices that are not followed")
    unexplained_share: float = known(0.2, "unverified", "of those, without a reason")
    executed_mean: float = known(22.0, "unverified", "days until an advice is carried out, exponential, at least one")


@dataclass(frozen=True, slots=True)
class CountParameters:
    """Heads that accommodations count by themselves, each quarter."""

    miscounted_share: float = known(0.08, "unverified", "counts of three to six heads too many")


@dataclass(frozen=True, slots=True)
class SchoolingParameters:
    """How young people are taught during a stay and after it; all unverified, nothing is published."""

    told_share: float = known(
        0.96, "unverified", "stays of which the provider says from when on lessons are given inside"
    )
    starts_mean: float = known(5.0, "unverified", "days from the start to that day, exponential, at least one")
    stopped_share: float = known(0.12, "unverified", "of those, without lessons for a while")
    stopped_after_mean: float = known(60.0, "unverified", "days of lessons before that, exponential, at least one")
    stopped_mean: float = known(25.0, "unverified", "days without, exponential, at least one")
    afterwards_share: float = known(0.8, "unverified", "discharges with what follows: mostly a school outside")


@dataclass(frozen=True, slots=True)
class PlanParameters:
    """Care plans, in days."""

    first_days_max: int = known(42, "sourced", "Jeugdwet 4.1.3(5): a plan within six weeks")
    interval_days: int = known(91, "unverified", "from each evaluation to the day by which the next is due")
    overdue_share: float = known(0.05, "unverified", "evaluations that come 5 to 40 days too late")


@dataclass(frozen=True, slots=True)
class AroundParameters:
    """Reviews, other ways of closing, and emergencies; all unverified, nothing is published."""

    mode_changed_share: float = known(
        0.15, "unverified", "last stays that are besloten or hybride from a day of their second half on"
    )
    reviewed_after_days: int = known(365, "unverified", "no review before this day of the closure")
    reviewed_share: float = known(0.1, "unverified", "closures that are reviewed, of those that last long enough")
    emergency_share: float = known(0.06, "unverified", "stays with a measure in an emergency, told of the young person")
    emergency_minutes_mean: float = known(60.0, "unverified", "minutes beyond the first ten, exponential")
    emergency_long_share: float = known(0.04, "unverified", "of those, longer than twelve hours")


@dataclass(frozen=True, slots=True)
class MeasureParameters:
    """Restrictive measures by a plan, as accommodations count them over each quarter."""

    per_place: float = known(1.5, "unverified", "measures in a quarter for each place, in 2013")
    yearly_fall: float = known(0.08, "unverified", "how much fewer each year; only that they fall is published")


@dataclass(frozen=True, slots=True)
class ListParameters:
    """Waiting lists and national support; all unverified, nothing is published."""

    listed_share: float = known(0.06, "unverified", "discharges after which somebody waits on a list for what follows")
    wait_mean: float = known(45.0, "unverified", "days on the list, exponential, at least one")
    supported_share: float = known(0.02, "unverified", "closures during which national support is asked for")
    support_mean: float = known(30.0, "unverified", "days to the end of that, exponential, at least one")


@dataclass(frozen=True, slots=True)
class LandscapeParameters:
    """Plans and consultations of the five areas, in every half-year; unverified."""

    skipped_share: float = known(0.1, "unverified", "half-years in which an area adopts no plan, or does not consult")
    present_share: float = known(0.8, "unverified", "regions of the area that are there")


@dataclass(frozen=True, slots=True)
class RebuildingParameters:
    """Closed places that become small groups (ombouw), accommodation by accommodation; all unverified."""

    first_days_max: int = known(600, "unverified", "days from July 2022 to the first small group of an accommodation")
    interval_days_min: int = known(120, "unverified", "days from one small group to the next, at least")
    interval_days_max: int = known(420, "unverified", "days from one small group to the next, at most")
    small_group: int = known(6, "unverified", "young people in a small group; no law gives the number")
    large_group: int = known(8, "unverified", "young people in another group, as since 2021")
    rest_min: int = known(6, "unverified", "gesloten places that an accommodation keeps in other groups")
    besloten_share: float = known(0.12, "unverified", "small groups that are besloten; the others stay gesloten")
    all_small_days_max: int = known(1_400, "unverified", "days from 2024 on by which other groups became small too")


@dataclass(frozen=True, slots=True)
class FundingParameters:
    """Money for the transformation."""

    awarded_millions: int = known(
        180, "sourced", "euros of 2024 to 2028 together, in millions (Hervormingsagenda, bestuurlijke afspraken 2024)"
    )
    quarters: int = known(6, "unverified", "in which what was awarded is spent")
    spent_share_min: float = known(0.5, "unverified", "of what a quarter could spend, at least this is spent")


@dataclass(frozen=True, slots=True)
class BuildingParameters:
    """What buildings stood in the books for; all unverified, the quickscans were not published."""

    euros_a_place: int = known(90_000, "unverified", "book value for each place at the first scan, 40 % more or less")
    yearly_fall: float = known(0.04, "unverified", "how much less each year")
    leased_share: float = known(0.3, "unverified", "accommodations of which the buildings are leased")


@dataclass(frozen=True, slots=True)
class NoiseParameters:
    """What the field does to clean facts; shares are of all facts unless the text says otherwise."""

    lag_median_days: float = known(2.0, "unverified", "from the day it is true to `time`: lognormal")
    lag_p95_days: float = known(30.0, "unverified", "lognormal; no source, a value to sweep")
    lag_days_max: float = known(365.0, "unverified", "the longest lag")
    corrected_share: float = known(0.03, "unverified", "first told wrong, then mended by revision 2")
    withdrawn_share: float = known(0.01, "unverified", "withdrawn and sent again under another record")
    duplicate_share: float = known(0.02, "unverified", "the same event sent again")
    arrival_first_share: float = known(
        0.05, "unverified", "of doorplaatsingen: the arrival is told before the departure"
    )
    overlap_share: float = known(
        0.003, "unverified", "of doorplaatsingen: dated days after the next stay began, never mended"
    )
    end_before_start_share: float = known(0.002, "unverified", "of ends: dated before the start, mended within a month")
    missing_departure_share: float = known(0.004, "unverified", "of doorplaatsingen: never told")
    unknown_placement_share: float = known(
        0.002, "unverified", "of ends: told again about a placement that nobody reported"
    )
    rough_share: float = known(
        0.1, "unverified", "stays brought in from before the first day of which only the month is known"
    )
    silent_days: int = known(21, "unverified", "one provider says nothing for this long, then everything at once")


@dataclass(frozen=True, slots=True)
class Parameters:
    """All of them together."""

    flow: FlowParameters = FlowParameters()
    legal: LegalParameters = LegalParameters()
    away: AwayParameters = AwayParameters()
    leaving: LeavingParameters = LeavingParameters()
    experts: ExpertParameters = ExpertParameters()
    counts: CountParameters = CountParameters()
    schooling: SchoolingParameters = SchoolingParameters()
    plans: PlanParameters = PlanParameters()
    around: AroundParameters = AroundParameters()
    measures: MeasureParameters = MeasureParameters()
    lists: ListParameters = ListParameters()
    landscape: LandscapeParameters = LandscapeParameters()
    rebuilding: RebuildingParameters = RebuildingParameters()
    funding: FundingParameters = FundingParameters()
    buildings: BuildingParameters = BuildingParameters()
    noise: NoiseParameters = NoiseParameters()


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter, to be shown."""

    group: str
    name: str
    value: float
    status: Status
    source: str


def table(parameters: Parameters) -> Iterator[Row]:
    """Every parameter with its value, status and source."""
    for group in fields(parameters):
        values: Any = getattr(parameters, group.name)
        for one in fields(values):
            yield Row(group.name, one.name, getattr(values, one.name), one.metadata["status"], one.metadata["source"])
