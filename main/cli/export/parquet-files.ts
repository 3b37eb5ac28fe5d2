// An export as tables of Parquet: photos.parquet, and codebooks.parquet where a model serves.
// docs/export.md says what is in each column. Pure, but for the files that it is given.
import { joinedHalves } from '../../engine/joined.ts'
import type { TakenPhoto } from '../../engine/api.ts'
import { K, fromHalves, kinshipRows } from '../../../model/retrieval.ts'
import type { Codebooks } from '../../../model/retrieval.ts'
import { beginParquet } from './parquet-file.ts'
import type { Column, Rows } from './parquet-file.ts'
import type { ExportFolder } from './export-folder.ts'
import type { PhotoFiles, Taken } from './written-photos.ts'

const FACTS: readonly Column[] = [
  { name: 'id', type: 'whole' },
  { name: 'path', type: 'text' },
  { name: 'hash', type: 'text' },
  { name: 'width', type: 'integer' },
  { name: 'height', type: 'integer' },
  { name: 'file_size', type: 'whole' },
  { name: 'date', type: 'moment', isOptional: true },
  { name: 'date_source', type: 'text', isOptional: true },
  { name: 'favourite', type: 'boolean' },
  { name: 'rating', type: 'integer' },
  { name: 'companions', type: 'texts' }
]

/** Begins the tables. */
export function beginParquetFiles(folder: ExportFolder, { quantizer }: Taken): PhotoFiles {
  if (quantizer) writeCodebooks(folder, quantizer.codebooks)
  const columns = quantizer ? [...FACTS, ...vectorColumns(quantizer.codebooks)] : FACTS
  const table = beginParquet(folder.create('photos.parquet'), columns)
  return {
    add(photos) {
      const vectors = quantizer ? vectorsOf(photos, quantizer.codebooks) : {}
      table.write({ ...factColumns(photos), ...vectors })
    },
    finish: () => table.finish()
  }
}

function vectorColumns({ M }: Codebooks): Column[] {
  return [
    { name: 'descriptor', type: 'numbers' },
    { name: 'kinship', type: 'numbers' },
    { name: 'code', type: { bytes: M / 2 } }
  ]
}

function factColumns(photos: readonly TakenPhoto[]): Rows {
  return {
    id: photos.map(({ id }) => BigInt(id)),
    path: photos.map(({ path }) => path),
    hash: photos.map(({ hash }) => hash),
    width: photos.map(({ width }) => width),
    height: photos.map(({ height }) => height),
    file_size: photos.map(({ fileSize }) => BigInt(fileSize)),
    date: photos.map(({ date }) => (date === null ? null : BigInt(Math.round(date)))),
    date_source: photos.map(({ dateSource }) => dateSource),
    favourite: photos.map(({ favourite }) => favourite),
    rating: photos.map(({ rating }) => rating),
    companions: photos.map(({ companions }) => companions)
  }
}

function vectorsOf(photos: readonly TakenPhoto[], { M, L }: Codebooks): Rows {
  const encodings = photos.flatMap(({ encoding }) => encoding ?? [])
  const descriptors = fromHalves(joinedHalves(encodings.map(({ descriptor }) => descriptor)))
  const projected = fromHalves(joinedHalves(encodings.map(({ projected }) => projected)))
  return {
    descriptor: rowsOf(descriptors, encodings.length),
    kinship: rowsOf(kinshipRows(descriptors, M * L, projected), encodings.length),
    code: encodings.map(({ code }) => code)
  }
}

function writeCodebooks(folder: ExportFolder, { M, L, values }: Codebooks): void {
  const table = beginParquet(folder.create('codebooks.parquet'), [
    { name: 'codebook', type: 'integer' },
    { name: 'codeword', type: 'integer' },
    { name: 'values', type: 'numbers' }
  ])
  const places = Array.from({ length: M * K }, (_, place) => place)
  table.write({
    codebook: places.map((place) => Math.floor(place / K)),
    codeword: places.map((place) => place % K),
    values: places.map((place) => Array.from(values.subarray(place * L, (place + 1) * L)))
  })
  table.finish()
}

/** The n rows of a matrix. */
function rowsOf(numbers: Float32Array, n: number): number[][] {
  const size = numbers.length / n
  return Array.from({ length: n }, (_, row) =>
    Array.from(numbers.subarray(row * size, (row + 1) * size))
  )
}
