#!/usr/bin/env bash
# Exports the pinned requirements, with hashes and without the address of any package index.
set -euo pipefail
cd "$(dirname "$0")/.."
options=(--quiet --generate-hashes --allow-unsafe --strip-extras --no-header
         --no-emit-index-url --no-emit-find-links --no-emit-trusted-host)
.venv/bin/pip-compile "${options[@]}" --extra postgresql -o requirements.txt pyproject.toml
.venv/bin/pip-compile "${options[@]}" --extra postgresql --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml
sed -i "s|-c .*/requirements.txt|-c requirements.txt|" requirements-dev.txt
