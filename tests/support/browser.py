"""A real browser without a window, driven by its own driver (the W3C's WebDriver over HTTP)."""

from __future__ import annotations

import base64
import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx

_ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"
_OPTIONS: Final = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--force-color-profile=srgb",
)  # fmt: skip
_TIMEOUT_S: Final = 60.0


class Browser:
    """One session; each method blocks."""

    def __init__(self, http: httpx.Client, session: str) -> None:
        self._http = http
        self._session = session

    def open(self, url: str) -> None:
        """Go to a page, and wait until it is there."""
        self._ask("POST", "url", {"url": url})

    def type(self, css: str, text: str) -> None:
        """Type into a field."""
        self._ask("POST", f"element/{self._find(css)}/value", {"text": text})

    def click(self, css: str) -> None:
        """Click on something."""
        self._ask("POST", f"element/{self._find(css)}/click", {})

    def text(self, css: str = "body") -> str:
        """Return what a person reads there."""
        return str(self._ask("GET", f"element/{self._find(css)}/text"))

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        script = "const page = document.documentElement; return page.scrollWidth - page.clientWidth"
        return int(self._ask("POST", "execute/sync", {"script": script, "args": []}))

    def picture(self, file: Path, width: int, height: int) -> None:
        """Photograph the page as it is at this size."""
        self._ask("POST", "window/rect", {"width": width, "height": height})
        file.write_bytes(base64.b64decode(self._ask("GET", "screenshot")))

    def _find(self, css: str) -> str:
        found = self._ask("POST", "element", {"using": "css selector", "value": css})
        return str(found[_ELEMENT])

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self._http.request(method, f"/session/{self._session}/{path}", json=body)
        told = answer.json()["value"]
        assert answer.is_success, told
        return told


@contextlib.contextmanager
def browser(folder: Path, *, dark: bool = False, phone: int = 0) -> Iterator[Browser]:
    """Start a browser with a profile of its own in `folder`; `phone`: a phone's, as wide as that."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    driver = subprocess.Popen(
        ["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=_TIMEOUT_S) as http:
            _wait_for(http)
            options = [*_OPTIONS, f"--user-data-dir={folder}", *["--force-dark-mode"] * dark]
            chrome: dict[str, Any] = {"args": options}
            if phone:
                metrics = {"width": phone, "height": 2 * phone, "pixelRatio": 2.0}
                chrome["mobileEmulation"] = {"deviceMetrics": metrics}
            wanted = {"alwaysMatch": {"goog:chromeOptions": chrome}}
            begun = http.post("/session", json={"capabilities": wanted}).json()["value"]
            assert "sessionId" in begun, begun
            session = begun["sessionId"]
            try:
                yield Browser(http, session)
            finally:
                http.delete(f"/session/{session}")
    finally:
        driver.terminate()
        driver.wait()


def _wait_for(http: httpx.Client) -> None:
    deadline = time.monotonic() + _TIMEOUT_S
    while True:
        try:
            if http.get("/status").json()["value"]["ready"]:
                return
        except httpx.TransportError:
            assert time.monotonic() < deadline, "the driver did not start"
        time.sleep(0.05)
