"""A log line has a constant name and fields, and never what could name a person or open a door."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from shared.logs import configure_logging, get_logger


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Logging as it was, afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """The lines that were logged."""
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def test_a_line_is_json_with_its_service_and_its_moment_in_utc(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("intake", json=True)
    get_logger().info("fact_stored", position=3)
    (line,) = lines(capsys)
    assert str(line.pop("timestamp")).endswith("Z")
    assert line == {"service": "intake", "event": "fact_stored", "level": "info", "position": 3}


@pytest.mark.parametrize("field", ["subject", "person", "body", "data", "token", "authorization"])
def test_what_could_name_a_person_is_left_out_whoever_logs_it(capsys: pytest.CaptureFixture[str], field: str) -> None:
    configure_logging("intake", json=True)
    get_logger().warning("careless", **{field: "whom"})
    logging.getLogger("a.library").warning("careless", extra={field: "whom"})
    assert len(written := lines(capsys)) == 2
    assert "whom" not in json.dumps(written)


def test_what_a_library_says_once_more_in_colours_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("intake", json=True)
    logging.getLogger("uvicorn.error").info("Started", extra={"color_message": "\x1b[1mStarted"})
    (line,) = lines(capsys)
    assert (line["event"], "color_message" in line) == ("Started", False)


def test_an_error_is_told_without_the_values_of_its_variables(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("intake", json=True)
    whom = "jongere-0000000000001"
    try:
        raise RuntimeError(len(whom))
    except RuntimeError:
        get_logger().exception("broke")
    (line,) = lines(capsys)
    assert "RuntimeError" in json.dumps(line)
    assert whom not in json.dumps(line)
