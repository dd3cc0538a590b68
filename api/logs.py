"""Logs: one line for each thing that happens, JSON or for people, with the request it belongs to.

A line names routes, codes and numbers, never what a request carries: no query, no body, no address, no name.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from api.settings import Settings

LOG: Any = structlog.stdlib.get_logger("fieldwright")
"""The log of the product."""


def log_to(stream: TextIO | None, settings: Settings) -> None:
    """Send every log of the process to `stream` (None: standard error), in the settings' format, from their level up."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    last: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if settings.log_format == "json":
        last += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        last += [structlog.dev.ConsoleRenderer(colors=False)]
    writing = logging.StreamHandler(stream or sys.stderr)
    writing.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=[*shared, _without_colour], processors=last)
    )
    # Of no line of ours: where it was said, in which thread and process.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    root = logging.getLogger()
    root.handlers[:] = [writing]
    root.setLevel(settings.log_level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "fieldwright"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True


def _without_colour(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The server says every sentence twice, once for terminals."""
    event.pop("color_message", None)
    return event
