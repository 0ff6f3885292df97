"""Logging: constant event names with fields, JSON outside a terminal, and never a value that could name a person."""

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

_WITHHELD = frozenset({"subject", "person", "body", "data", "token", "authorization"})

_TWICE = frozenset({"color_message"})
"""What libraries say once more, with the colours of a terminal."""

_CHATTY = ("alembic", "httpx2", "httpcore2")
"""Libraries that log a line for each of their ordinary steps."""


def configure_logging(service: str, *, json: bool | None = None) -> None:
    """Send all logs of this process, ours and the libraries', to standard error.

    `json` None: JSON unless it is a terminal.
    """
    as_json = not sys.stderr.isatty() if json is None else json
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _withhold,
        _name(service),
    ]
    ending: list[Processor] = (
        [
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ]
        if as_json
        else [structlog.dev.ConsoleRenderer()]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)


def get_logger() -> structlog.stdlib.BoundLogger:
    """A logger; the first argument of each call is a constant event name, the rest are fields."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger()
    return logger


def _withhold(_logger: Any, _method: str, fields: EventDict) -> EventDict:
    """Drop what may carry personal data or a secret, whoever logs it, and what is there already."""
    return {key: value for key, value in fields.items() if key not in _WITHHELD | _TWICE}


def _name(service: str) -> Processor:
    def add(_logger: Any, _method: str, fields: EventDict) -> EventDict:
        return {"service": service, **fields}

    return add
