"""What is installed on a hub's server is taken by Debian's own programs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

HUB = Path(__file__).resolve().parents[2] / "deploy" / "hub"
UNITS = sorted(file.name for file in HUB.glob("*.service")) + sorted(
    file.name for file in HUB.glob("*.timer")
)


def program(name: str) -> str:
    """Find one of Debian's programs; skips where there is none (never under CI=true)."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        assert os.environ.get("CI") != "true", f"{name} is part of the integration's machine"
        pytest.skip(f"{name} isn't installed")
    return found


def test_nginx_takes_the_site(tmp_path: Path) -> None:
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    make = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    make += ["-keyout", str(key), "-out", str(certificate), "-days", "1", "-subj", "/CN=hub"]
    subprocess.run([program("openssl"), *make], check=True, capture_output=True)
    site = (HUB / "nginx.conf").read_text(encoding="utf-8")
    for there, here in (
        ("/etc/ssl/certs/hub.example.fr.pem", str(certificate)),
        ("/etc/ssl/private/hub.example.fr.key", str(key)),
        ("/var/cache/nginx/hub", str(tmp_path / "cache")),
        ("listen 443", "listen 127.0.0.1:28443"),
    ):
        assert there in site
        site = site.replace(there, here)
    (tmp_path / "site.conf").write_text(site, encoding="utf-8")
    main = f"pid {tmp_path}/pid; error_log stderr; events {{}}\n"
    main += f"http {{ access_log off; include {tmp_path}/site.conf; }}\n"
    (tmp_path / "nginx.conf").write_text(main, encoding="utf-8")
    done = subprocess.run(
        [program("nginx"), "-t", "-q", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", UNITS)
def test_systemd_takes_the_unit(tmp_path: Path, name: str) -> None:
    for unit in UNITS:  # a timer names its service
        text = (HUB / unit).read_text(encoding="utf-8")
        text = re.sub(r"(?m)^(ExecStart=)/opt/alveole/\S+", r"\1/bin/true", text)
        (tmp_path / unit).write_text(text.replace("User=alveole-hub", "User=root"), "utf-8")
    done = subprocess.run(
        [program("systemd-analyze"), "verify", "--man=no", str(tmp_path / name)],
        capture_output=True, text=True, check=False,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )  # fmt: skip
    complaints = [line for line in done.stderr.splitlines() if "alveole" in line]
    assert (done.returncode, complaints) == (0, []), done.stderr
