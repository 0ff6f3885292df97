"""`doorstroom status`: how far each fact has come, as the services themselves report it in /metrics."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from ssl import SSLContext
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from services.command.choices import trusting
from services.command.failures import Failed
from services.command.supervision.system import LEDGER_SERVICES, SERVICES
from shared.settings import Settings

ANSWER_S_MAX = 10.0
FIGURES_S_MAX = 300.0
"""How long the figures may take: who asks first after a history was read in at once waits until all are counted."""

NO_ANSWER = (OSError, HTTPException, ValueError)
"""What a try to read them may end in; a ValueError where something else listens there, and answers what it likes."""

ASKED = (
    "doorstroom_ledger_position",
    "doorstroom_published_position",
    "doorstroom_projected_position",
    "doorstroom_projected_facts",
    "doorstroom_stream_lag_entries",
    "doorstroom_halted_streams",
    "doorstroom_parked_facts",
    "doorstroom_quarantined_persons",
)
"""The samples that say how far the facts have come; the monitor computes no figures for them."""


@dataclass(frozen=True, slots=True)
class Positions:
    """How far the facts of one ledger service have come; None where nobody could say."""

    ledger: int | None
    published: int | None
    projected: int | None
    """The highest position that is projected; others below it may still be on their way."""
    facts: int | None
    """How many facts are projected."""
    lag: int | None
    """Entries of its streams that the monitor has still to read."""


@dataclass(frozen=True, slots=True)
class State:
    """What the services say of themselves."""

    positions: Mapping[str, Positions]
    parked: int | None
    """Facts that the monitor could not take, and those that wait behind them."""
    quarantined: int | None
    """Persons whose figures stand still because of that."""
    halted: int | None
    """Streams that stand still before a fact that only a newer version knows."""
    silent: Mapping[str, str]
    """Services that gave no figures, with the reason."""


def ask(settings: Settings, *, token: str | None) -> State:
    """Ask all three services; the token needs the scope metrics:read where /metrics is not open."""
    samples: dict[tuple[str, str], int] = {}
    silent, trusted = {}, trusting(settings)
    for service in SERVICES:
        try:
            samples |= _samples(settings.near_url(service), token, trusted)
        except HTTPError as error:
            silent[service] = f"{settings.near_url(service)}/metrics {_answered(error)}"
        except NO_ANSWER as error:
            silent[service] = f"no answer at {settings.near_url(service)}/metrics ({error})"
    positions = {
        service: Positions(
            ledger=samples.get(("doorstroom_ledger_position", service)),
            published=samples.get(("doorstroom_published_position", service)),
            projected=samples.get(("doorstroom_projected_position", service)),
            facts=samples.get(("doorstroom_projected_facts", service)),
            lag=samples.get(("doorstroom_stream_lag_entries", service)),
        )
        for service in LEDGER_SERVICES
    }
    halted = [samples.get(("doorstroom_halted_streams", service)) for service in LEDGER_SERVICES]
    return State(
        positions,
        parked=samples.get(("doorstroom_parked_facts", "")),
        quarantined=samples.get(("doorstroom_quarantined_persons", "")),
        halted=None if None in halted else sum(filter(None, halted)),
        silent=silent,
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """The few figures that the demo shows; of the whole country, as the monitor's /metrics has them."""

    open_closures: int
    over_half_a_year: int
    over_a_year: int
    doorplaatsingen: int
    replacements_within_a_year: int


def figures(settings: Settings, *, within_s: float = FIGURES_S_MAX) -> Figures:
    """Read them from /metrics. Raises Failed when the monitor does not answer within so many seconds."""
    address, sums = settings.near_url("monitor"), Counter[tuple[str, str]]()
    try:
        samples = list(_page(address, None, trusting(settings), within_s=within_s))
    except NO_ANSWER as error:
        raise Failed(f"no figures from {address}/metrics within {within_s:g} seconds ({error}); see its log") from error
    for sample in samples:
        window = sample.labels.get("threshold") or sample.labels.get("within") or ""
        sums[sample.name, window] += int(sample.value)
    return Figures(
        sums["doorstroom_open_closures", ""],
        sums["doorstroom_open_closures_over_threshold", "183d"],
        sums["doorstroom_open_closures_over_threshold", "365d"],
        sums["doorstroom_doorplaatsingen_total", ""],
        sums["doorstroom_replacements_total", "365d"],
    )


def _answered(error: HTTPError) -> str:
    if error.code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return "wants a token with the scope metrics:read; give it with --token-file"
    return f"answers {error.code} {error.reason}; its /readyz says what it lacks"


def _samples(address: str, token: str | None, trusted: SSLContext) -> dict[tuple[str, str], int]:
    return {
        (sample.name, sample.labels.get("service", "")): int(sample.value)
        for sample in _page(address, token, trusted, names=ASKED)
        if sample.name.startswith("doorstroom_") and sample.labels.keys() <= {"service"}
    }


def _page(
    address: str,
    token: str | None,
    trusted: SSLContext,
    *,
    names: Sequence[str] = (),
    within_s: float = ANSWER_S_MAX,
) -> Iterator[Sample]:
    headers = {"Accept": "text/plain"} | ({"Authorization": f"Bearer {token}"} if token else {})
    chosen = f"?{urlencode([('name[]', name) for name in names])}" if names else ""
    request = Request(f"{address}/metrics{chosen}", headers=headers)  # noqa: S310 - the address is a setting of this installation
    direct = build_opener(
        ProxyHandler({}), HTTPSHandler(context=trusted)
    )  # The services are near; a proxy for the web is not asked for them.
    with direct.open(request, timeout=within_s) as answer:
        for family in text_string_to_metric_families(answer.read().decode()):
            yield from family.samples
