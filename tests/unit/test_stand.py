"""The test stand itself: where there can't be one, it says why."""

from __future__ import annotations

import os
import sys

import pytest

from tests.stand import namespace


def test_a_machine_without_the_tools_is_told_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert namespace.refusal() == "not installed: unshare, ip, mount, pcscd"


def test_a_machine_without_vpcd_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespace, "NEEDED", ("unshare",))
    monkeypatch.setattr(namespace, "DRIVER", "/nonexistent")
    assert "vsmartcard-vpcd isn't installed" in namespace.refusal()


def test_a_machine_that_permits_no_namespaces_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespace, "NEEDED", ())
    monkeypatch.setattr(namespace, "DRIVER", "/dev/null")
    monkeypatch.setattr(
        namespace,
        "entering",
        lambda _: [sys.executable, "-c", "raise SystemExit('unshare failed')"],
    )
    assert namespace.refusal() == "namespaces aren't permitted: unshare failed"


def test_whoever_isnt_root_becomes_it_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "--map-root-user" in namespace.entering(["true"])
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "--map-root-user" not in namespace.entering(["true"])
