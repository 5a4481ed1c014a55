#!/bin/sh
# The first start on an empty volume writes a configuration, feeds and rules to begin with; what is there already stays.
set -eu
if [ "${1:-}" = run ] && [ ! -e monitor.yaml ]; then
    new=$(mktemp -d)/new
    monitor init "$new" > /dev/null
    for part in "$new"/*; do
        [ -e "${part##*/}" ] || cp -R "$part" .
    done
fi
exec monitor "$@"
