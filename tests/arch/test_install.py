"""What make installs and starts: the lock, the packages' list, the scripts of deploy/."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = [
    line
    for line in (ROOT / "deploy" / "apt-packages.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
SCRIPTS = sorted((ROOT / "deploy").glob("*.sh"))
BASH = shutil.which("bash") or "bash"


def normal(name: str) -> str:
    """Give a distribution's name as the lock writes it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked() -> dict[str, str]:
    """Give the lock's entries: name → version and hashes."""
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    return {normal(entry.partition("==")[0]): entry.partition("==")[2] for entry in entries}


def asked() -> set[str]:
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    return {normal(re.split(r"[<>=~! ;\[]", line)[0]) for line in wanted}


def run(
    script: Path, *arguments: str, path: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": path or os.environ["PATH"], **more}
    return subprocess.run(
        [BASH, str(script), *arguments],
        env=kept,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_every_dependency_is_locked() -> None:
    assert asked() - set(locked()) == set()


def test_every_locked_version_has_hashes_and_no_address() -> None:
    for name, entry in locked().items():
        assert re.match(r"[\w.]+ \\\n    --hash=sha256:[0-9a-f]{64}", entry), name
    assert not re.search(r"://|--(index|find)|@", LOCK)


def test_the_lock_holds_what_builds_the_editable_install() -> None:
    assert "setuptools" in locked()


def test_the_packages_are_named_once_and_plainly() -> None:
    assert len(PACKAGES) == len(set(PACKAGES))
    assert [name for name in PACKAGES if not re.fullmatch(r"[a-z0-9][a-z0-9.+-]+", name)] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_parses_and_stops_at_its_first_error(script: Path) -> None:
    done = subprocess.run([BASH, "-n", str(script)], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert "set -euo pipefail" in script.read_text(encoding="utf-8")


def test_without_a_display_running_says_so_and_offers_the_tour() -> None:
    done = run(ROOT / "deploy" / "run.sh")
    assert done.returncode == 1
    assert "make tour" in done.stderr


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """A PATH with a Debian whose dpkg-query knows no package, and a user who may not install."""
    tools = {
        "dpkg-query": "exit 1",
        "id": "echo 1000",
        "sudo": "exit 1",
        "apt-get": "echo called >> " + str(tmp_path / "calls"),
    }
    for name, body in tools.items():
        (tmp_path / name).write_text(f"#!{BASH}\n{body}\n")
        (tmp_path / name).chmod(0o755)
    for name in ("dirname", "mktemp", "rm", "tail", "env"):
        found = shutil.which(name)
        assert found is not None
        (tmp_path / name).symlink_to(found)
    return tmp_path


def test_a_user_who_may_not_install_is_told_what_is_missing(system: Path) -> None:
    done = run(ROOT / "deploy" / "apt.sh", path=str(system))
    assert done.returncode == 0
    assert all(name in done.stderr for name in PACKAGES)
    assert not (system / "calls").exists()


def test_nothing_is_installed_when_nothing_is_missing(system: Path) -> None:
    (system / "dpkg-query").write_text(f"#!{BASH}\nprintf installed\n")
    done = run(ROOT / "deploy" / "apt.sh", path=str(system))
    assert (done.returncode, done.stderr) == (0, "")
    assert not (system / "calls").exists()


def test_a_system_administrator_gets_the_missing_packages(system: Path) -> None:
    (system / "id").write_text(f"#!{BASH}\necho 0\n")
    done = run(ROOT / "deploy" / "apt.sh", path=str(system))
    assert done.returncode == 0
    assert (system / "calls").read_text().splitlines() == ["called", "called"]


def test_a_failing_installation_is_told_and_goes_on(system: Path) -> None:
    (system / "id").write_text(f"#!{BASH}\necho 0\n")
    (system / "apt-get").write_text(f"#!{BASH}\necho no such package; exit 100\n")
    done = run(ROOT / "deploy" / "apt.sh", path=str(system))
    assert done.returncode == 0
    assert "no such package" in done.stderr
    assert "going on" in done.stderr


def test_another_system_than_debian_is_left_alone(system: Path) -> None:
    (system / "dpkg-query").unlink()
    assert run(ROOT / "deploy" / "apt.sh", path=str(system)).stderr == ""


def test_an_old_python_is_refused(system: Path) -> None:
    for name in ("python3.10", "python3"):
        (system / name).write_text(f'#!{BASH}\n[[ "$1" == -V ]] && echo Python 3.10.1\nexit 1\n')
        (system / name).chmod(0o755)
    done = run(ROOT / "deploy" / "venv.sh", "python3.10", "stamp", path=str(system))
    assert done.returncode == 1
    assert "3.11 or newer is needed" in done.stderr
