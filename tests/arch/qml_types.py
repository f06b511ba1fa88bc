"""The type lint of QML: writes the types of our Python classes for qmllint, then runs it.

Run as a script (``--format`` checks qmlformat's layout instead); exits 1 on any warning.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import PySide6

ROOT = Path(__file__).resolve().parents[2]
QT = Path(PySide6.__file__).parent
TOOLS = Path(sys.executable).parent
MODULE, MAJOR = "Alveole.Models", 1
TOOL_TIMEOUT_S = 120


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        timeout=TOOL_TIMEOUT_S,
        check=False,
    )


BASES = ("base", "told")  # the files whose classes others inherit, in this order by name


def registered(folder: Path) -> list[Path]:
    """Give the Python files that hold QObjects for QML, base classes first.

    The tool knows a base class only once it has read it.
    """
    words = ("QmlElement", "QObject", "QAbstract", "QQuick", "QtQuick")
    files = sorted(folder.rglob("*.py"), key=lambda file: (file.stem not in BASES, file))
    return [f for f in files if any(word in f.read_text(encoding="utf-8") for word in words)]


def write_types(sources: Sequence[Path], build: Path) -> Path:
    """Write qmldir and qmltypes of our module below ``build``; gives the import folder.

    Raises RuntimeError with the tool's words when a tool fails.
    """
    folder = build.joinpath(*MODULE.split("."))
    folder.mkdir(parents=True, exist_ok=True)
    dump, types = build / "types.json", folder / "models.qmltypes"
    metatypes = QT / "Qt" / "metatypes"
    foreign = ",".join(
        str(metatypes / f"qt6{name}_metatypes.json") for name in ("core", "gui", "qml", "quick")
    )
    steps: tuple[tuple[str | Path, ...], ...] = (
        (TOOLS / "pyside6-metaobjectdump", "--out-file", dump, *sources),
        (
            *(TOOLS / "pyside6-qmltyperegistrar", "--foreign-types", foreign),
            *("--generate-qmltypes", types, "--import-name", MODULE),
            *("--major-version", str(MAJOR), "-o", build / "registrar.cpp", dump),
        ),
    )
    for step in steps:
        done = _run(*step)
        if done.returncode:
            raise RuntimeError(f"{Path(step[0]).name}: {done.stdout}{done.stderr}")
    (folder / "qmldir").write_text(f"module {MODULE}\ntypeinfo models.qmltypes\n")
    return build


def lint(files: Sequence[Path], imports: Sequence[Path]) -> str:
    """Give qmllint's complaints about ``files``, "" when it has none."""
    where = [part for folder in imports for part in ("-I", folder)]
    done = _run(TOOLS / "pyside6-qmllint", "--ignore-settings", "-W", "0", *where, *files)
    return f"{done.stdout}{done.stderr}" if done.returncode else ""


def unformatted(files: Sequence[Path]) -> list[Path]:
    """Give the files that qmlformat would write otherwise."""
    format_of = TOOLS / "pyside6-qmlformat"
    return [f for f in files if _run(format_of, f).stdout != f.read_text(encoding="utf-8")]


def main(root: Path = ROOT) -> int:
    """Lint ui/qml, or check its layout; gives the exit code."""
    files = sorted((root / "ui" / "qml").rglob("*.qml"))
    if "--format" in sys.argv:
        wrong = [f"{f.relative_to(root)}: run `make fmt`\n" for f in unformatted(files)]
        sys.stdout.writelines(wrong)
        return bool(wrong)
    imports = write_types(registered(root / "ui"), root / "build" / "qml")
    complaints = lint(files, [imports, root / "ui" / "qml"]) if files else ""
    sys.stdout.write(complaints)
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
