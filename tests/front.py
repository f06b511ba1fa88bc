"""Debian's nginx in front of a hub, by deploy/hub/nginx.conf's own rules, in a folder apart."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEPLOYED = Path(__file__).resolve().parents[1] / "deploy" / "hub" / "nginx.conf"
STOP_S = 10
STEPS_MAX, STEP_S = 200, 0.02
_MAIN = """
{user}daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    log_format cached '$upstream_cache_status $status $bytes_sent $request_uri';
    access_log {folder}/access.log cached;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u;
    scgi_temp_path {folder}/s;
{site}
}}
"""
_OF_THE_SERVER = {
    "listen 443 ssl http2;": "{listen}",
    "ssl_certificate /etc/ssl/certs/hub.example.fr.pem;": "{certificate}",
    "ssl_certificate_key /etc/ssl/private/hub.example.fr.key;": "",
    "/var/lib/alveole-hub/blobs/": "{blobs}/",
    "/var/cache/nginx/hub": "{folder}/cache",
    "http://127.0.0.1:8642": "{hub}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where it listens (an nginx directive's words), what it stands before, what differs."""

    listen: str
    hub: str
    blobs: Path
    certificate: str = ""
    changes: Mapping[str, str] | None = None


def missing() -> str:
    """Give why there is no nginx here, "" when there is."""
    return "" if shutil.which("nginx") else "nginx isn't installed (deploy/apt-packages.txt)"


def text(folder: Path, site: Site, instead: str = "") -> str:
    """Give the whole configuration; a rule that is no longer in the deployed one is an error."""
    told = deployed = DEPLOYED.read_text(encoding="utf-8")
    for old, new in {**(site.changes or {}), **_OF_THE_SERVER}.items():
        assert old in deployed, f"deploy/hub/nginx.conf no longer says {old!r}"
        filled = new.replace("{listen}", f"listen {site.listen};").replace("{hub}", site.hub)
        filled = filled.replace("{certificate}", site.certificate)
        filled = filled.replace("{blobs}", str(site.blobs)).replace("{folder}", str(folder))
        told = told.replace(old, filled)
    user = "user root;\n" if os.geteuid() == 0 else ""
    return _MAIN.format(user=user, folder=folder, site=instead or told)


class Front:
    """One nginx at a time, in ``folder``; its access log tells hits."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, site: Site, *, instead: str = "") -> None:
        """Start it, with another site ``instead``; raises CalledProcessError when it is refused."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / "nginx.conf"
        file.write_text(text(self.folder, site, instead), encoding="utf-8")
        base = ["nginx", "-p", str(self.folder), "-c", str(file), "-e", str(self.folder / "e.log")]
        subprocess.run([*base, "-t", "-q"], check=True, capture_output=True)
        self._process = subprocess.Popen(base)
        for _ in range(STEPS_MAX):
            if (self.folder / "pid").exists():
                return
            time.sleep(STEP_S)

    @property
    def pid(self) -> int:
        """Its first process; the workers are its children."""
        assert self._process is not None, "it runs"
        return self._process.pid

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(STOP_S)
            self._process = None

    def log(self) -> list[str]:
        """Give the lines of its access log: cache's word, status, bytes with head, address."""
        file = self.folder / "access.log"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []
