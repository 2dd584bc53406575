#!/bin/sh
# Installs the distribution's packages that are missing; does nothing, at once, where there is nothing to do.
# usage: packages.sh run|test
set -eu
purpose=${1:-run}
here=$(dirname "$0")
missing=""

say() { printf '%s\n' "[packages] $*"; }
need() { missing="$missing $*"; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        say "missing on this machine:$wanted"
        say "installing that needs root, and sudo is not installed: run this command once as root."
        exit 1
    fi
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@" </dev/null; }
update_lists() {
    if [ -z "${updated:-}" ]; then
        say "reading the package lists…"
        apt update -q || say "not every package list could be read; going on with those that are there."
        updated=yes
    fi
}
available() { apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [0-9]'; }

# Major versions of PostgreSQL whose server is installed, and those that have PostGIS too.
servers() {
    for folder in /usr/lib/postgresql/*/bin; do
        if [ -x "$folder/initdb" ]; then basename "$(dirname "$folder")"; fi
    done | sort -n
}
has_postgis() {
    for major in $(servers); do
        if [ -e "/usr/share/postgresql/$major/extension/postgis.control" ]; then return 0; fi
    done
    command -v pg_config >/dev/null 2>&1 && [ -x "$(pg_config --bindir)/initdb" ] &&
        [ -e "$(pg_config --sharedir)/extension/postgis.control" ]
}
want_server=no
want_client=no
want_npm=no
want_browser=no
want_font=no
wanted="" # in words, for a person who has to install it by hand
if [ "$purpose" = run ] && [ -n "${WATCH_DB_URL:-}" ]; then
    if ! command -v pg_dump >/dev/null 2>&1; then # for db backup and db restore
        want_client=yes wanted="$wanted postgresql-client"
    fi
elif ! has_postgis; then
    want_server=yes wanted="$wanted postgresql with postgis"
fi
want_python=$(sh "$here/environment.sh" wants)
if [ -n "$want_python" ]; then wanted="$wanted $want_python"; fi
if ! command -v npm >/dev/null 2>&1 && ! sh "$here/assets.sh" ready "$purpose"; then
    want_npm=yes wanted="$wanted npm"
fi
if [ "$purpose" = test ]; then
    if ! sh "$here/browser.sh" ready; then want_browser=yes wanted="$wanted chromium"; fi
    if ! command -v fc-list >/dev/null 2>&1 || [ -z "$(fc-list :lang=th 2>/dev/null)" ]; then
        want_font=yes wanted="$wanted fonts-tlwg-loma-ttf"
    fi
fi
if [ -z "$wanted" ]; then exit 0; fi
if [ "$wanted" = " npm" ] && [ "$purpose" = run ] && [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null 2>&1; then
    exit 0 # the pages work without it, and assets.sh says so
fi

if ! command -v apt-get >/dev/null 2>&1; then
    say "this machine has no apt-get. Install by hand:$wanted; then run this command again."
    exit 1
fi
update_lists

if [ -n "$want_python" ]; then need "$want_python"; fi
if [ "$want_client" = yes ]; then need postgresql-client; fi
if [ "$want_server" = yes ]; then
    major=$(servers | tail -n 1)
    if [ -z "$major" ]; then
        major=$(apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: postgresql-\([0-9][0-9]*\)$/\1/p' | head -n 1)
    fi
    if [ -z "$major" ] || ! available "postgresql-$major-postgis-3"; then
        say "the package sources of this machine have no PostGIS (looked for postgresql-${major:-N}-postgis-3)."
        say "Add the distribution's main or universe source, or name a PostGIS database in WATCH_DB_URL."
        exit 1
    fi
    need "postgresql-$major" "postgresql-$major-postgis-3"
    if [ ! -d /etc/postgresql-common ]; then
        # The dashboard runs a cluster of its own, so the one that the package would make is not wanted.
        as_root mkdir -p /etc/postgresql-common/createcluster.d
        echo "create_main_cluster = false" |
            as_root tee /etc/postgresql-common/createcluster.d/nts-mekong-watch.conf >/dev/null
    fi
fi
if [ "$want_npm" = yes ]; then
    if available npm; then
        need npm
    else
        say "npm is not available here."
    fi
fi
if [ "$want_font" = yes ]; then need fontconfig fonts-tlwg-loma-ttf; fi
# Where the distribution has Chromium only as a snap, browser.sh fetches one.
if [ "$want_browser" = yes ] && available chromium; then need chromium; fi

if [ -n "$missing" ]; then
    say "installing:$missing (one to five minutes)…"
    # shellcheck disable=SC2086 # a list of names
    apt install -y -q --no-install-recommends $missing
    say "installed."
fi
