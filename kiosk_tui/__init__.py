"""kiosk_tui: an electronic cash register for Bluefin TECS Cloud-iA terminals, full screen."""

__version__ = "0.1.0"
