"""The wheel: what is in it, and that it works where there is no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from importlib.metadata import distributions
from pathlib import Path

import pytest
from support.terminal import running

from kiosk_tui.cli.completion import SHELLS

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]

MANUALS = sorted((ROOT / "distribution" / "man").iterdir())
COMPLETIONS = (
    "bash-completion/completions/kiosk-tui",
    "zsh/site-functions/_kiosk-tui",
    "fish/vendor_completions.d/kiosk-tui.fish",
)

_BUILD = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-c", _BUILD, folder], cwd=ROOT, check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "install", "--no-deps", "--no-index", "--target", folder, wheel], check=True
    )
    return folder


def test_the_wheel_holds_the_package_its_data_and_its_styles_and_nothing_else(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "kiosk_tui").rglob("*.py")}
    styles = {f"kiosk_tui/styles/{path.name}" for path in (ROOT / "styles").glob("*.tcss")}
    languages = {str(path.relative_to(ROOT)) for path in (ROOT / "kiosk_tui").rglob("*.mo")}
    shipped = {str(path.relative_to(ROOT)) for path in (ROOT / "kiosk_tui").rglob("shipped/*.toml")}
    assert len(shipped) == 4
    assert shipped <= inside
    assert "kiosk_tui/styles/frame.tcss" in styles
    assert len(languages) == 7
    data = {"kiosk_tui/tecs/codes.toml", "kiosk_tui/text/signature.toml", "kiosk_tui/py.typed"}
    data |= {f"kiosk_tui/cli/completions/{name}" for name in SHELLS.values()}
    assert modules | styles | languages | data <= inside
    beside = {name.partition(".data/")[2] for name in inside if not name.startswith("kiosk_tui/")}
    manuals = {f"data/share/man/man1/{one.name}" for one in MANUALS}
    assert beside == {"scripts/kiosk-tui", *manuals, *(f"data/share/{one}" for one in COMPLETIONS)}
    assert not [
        name for name in inside if name.endswith(".pyc") or Path(name).name.startswith("test_")
    ]


def test_whoever_installs_tools_finds_the_command_on_record(wheel: Path, tmp_path: Path) -> None:
    # pipx and uv link what lies in bin/ by a wheel's own record: entry points are not asked for
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    how = ["--no-deps", "--no-index", "--no-warn-script-location", "--ignore-installed"]
    subprocess.run([*pip, "install", *how, "--prefix", tmp_path, wheel], check=True)
    (packages,) = tmp_path.glob("lib/python3*/site-packages")
    (installed,) = distributions(path=[str(packages)])
    (command,) = (one for one in installed.files or () if one.parts[-2:] == ("bin", "kiosk-tui"))
    assert Path(str(command.locate())).resolve() == tmp_path / "bin" / "kiosk-tui"
    assert os.access(tmp_path / "bin" / "kiosk-tui", os.X_OK)


def test_the_server_is_an_extra(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    asked = HeaderParser().parsestr(archive.read(metadata).decode()).get_all("Requires-Dist") or []
    servers = [one for one in asked if one.startswith(("starlette", "uvicorn"))]
    assert servers
    assert all("extra ==" in one for one in servers)


def test_an_installed_kiosk_says_its_version_and_finds_its_own_styles(
    installed: Path, tmp_path: Path
) -> None:
    def python(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    assert python("-m", "kiosk_tui", "--version").startswith("kiosk-tui ")
    found = "from kiosk_tui.ui.stylesheets import FOLDER; print(FOLDER)"
    assert python("-c", found) == str(installed / "kiosk_tui" / "styles")


def test_an_installed_kiosk_starts(installed: Path, tmp_path: Path) -> None:
    away = {"PYTHONPATH": str(installed)}
    with running("--demo", folder=tmp_path, environment=away) as kiosk:
        kiosk.wait("Pay by card")
