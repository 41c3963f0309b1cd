#!/usr/bin/env bash
# Run a command with DATABASE_URL set to a throwaway PostgreSQL server: tests/postgres.sh pytest …
# Without a PostgreSQL server on this machine nothing is run, and that is said.
set -euo pipefail

bin=$(dirname "$(command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -1 || true)")
if [[ ! -x $bin/initdb ]]; then
    echo "PostgreSQL is not installed: its tests are skipped. On Debian: apt-get install postgresql"
    exit 0
fi

folder=$(mktemp -d)
as_server=()
if ((EUID == 0)); then # PostgreSQL refuses to run as root
    chown postgres "$folder"
    as_server=(runuser -u postgres --)
fi
stop() {
    "${as_server[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate -s stop || true
    rm -rf "$folder"
}
trap stop EXIT

port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
(
    cd "$folder" # a folder that the server's user may read
    "${as_server[@]}" "$bin/initdb" -D data -U storewarden -A trust -E UTF8 --locale C >initdb.log
    # Nothing is worth keeping here, so nothing waits for the disk.
    "${as_server[@]}" "$bin/pg_ctl" -D data -l "$folder/server.log" -s -w start -o \
        "-p $port -h 127.0.0.1 -k $folder -N 200 -F -c synchronous_commit=off -c full_page_writes=off"
)
DATABASE_URL="postgres://storewarden@127.0.0.1:$port/postgres" "$@"
