#!/bin/sh
# What the map in the browser is made of: the npm packages that package-lock.json pins, in node_modules.
# usage: assets.sh ready run|test   are they there? (exit code)
#        assets.sh run|test         fetches them; does nothing, at once, where they are there
set -eu

say() { printf '%s\n' "[assets] $*"; }

pinned=$(cat package.json package-lock.json 2>/dev/null | cksum | tr ' ' '-')
with_dev="node_modules/.made-for-test-$pinned"
without_dev="node_modules/.made-for-run-$pinned"

ready() { [ -e "$with_dev" ] || { [ "$1" = run ] && [ -e "$without_dev" ]; }; }

if [ "$1" = ready ]; then
    if ready "$2"; then exit 0; else exit 1; fi
fi
if ready "$1"; then exit 0; fi

if ! command -v npm >/dev/null 2>&1; then
    say "npm is not installed: the browser will take the map's scripts from the CDN, which needs a network there."
    if [ "$1" = test ]; then exit 1; fi
    exit 0
fi
if [ "$1" = run ]; then omit=--omit=dev; else omit=--include=dev; fi
say "fetching the map's scripts and fonts (a few seconds)…"
if npm ci "$omit" --ignore-scripts --no-audit --no-fund </dev/null; then
    if [ "$1" = run ]; then : >"$without_dev"; else : >"$with_dev"; fi
elif [ "$1" = run ]; then
    say "they could not be fetched: the browser will take them from the CDN, which needs a network there."
else
    say "they could not be fetched, and the tests of the pages need them."
    exit 1
fi
