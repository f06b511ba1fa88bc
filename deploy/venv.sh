#!/usr/bin/env bash
# Makes .venv from requirements.lock (versions and hashes): venv.sh PYTHON STAMP
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=$1 stamp=$2

command -v "$python" >/dev/null || python=python3
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "make: Python 3.11 or newer is needed, $python is $("$python" -V)" >&2
    exit 1
}

echo "make: installing the Python environment" >&2
[[ -x .venv/bin/python ]] || "$python" -m venv .venv
pip=(.venv/bin/python -m pip --quiet --disable-pip-version-check --no-input)
# the lock is complete: nothing is left to resolve
"${pip[@]}" install --require-hashes --no-deps --requirement requirements.lock
# the log is shown only when it fails: setuptools warns at length about editable installs
log=$("${pip[@]}" install --no-build-isolation --no-deps --no-index --editable . 2>&1) || {
    echo "$log" >&2
    exit 1
}
# Shiboken's own Python is packed in its library and compiled anew at each start, 65 ms of CPU;
# unpacked by its own switch, it is compiled once
SBK_EMBED=false .venv/bin/python -c "import PySide6.QtCore"
.venv/bin/python -m compileall -q .venv/lib/python3.*/site-packages/shiboken6/files.dir
touch "$stamp"
