"""Logging: one event name per fact, fields after it; for a person on a terminal, JSON lines for a machine."""

import logging
import sys
from typing import Literal

import structlog


def configure_logs(
    *, level: str = "info", style: Literal["auto", "console", "json"] = "auto", process: str = ""
) -> None:
    """Set up logging to standard error for this process; libraries speak only from warning up."""
    as_json = style == "json" or (style == "auto" and not sys.stderr.isatty())
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=22)
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if as_json:
        shared.append(structlog.processors.format_exc_info)
    threshold = getattr(logging, level.upper())
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.clear_contextvars()
    if process:
        structlog.contextvars.bind_contextvars(process=process)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s", force=True)


def get_logger() -> structlog.typing.FilteringBoundLogger:
    """The logger every module uses."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return logger
