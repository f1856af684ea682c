#!/usr/bin/env bash
# Installs what is missing, says so, and is safe to run again.  tools/setup.sh python | libraries | test
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "Mande: $*" >&2; exit 1; }

# Installs Debian packages, where the machine has apt and we may use it.
install() {
    local missing=()
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    command -v apt-get >/dev/null || fail "please install the equivalents of: ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "please ask an administrator to install: ${missing[*]}"
        as_root=(sudo)
    fi
    echo "Mande: installing ${missing[*]} with apt-get" >&2
    "${as_root[@]}" apt-get update -qq >&2 || fail "apt-get update failed; is the network there?"
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
        fail "apt-get could not install ${missing[*]}; see above"
}

python_environment() {
    local python=${PYTHON:-python3}
    command -v "$python" >/dev/null || install python3
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "Python 3.11 or newer is needed (PYTHON=…)"
    if [ ! -x .venv/bin/python ]; then
        "$python" -c 'import ensurepip' 2>/dev/null || install python3-venv
        echo "Mande: making .venv" >&2
        "$python" -m venv .venv
    fi
    echo "Mande: installing Python packages into .venv" >&2
    .venv/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt >&2 ||
        fail "pip could not install requirements-dev.txt; see above"
    .venv/bin/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . >&2
}

case "${1:-}" in
    python) python_environment ;;
    libraries) install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 ;;
    test)
        install chromium poppler-utils
        command -v javac >/dev/null || install default-jdk-headless
        install libjaxb-java
        ;;
    *) fail "tools/setup.sh python | libraries | test" ;;
esac
