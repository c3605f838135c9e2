"""What is kept out of our libraries, or put off, changes nothing of what they do."""

from __future__ import annotations

import json
import subprocess
import sys
import typing

import pytest
import typing_extensions

_AS_IT_IS = """
import sys
from types import ModuleType
sys.modules["kiosk_tui.libraries"] = ModuleType("kiosk_tui.libraries")
"""
_MODELS = """
import json
from kiosk_tui.config.models import Config
from kiosk_tui.tecs.models import Request, Response, Version
from pydantic_core import core_schema
schemas = [one.model_json_schema() for one in (Config, Request, Response, Version)]
typed = [name for name, one in vars(core_schema).items() if getattr(one, "__total__", None) is not None]
config = core_schema.CoreConfig(title="x", strict=True)
print(json.dumps([schemas, [str(type(config)), config], len(typed)]))
"""
_COOKIES = """
import os, sys
import kiosk_tui.tecs.client
seldom = {"urllib.request", "urllib.response", "http.client", "http.cookiejar", "email.parser"}
assert not seldom & set(sys.modules), seldom & set(sys.modules)
import httpx

asked = []

def answer(request):
    asked.append(dict(request.headers))
    return httpx.Response(200, headers={"Set-Cookie": "a=b; Path=/"})

with httpx.Client(transport=httpx.MockTransport(answer)) as http:
    http.get("http://tecs.example/")
    http.get("http://tecs.example/")
    assert dict(http.cookies) == {"a": "b"}
assert "cookie" not in asked[0] and asked[1]["cookie"] == "a=b", asked
os.environ["HTTP_PROXY"] = "http://proxy.example:8080"
with httpx.Client() as http:
    assert [str(one.pattern) for one in http._mounts] == ["http://"], http._mounts
import urllib.request
from http.cookiejar import CookieJar
assert urllib.request.urlopen and isinstance(http.cookies.jar, CookieJar)
challenge = httpx.DigestAuth("u", "p")._parse_challenge(None, None, 'Digest realm="r", nonce="n"')
assert challenge.realm == b"r"
"""


def _run(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-I", "-c", script], capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
    return done.stdout


def test_schemas_are_the_same_without_their_types() -> None:
    as_it_is, ours = (json.loads(_run(before + _MODELS)) for before in (_AS_IT_IS, ""))
    assert ours[:2] == as_it_is[:2]
    assert as_it_is[2] > 50, "pydantic's schemas have no `TypedDict` any more: leave them alone"
    assert not ours[2], "pydantic's schemas are typed, and so cost 8 ms at each start"


@pytest.mark.parametrize("home", [typing, typing_extensions])
def test_everybody_else_has_typed_dictionaries(home: typing.Any) -> None:
    script = f"""
import {home.__name__} as home, typing
real = home.TypedDict
import kiosk_tui.libraries
assert home.TypedDict is real
class One(home.TypedDict, total=False):
    a: int
assert typing.get_type_hints(One) == {{"a": int}}
"""
    assert not _run(script)


def test_whoever_wants_cookies_or_a_proxy_has_them() -> None:
    assert not _run(_COOKIES)
