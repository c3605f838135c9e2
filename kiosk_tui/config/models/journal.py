"""`[journal]`: where the journal is kept, for how long, and its backups."""

from __future__ import annotations

from pydantic import Field

from kiosk_tui.config.models.section import FarPath, FilePath, Section


class JournalSettings(Section):
    """Where the journal is kept, its anchor on another file system, for how long, and its backups."""

    path: FilePath = Field(
        default="",
        description="The journal's file; empty: in the state folder of systemd or of the user",
        examples=["/var/lib/kiosk-tui/journal.db"],
    )
    anchor: FarPath = Field(
        default="",
        description="A file on another file system that shows when the journal's came back empty",
        examples=["/media/anchor/kiosk-1"],
    )
    keep_days: int = Field(
        default=400,
        ge=90,
        le=36500,
        description="How long transactions that have ended are kept",
        json_schema_extra={"unit": "days"},
    )
    backup_folder: FilePath = Field(
        default="",
        description="The folder for nightly backups; empty: none are made",
        examples=["/media/backup/kiosk-1"],
    )
    backup_keep: int = Field(
        default=14,
        ge=1,
        le=1000,
        description="How many backups are kept there",
        json_schema_extra={"unit": "backups"},
    )
