"""`[log]`, `[metrics]`, `[alert]`: what machines and people are told about a register."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from kiosk_tui.config.models.section import FarPath, Section, path_here


def _prom(file: str) -> str:
    if file and not (file.startswith("/") and file.endswith(".prom") and file.isprintable()):
        raise ValueError(f"'{file}' is no whole path of a file that ends in .prom")
    return file


def program_words(words: list[str], info: ValidationInfo) -> list[str]:
    """Return a program with its arguments, named by its whole path. Raises `ValueError`."""
    if any("\0" in one for one in words):
        raise ValueError("no word of it holds the character 0")
    program = words[0] if words else "/"
    if "/" in program:
        program = path_here(program, info)
    if not program.startswith("/"):
        raise ValueError("it begins with the whole path of a program")
    return [program, *words[1:]] if words else words


class LogSettings(Section):
    """Where log lines go."""

    to: Literal["auto", "file"] = Field(
        default="auto",
        description="Where log lines go: to journald where there is one, or to kiosk-tui.log beside the journal",
        examples=["file"],
        json_schema_extra={"office": True},
    )


class MetricsSettings(Section):
    """Figures for a monitoring system."""

    file: Annotated[FarPath, AfterValidator(_prom)] = Field(
        default="",
        description="The .prom file in the folder of Prometheus's node exporter; empty: no figures",
        examples=["/var/lib/prometheus/node-exporter/kiosk_tui.prom"],
    )


class AlertSettings(Section):
    """The command that is run when somebody has to look, and how long is too long."""

    command: Annotated[list[str], AfterValidator(program_words)] = Field(
        default=[],
        description="The program, with its arguments, that is run when somebody has to look",
        examples=[["/usr/local/bin/alert"]],
    )
    after_s: float = Field(
        default=900.0,
        ge=60,
        le=86400,
        description="How long a cancellation may be due before it is run",
        json_schema_extra={"unit": "seconds"},
    )
    out_of_service_s: float = Field(
        default=900.0,
        ge=60,
        le=86400,
        description="How long a register may be out of service before it is run",
        json_schema_extra={"unit": "seconds"},
    )
    timeout_s: float = Field(
        default=30.0,
        ge=1,
        le=300,
        description="How long it may run",
        json_schema_extra={"unit": "seconds"},
    )
