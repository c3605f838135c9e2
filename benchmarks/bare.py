"""The smallest Textual app: what everything that is measured on a screen is compared with."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

TEXT = "A bare Textual app"


class Bare(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """Show the line."""
        yield Static(TEXT)


if __name__ == "__main__":
    Bare().run()
