// Unpacks what the bench of devices packed: each `.br` file of files/ into a work folder. Plain
// Node, run by the pack's own.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

const from = join(import.meta.dirname, 'files')
const to = process.argv[2]
for (const name of readdirSync(from, { recursive: true })) {
  if (!name.endsWith('.br')) continue
  const path = join(to, name.slice(0, -'.br'.length))
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, brotliDecompressSync(readFileSync(join(from, name))))
}
