"""Whatever is sent, fitting the published description or not, the answer is one that the description names."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tests.integration.door.doors import Door, opened, publisher, settings_in

OPERATIONS = {
    "POST /events": 40,
    "POST /events/_validate": 20,
    "GET /events": 30,
    "GET /rejections": 20,
    "GET /event-types": 5,
    "GET /schemas/{schema}": 30,
}
"""How many requests of each kind are made up for each operation."""

BEYOND_A_SCHEMA = [positive_data_acceptance, negative_data_rejection]
"""Whether an event is taken also depends on who sends it and when; a batch with refused events is answered 207."""


@pytest.fixture(scope="module")
def knocked_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """One door for all requests."""
    folder: Path = tmp_path_factory.mktemp("door")
    with opened(settings_in(folder)) as running:
        running.register(publisher(scopes={"facts:write", "facts:read"}))
        yield running


@pytest.fixture(scope="module")
def operations(knocked_at: Door) -> dict[str, Any]:
    """The operations of the description, as the door serves it."""
    described = schemathesis.openapi.from_url(str(knocked_at.client.base_url.join("/v1/openapi.json")))
    found = [operation.ok() for operation in described.get_all_operations()]
    return {operation.label: operation for operation in found}


def test_every_operation_is_tried(operations: dict[str, Any]) -> None:
    assert operations.keys() == OPERATIONS.keys()


@pytest.mark.filterwarnings("ignore:Do not use the `random` module")  # Schemathesis does, in its own strategies.
@pytest.mark.parametrize("fitting", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_described(
    knocked_at: Door, operations: dict[str, Any], label: str, fitting: GenerationMode
) -> None:
    operation, headers = operations[label], {"Authorization": f"Bearer {knocked_at.tokens['ecd']}"}

    @settings(
        max_examples=OPERATIONS[label],
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=fitting))
    def knock(case: Any) -> None:
        case.call_and_validate(headers=headers, excluded_checks=BEYOND_A_SCHEMA)

    if fitting is GenerationMode.POSITIVE or label != "GET /event-types":
        knock()
