// Tables of Parquet, a group of rows at a time. The only file that knows the Parquet library.
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { ExportFile } from './export-folder.ts'

/** What a column holds. A list has numbers or texts in each row; bytes are of one length. */
export type ColumnType =
  | 'integer' // 32 bits
  | 'whole' // 64 bits
  | 'text'
  | 'boolean'
  | 'moment' // ms since 1970, as a clock showed it: of no time zone
  | 'numbers' // list of 32-bit floats
  | 'texts' // list
  | { bytes: number }

export interface Column {
  name: string
  type: ColumnType
  /** Whether a row may have none (null). */
  isOptional?: boolean
}

/** A row of a table: a value for each column, by name. */
export type Cell = number | bigint | string | boolean | Uint8Array | number[] | string[] | null
export type Rows = Readonly<Record<string, Cell[]>>

export interface ParquetFile {
  /** Writes rows as one group: of each column the same number of values. */
  write(columns: Rows): void
  /** The table is whole then. */
  finish(): void
}

type Schema = ConstructorParameters<typeof ParquetWriter>[0]['schema']

/** Begins a table. */
export function beginParquet(file: ExportFile, columns: readonly Column[]): ParquetFile {
  const bytes = new ByteWriter()
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [{ name: 'kindred', num_children: columns.length }, ...columns.flatMap(elementsOf)],
    createdBy: 'kindred'
  })
  /** What lies in memory goes to the file; `offset` counts on. */
  function flush(): void {
    file.write(bytes.getBytes())
    bytes.index = 0
  }
  return {
    write(rows) {
      const columnData = columns.map((column) => ({
        name: column.name,
        data: rows[column.name] ?? [],
        ...waysOf(column)
      }))
      writer.write({ columnData, rowGroupSize: Math.max(1, columnData[0]?.data.length ?? 0) })
      flush()
    },
    finish() {
      writer.finish()
      flush()
    }
  }
}

/** Vectors hold nothing that compresses or that a reader could skip rows by. */
function waysOf({ type }: Column): object {
  const isVector = type === 'numbers' || typeof type === 'object'
  return isVector ? { codec: 'UNCOMPRESSED', encoding: 'PLAIN', statistics: false } : {}
}

function elementsOf({ name, type, isOptional = false }: Column): Schema {
  const repetition_type = isOptional ? 'OPTIONAL' : 'REQUIRED'
  if (type === 'numbers' || type === 'texts') {
    const kind = type === 'numbers' ? ({ type: 'FLOAT' } as const) : TEXT
    return [
      { name, repetition_type, num_children: 1, converted_type: 'LIST' },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', repetition_type: 'REQUIRED', ...kind }
    ]
  }
  if (typeof type === 'object')
    return [{ name, repetition_type, type: 'FIXED_LEN_BYTE_ARRAY', type_length: type.bytes }]
  return [{ name, repetition_type, ...KINDS[type] }]
}

const TEXT = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const
const KINDS = {
  integer: { type: 'INT32' },
  whole: { type: 'INT64' },
  text: TEXT,
  boolean: { type: 'BOOLEAN' },
  moment: {
    type: 'INT64',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MILLIS' }
  }
} as const
