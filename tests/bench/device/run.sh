#!/bin/sh
# Measures the devices of this machine: unpacks Node into a temporary folder, which does the rest.
# Needs nothing but sh and gzip (xz or python3 for a small pack), and no network.
set -eu
PATH="${PATH:+$PATH:}/usr/local/bin:/usr/bin:/bin"
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/kindred-device-XXXXXX")
trap 'rm -rf "$work"' EXIT
if [ -f "$here/node.gz" ]; then
  gzip -dc "$here/node.gz" > "$work/node"
elif command -v xz > /dev/null; then
  xz -dc "$here/node.xz" > "$work/node"
else
  unxz='import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.argv[1]), sys.stdout.buffer)'
  python3 -c "$unxz" "$here/node.xz" > "$work/node"
fi
chmod 755 "$work/node"
"$work/node" "$here/unpack.mjs" "$work"
"$work/node" "$work/tests/bench/device/start.mjs" "$@"
