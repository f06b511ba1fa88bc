#!/usr/bin/env bash
# Makes requirements.lock again from pyproject.toml: versions and hashes, no download addresses.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=$1

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"$python" -m venv "$tools"
"$tools/bin/python" -m pip --quiet --disable-pip-version-check install uv
"$tools/bin/uv" pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url \
    --no-emit-find-links --no-header --no-annotate --group dev pyproject.toml -o requirements.lock
