#!/bin/sh
# The browser that tests drive: the distribution's Chromium, else the one that Playwright fetches.
# usage: browser.sh ready     is there one? (exit code)
#        browser.sh fetch     fetch one where there is none
set -eu

ready() {
    command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 ||
        ls -d "${PLAYWRIGHT_BROWSERS_PATH:-${HOME:-/root}/.cache/ms-playwright}"/chromium* >/dev/null 2>&1
}

if ready; then exit 0; fi
if [ "${1:-fetch}" = ready ]; then exit 1; fi
echo "[browser] this distribution has no Chromium package; fetching one (about 150 MB)…"
exec .venv/bin/python -m playwright install --with-deps chromium </dev/null
