"""What head office answers a person when it cannot do its part."""

from __future__ import annotations


class OfficeError(Exception):
    """It could not be done; the text is one sentence: what is wrong, where, what to do."""
