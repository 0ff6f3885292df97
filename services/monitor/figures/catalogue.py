"""All figures by name, and the one way to answer a question about any of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from services.monitor.figures.absences import ABSENCES
from services.monitor.figures.answer import Answer
from services.monitor.figures.care import CARE_DAYS, OCCUPANCY
from services.monitor.figures.chain import CHAIN
from services.monitor.figures.classes import DURATION_CLASSES
from services.monitor.figures.closure_mode import CLOSURE_MODE
from services.monitor.figures.competing import FIRST_EVENT, REPLACEMENT_INCIDENCE
from services.monitor.figures.destinations import DESTINATIONS
from services.monitor.figures.doorplaatsing import DOORPLAATSING
from services.monitor.figures.entry import ENTRY
from services.monitor.figures.exits import EXITS
from services.monitor.figures.expert_advice import EXPERT_ADVICE
from services.monitor.figures.figure import Figure
from services.monitor.figures.flow import FLOW
from services.monitor.figures.funnel import FUNNEL
from services.monitor.figures.inflow import INFLOW
from services.monitor.figures.landscape import LANDSCAPE
from services.monitor.figures.machtigingen import MACHTIGINGEN
from services.monitor.figures.nearness import NEARNESS
from services.monitor.figures.origins import ORIGINS
from services.monitor.figures.path import PATH
from services.monitor.figures.places import PLACES
from services.monitor.figures.population import Population
from services.monitor.figures.process import MONTHLY_STARTS
from services.monitor.figures.quality import DATA_QUALITY
from services.monitor.figures.question import Question, Window, months_before
from services.monitor.figures.rare import RARE_EVENTS
from services.monitor.figures.ready import READY_TO_LEAVE
from services.monitor.figures.ready_days import READY_DAYS
from services.monitor.figures.replacement import REPLACEMENT
from services.monitor.figures.restrictions import RESTRICTIONS
from services.monitor.figures.schooling import SCHOOLING
from services.monitor.figures.stock import STOCK
from services.monitor.figures.support import SUPPORT
from services.monitor.figures.title import TITLE
from services.monitor.figures.waiting import WAITING
from services.monitor.figures.waiting_list import WAITING_LIST
from services.monitor.history.known import Known
from services.monitor.statistics.quantiles import share
from shared.calendar import calendar_date

FIGURES: Mapping[str, Figure] = MappingProxyType(
    {
        figure.name: figure
        for figure in (
            STOCK,
            FLOW,
            INFLOW,
            PATH,
            ORIGINS,
            EXITS,
            DURATION_CLASSES,
            DESTINATIONS,
            ENTRY,
            FIRST_EVENT,
            DOORPLAATSING,
            REPLACEMENT,
            REPLACEMENT_INCIDENCE,
            TITLE,
            WAITING,
            CHAIN,
            SCHOOLING,
            READY_TO_LEAVE,
            WAITING_LIST,
            EXPERT_ADVICE,
            SUPPORT,
            MACHTIGINGEN,
            CLOSURE_MODE,
            NEARNESS,
            READY_DAYS,
            LANDSCAPE,
            RESTRICTIONS,
            ABSENCES,
            CARE_DAYS,
            OCCUPANCY,
            PLACES,
            MONTHLY_STARTS,
            RARE_EVENTS,
            FUNNEL,
            DATA_QUALITY,
        )
    }
)
"""Every figure by its name."""


def default_window(figure: Figure, on: date) -> Window:
    """The window of a question that names none: the whole months before that of the date."""
    return months_before(on, figure.months)


def answer(figure: Figure, known: Known, question: Question) -> Answer:
    """The exact answer; a pure function of what is known and what is asked. See publication.published for others."""
    chosen = {one.name: question.parameters.get(one.name, one.default) for one in figure.parameters}
    asked = replace(question, parameters=chosen)
    found = figure.compute(Population(known, asked))
    return Answer(
        figure=figure.name,
        view=figure.view,
        question=asked,
        known=known.known,
        final=known.final,
        window=asked.window if figure.period == "window" else None,
        n=found.n,
        inferred=share(found.inferred, found.n),
        provisional=is_provisional(figure, known, asked),
        version=figure.version,
        tables=found.tables,
        cases=found.cases,
        notes=found.notes,
        inside_notes=found.inside_notes,
    )


def is_provisional(figure: Figure, known: Known, question: Question) -> bool:
    """Whether facts about the period may still be on their way: until `settled_days` after its end it is provisional.

    A window that is not over on the date is provisional too.
    """
    day = timedelta(days=1)
    end = question.window.b if figure.period == "window" else question.on + day
    settled_on = end + timedelta(days=question.conventions.settled_days)
    return question.on < end - day or calendar_date(known.known) < settled_on
