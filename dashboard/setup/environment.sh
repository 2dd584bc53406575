#!/bin/sh
# The virtual environment .venv, made from requirements.txt (and requirements-dev.txt for tests).
# usage: environment.sh wants      names the distribution's package that is missing for it, if any
#        environment.sh run|test   makes it; does nothing, at once, where it is as the files say
set -eu

say() { printf '%s\n' "[python] $*"; }
works() { .venv/bin/python -c 'import pip' >/dev/null 2>&1; }
stamp() { printf '.venv/.made-for-%s-%s' "$1" "$(cat "$@" | cksum | tr ' ' '-')"; }

find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
}

run_stamp=$(stamp requirements.txt)
test_stamp=$(stamp requirements-dev.txt requirements.txt)

wants() {
    if [ -e "$run_stamp" ]; then return; fi
    python=$(find_python)
    if [ -z "$python" ]; then
        echo python3-venv # brings the distribution's python3 along
    elif ! works && ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
    fi
}

make_it() {
    if [ "$1" = run ]; then
        wanted=$run_stamp file=requirements.txt
    else
        wanted=$test_stamp file=requirements-dev.txt
    fi
    if [ -e "$wanted" ] && [ -x .venv/bin/python ]; then return; fi
    if ! works; then
        python=$(find_python)
        if [ -z "$python" ]; then
            say "Python 3.11 or newer is needed; this machine has $(python3 --version 2>/dev/null || echo none)."
            say "Install it, or name it: make run PYTHON=/path/to/python3"
            exit 1
        fi
        say "making the virtual environment .venv with $("$python" --version)…"
        "$python" -m venv --clear .venv
    fi
    say "installing what $file lists (about 90 packages, one to three minutes the first time)…"
    .venv/bin/python -m pip install --disable-pip-version-check --no-input -r "$file" </dev/null
    rm -f .venv/.made-for-*
    : >"$run_stamp" # requirements-dev.txt holds requirements.txt
    : >"$wanted"
    say "ready."
}

case "${1:-run}" in
wants) wants ;;
*) make_it "$1" ;;
esac
