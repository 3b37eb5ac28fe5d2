#!/bin/sh
# A writer of Parquet takes vectors of numbers as plain arrays only: typed arrays are refused.
#
# hyparquet-writer 0.17.0 writes a column of lists of floats if each row is an Array. A row that is
# a Float32Array, as vectors of machine learning come, throws "must be an array" once the column is
# encoded, though a whole column of plain floats may be a Float32Array. So each vector has to be
# copied into an Array first. hyparquet 1.31.5 reads back what was written.
#
# Seen on Node 20.20.2 (Linux, x64), of two rows of three numbers:
#   plain column, Float32Array: written    lists, arrays: written    lists, Float32Arrays: refused
#
# Needs: sh, node, npm.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund hyparquet-writer@0.17.0

cat > finding.mjs <<'END'
import { parquetReadObjects } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'

const schema = [
  { name: 'root', num_children: 1 },
  { name: 'vector', repetition_type: 'REQUIRED', converted_type: 'LIST', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', repetition_type: 'REQUIRED', type: 'FLOAT' }
]
const rows = [[1, 2, 3], [4, 5, 6]]

async function outcome(column, schema) {
  try {
    const file = parquetWriteBuffer({ columnData: [column], ...(schema && { schema }) })
    const read = await parquetReadObjects({ file })
    return `written, ${JSON.stringify(read.map((row) => Object.values(row)[0]))}`
  } catch (error) {
    return `refused, ${error.message}`
  }
}

const seen = [
  await outcome({ name: 'number', data: Float32Array.of(1, 2), type: 'FLOAT' }),
  await outcome({ name: 'vector', data: rows }, schema),
  await outcome({ name: 'vector', data: rows.map((row) => Float32Array.from(row)) }, schema)
]
console.log(seen.join('\n'))
const isAsSeen =
  seen[0] === 'written, [1,2]' &&
  seen[1] === 'written, [[1,2,3],[4,5,6]]' &&
  /^refused, .*must be an array/.test(seen[2])
if (!isAsSeen) {
  console.log('This is not what was seen before.')
  process.exit(1)
}
END
node finding.mjs
