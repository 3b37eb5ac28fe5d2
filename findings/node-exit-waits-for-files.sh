#!/bin/sh
# process.exit() of Node waits for file calls that are out, for ever where a disk does not answer.
#
# Node makes asynchronous file calls in threads of libuv's pool. uv_library_shutdown, which the C
# library runs within exit(), joins these threads, so a process with a call out ends when that is
# answered. The documentation says that process.exit() ends the process "even if there are still
# asynchronous operations pending". The same holds for worker_threads: worker.terminate() of one with
# such a call never resolves. A signal ends both.
#
# Seen with Node 20.20.2 and 24.22.3 on Linux.
#
# The script opens a pipe that nobody writes to, which hangs as a share that does not answer does,
# and calls process.exit(), in the process and in a worker, each of which gets three seconds. It
# fails once one of them ends by itself.
#
# Needs: sh, node 20 or later, mkfifo and timeout (coreutils).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkfifo pipe

cat > process.mjs <<'END'
import { open } from 'node:fs/promises'
open('pipe', 'r')
setTimeout(() => process.exit(0), 200)
END
cat > worker.mjs <<'END'
import { Worker } from 'node:worker_threads'
const worker = new Worker(`require('fs').promises.open('pipe', 'r')`, { eval: true })
setTimeout(() => worker.terminate().then(() => console.log('terminated')), 200)
END

for script in process worker; do
  code=0
  timeout -s KILL 3 node $script.mjs || code=$?
  echo "$script: exit code $code" # 137: killed
  [ "$code" = 137 ] || { echo 'not as described any more'; exit 1; }
done
