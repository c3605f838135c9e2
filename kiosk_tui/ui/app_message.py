"""What the screens and the register tell the app has this base; `messages` has all of them.

Light: it is loaded before the first picture, the messages themselves (domain, payment) after it.
"""

from __future__ import annotations

from textual.message import Message


class AppMessage(Message):
    """A fact for the app, which hands it to the journey that takes it (`journeys.routes`)."""
