#!/usr/bin/env bash
# Installs the Debian packages that are missing, as root or through sudo; else says which and goes on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

command -v dpkg-query >/dev/null || exit 0 # not a Debian: the packages' names mean nothing here

missing=()
while read -r package; do
    [[ -z "$package" || "$package" == \#* ]] && continue
    state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [[ "$state" == installed ]] || missing+=("$package")
done <deploy/apt-packages.txt
((${#missing[@]})) || exit 0

if [[ "$(id -u)" == 0 ]]; then
    as_root=(env)
elif sudo -n true 2>/dev/null; then
    as_root=(sudo -n env)
else
    echo "make: these Debian packages are missing, install them as root: ${missing[*]}" >&2
    exit 0
fi

echo "make: installing ${#missing[@]} Debian packages" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt=("${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
if ! { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${missing[@]}"; } \
    </dev/null >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "make: not all of them could be installed, going on: ${missing[*]}" >&2
fi
