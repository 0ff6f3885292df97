"""Curves and competing ends beside lifelines and statsmodels, on a town of facts with late entries."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time
from statsmodels.duration.survfunc import CumIncidenceRight

from services.monitor.dossier.days import days
from services.monitor.dossier.state import Discharged
from services.monitor.statistics.estimable import NOT_ESTIMABLE
from tests.integration.figures.town import Town, town
from tests.unit.dossier.given import SOURCE
from tests.unit.figures.asked import asked, known, measures

ON, WINDOW = date(2024, 11, 15), ("2020-06-01", "2024-10-01")
BEGAN, UNTIL = map(date.fromisoformat, WINDOW)


@pytest.fixture(scope="module")
def people() -> Town:
    return town(600, seed=3)


def spells(people: Town, of: str) -> pd.DataFrame:
    """Days, whether it ended, and how, of what began in the window; computed here from the dossiers."""
    found = []
    for dossier in people.dossiers:
        for closure in dossier.closures:
            for one in (closure,) if of == "closures" else closure.placements:
                if BEGAN <= one.started_on < UNTIL:
                    over = one.ended_on is not None and one.ended_on <= ON
                    last = one.ended_on if over else ON
                    found.append((one.started_on, days(one.started_on, last), over, _cause(one, over)))
    return pd.DataFrame(found, columns=["started_on", "days", "over", "cause"])


def _cause(one: object, over: bool) -> int:
    """0 still there, 1 moved (reported or inferred), 2 discharged, 3 deceased."""
    end = getattr(one, "end", None)
    if not over or end is None:
        return 0
    if isinstance(end, Discharged):
        return 3 if end.destination == "deceased" else 2
    return 1


def test_the_curve_is_that_of_lifelines(people: Town) -> None:
    data = spells(people, "closures")
    fitted = KaplanMeierFitter().fit(data.days, data.over)
    found = asked("entry-duration", known(*people.dossiers), on=str(ON), window=WINDOW)
    steps = measures(found, "curve")
    assert found.n == len(data) > 500
    for day, row in steps.items():
        assert float(row["survival"]) == pytest.approx(float(fitted.predict(day)), abs=1e-12)
        if row["lower"] is not NOT_ESTIMABLE:
            band = fitted.confidence_interval_survival_function_.loc[float(day)]
            assert [row["lower"], row["upper"]] == pytest.approx(list(band), abs=1e-4)
    mean = restricted_mean_survival_time(fitted, t=365)
    assert float(measures(found, "summary")[None]["restrictedMean"]) == pytest.approx(mean, abs=1e-6)


def test_the_curve_with_late_entries_is_that_of_lifelines(people: Town) -> None:
    observed = date(2021, 6, 1)
    data = spells(people, "closures")
    data["entry"] = [max(0, days(one, observed)) for one in data.started_on]
    seen = data[(data.days > data.entry) | (data.entry == 0)]
    found = asked(
        "entry-duration", known(*people.dossiers, observed_from={SOURCE: observed}), on=str(ON), window=WINDOW
    )
    steps = measures(found, "curve")
    assert min(steps) <= 40
    first = min(steps)
    # lifelines starts at the first day of any; ours where five are at risk, so compare from there on.
    fitted = KaplanMeierFitter().fit(seen.days, seen.over, entry=seen.entry)
    base = float(fitted.predict(first - 1)) if first else 1.0
    for day, row in steps.items():
        assert float(row["survival"]) == pytest.approx(float(fitted.predict(day)) / base, abs=1e-9)


def test_first_events_are_those_of_statsmodels(people: Town) -> None:
    data = spells(people, "placements")
    fitted = CumIncidenceRight(data.days.to_numpy(), data.cause.to_numpy())
    found = asked("first-event", known(*people.dossiers), on=str(ON), window=WINDOW)
    steps = measures(found, "incidence")
    assert {1, 2, 3} == set(data.cause) - {0}
    for place, cause in enumerate(("doorplaatsing", "discharge", "death")):
        at = dict(zip(fitted.times, fitted.cinc[place], strict=True))
        for day, row in steps.items():
            if day in at:
                assert float(row[cause]) == pytest.approx(float(at[day]), abs=1e-12)


def test_returns_are_those_of_statsmodels(people: Town) -> None:
    """Nobody's month of birth is known here, so that only a return and death after another stay compete."""
    gaps, causes = [], []
    for dossier in people.dossiers:
        for place, closure in enumerate(dossier.closures):
            end = max(closure.placements, key=lambda one: (one.ended_on or date.max, one.started_on)).end
            left = closure.ended_on
            if not isinstance(end, Discharged) or end.destination == "deceased" or left is None:
                continue
            if not BEGAN <= left < UNTIL or left > ON:
                continue
            following = dossier.closures[place + 1].started_on if place + 1 < len(dossier.closures) else None
            back = following is not None and following <= ON
            gaps.append(days(left, following if back else ON))
            causes.append(1 if back else 0)
    fitted = CumIncidenceRight(np.array(gaps), np.array(causes))
    found = asked("replacement-incidence", known(*people.dossiers), on=str(ON), window=WINDOW)
    assert found.n == len(gaps)
    at = dict(zip(fitted.times, fitted.cinc[0], strict=True))
    for day, row in measures(found, "incidence").items():
        if day in at:
            assert float(row["replaced"]) == pytest.approx(float(at[day]), abs=1e-12)
