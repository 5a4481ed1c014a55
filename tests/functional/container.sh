#!/bin/sh
# Builds the image where there is no registry of images: a Debian base from packages, then the Dockerfile on top of it.
#   container.sh base IMAGE          a bookworm base with Python and pip, unless that image is there already
#   container.sh build BASE IMAGE    the Dockerfile of this checkout on that base
#   container.sh run ROOT DATA       what the image starts, as its user: read-only root, no capabilities, no network
# `run` takes the command from the environment: USER_ID, ENTRY (words separated by spaces), IMAGE_PATH.
set -eu
: "${DEBIAN_MIRROR:=}" # empty: what debootstrap takes by itself
: "${BUILDAH_ISOLATION:=chroot}"
export BUILDAH_ISOLATION
here=$(cd "$(dirname "$0")/../.." && pwd)

base() {
    buildah inspect --type image "$1" > /dev/null 2>&1 && return
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    debootstrap --variant=minbase --include=python3,python3-venv,python3-pip,ca-certificates bookworm \
        "$work/root" $DEBIAN_MIRROR > "$work/log" 2>&1 || { tail -5 "$work/log" >&2; exit 1; }
    tar -C "$work/root" -cf "$work/root.tar" .
    container=$(buildah from scratch)
    buildah add -q "$container" "$work/root.tar" / > /dev/null
    buildah commit -q --rm "$container" "$1" > /dev/null
}

build() {
    # A proxy that opens TLS is trusted inside the build by the same certificates as outside, and leaves no trace.
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    secrets=
    [ -z "${PIP_CERT:-}" ] || secrets="--secret id=ca,src=$PIP_CERT"
    # shellcheck disable=SC2086
    buildah build -q --layers --format docker --build-arg BASE="$1" $secrets -t "$2" "$here" > "$work/log" 2>&1 \
        || { tail -20 "$work/log" >&2; exit 1; }
}

run() {
    mount --bind "$1" "$1"
    mount --bind "$2" "$1/data"
    mount -o remount,bind,ro "$1"
    mount -t proc proc "$1/proc"
    mount -t tmpfs -o size=64m,mode=1777 tmpfs "$1/tmp"
    # shellcheck disable=SC2086
    exec chroot "$1" setpriv --reuid "$USER_ID" --regid "$USER_ID" --clear-groups --no-new-privs --bounding-set=-all \
        --inh-caps=-all env -i PATH="$IMAGE_PATH" HOME=/tmp PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
        sh -c 'cd /data && exec "$@"' start $ENTRY
}

"$@"
