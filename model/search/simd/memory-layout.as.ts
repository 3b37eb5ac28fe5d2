// Where codes and ids lie, and their writing, in AssemblyScript (not read by tsc).
//
// [Note: layout of the codes]
// Position p lies in segment p >> 16; a segment holds 65,536 codes as 1,024 groups of 64:
//   near   [1024][near][32] bytes: codewords of the first codebooks, a row for each, in half bytes:
//          lane j of 64 is half j >> 4 & 1 of byte (j >> 5) * 16 + (j & 15)
//   rest   [1024][M - near][32] bytes: of the other codebooks; not read for a group that is far
//   ids    [65536] u32: those of a group whose ids follow each other are not written
//   heads  [1024][16] bytes: u32 first id of the group; u32 1 when the others follow it one by one;
//          u64 the lanes that the last filter to be marked allows
// Segments follow each other from `origin`; what a search needs for itself lies behind the last.
// Memory that was never written takes none of the machine's: where ids are in order, a code takes
// its own bytes and a quarter of one.
import { nearCodebooks } from './scan.as'

/** Codes a segment. */
export const SEGMENT: u32 = 65536

/** How many there are, M. */
export let codebooks: u32 = 0
let origin: usize = 0
/** Codebooks whose rows lie near, even. */
let near: u32 = 0
let segmentBytes: u32 = 0

/** Sets M (4, 8, 16 or 32) and where the first segment lies. */
export function configure(M: u32, firstSegment: usize): void {
  codebooks = M
  origin = firstSegment
  near = nearCodebooks(M)
  segmentBytes = segmentSize(M)
}

/** Bytes of a segment. */
export function segmentSize(M: u32): u32 {
  return SEGMENT * (M / 2 + 4) + (SEGMENT / 64) * 16
}

@inline function segmentOf(position: u32): usize {
  return origin + (position >> 16) * segmentBytes
}

/** The first near row of a group. */
@inline export function nearOf(position: u32): usize {
  return segmentOf(position) + ((position & 65535) >> 6) * near * 32
}

/** The first of its other rows. */
@inline export function restOf(position: u32): usize {
  const group = (position & 65535) >> 6
  return segmentOf(position) + SEGMENT / 2 * near + group * (codebooks - near) * 32
}

/** The byte of a lane in a row. */
@inline export function laneOf(position: u32): u32 {
  return ((position & 32) >> 1) + (position & 15)
}

/** The byte of a lane for codebook 2 j; that for the next codebook is 32 bytes on. */
@inline function pairOf(position: u32, j: u32): usize {
  const m: u32 = 2 * j
  const row = m < near ? nearOf(position) + m * 32 : restOf(position) + (m - near) * 32
  return row + laneOf(position)
}

@inline export function shiftOf(position: u32): u32 {
  return (position & 16) >> 2
}

/** Where the id of a position lies, if it was written (see `headOf`). */
@inline export function idAt(position: u32): usize {
  return segmentOf(position) + SEGMENT * (codebooks / 2) + ((position & 65535) << 2)
}

/** The head of a position's group. */
@inline export function headOf(position: u32): usize {
  return segmentOf(position) + SEGMENT * (codebooks / 2 + 4) + (((position & 65535) >> 6) << 4)
}

// Codes and ids

function writeCode(position: u32, code: usize): void {
  const shift = shiftOf(position)
  const kept: u32 = 0xf0 >> shift
  for (let j: u32 = 0; j < codebooks / 2; j++) {
    const byte = <u32>load<u8>(code + j)
    const even = pairOf(position, j)
    store<u8>(even, (load<u8>(even) & kept) | ((byte & 15) << shift))
    store<u8>(even, (load<u8>(even, 32) & kept) | ((byte >> 4) << shift), 32)
  }
}

function writeBlock(position: u32, codes: usize): void {
  const codeBytes = codebooks / 2
  for (let i: u32 = 0; i < 16; i++) {
    const first = codes + i * codeBytes
    const second = first + 16 * codeBytes
    for (let j: u32 = 0; j < codeBytes; j++) {
      const a = <u32>load<u8>(first + j)
      const b = <u32>load<u8>(second + j)
      const even = pairOf(position + i, j)
      store<u8>(even, (a & 15) | (b << 4))
      store<u8>(even, (a >> 4) | (b & 0xf0), 32)
    }
  }
}

/** Writes codes [count, M/2] to positions from `position` on. */
export function write(position: u32, count: u32, codes: usize): void {
  while (count > 0) {
    const isWhole = (position & 31) == 0 && count >= 32
    if (isWhole) writeBlock(position, codes)
    else writeCode(position, codes)
    const written: u32 = isWhole ? 32 : 1
    position += written
    count -= written
    codes += written * (codebooks / 2)
  }
}

function readCode(position: u32, code: usize): void {
  const lane = laneOf(position)
  const shift = shiftOf(position)
  const last = code + codebooks / 2
  const rest = code + near / 2
  for (let pair = nearOf(position) + lane; code < rest; pair += 64) readByte(pair, shift, code++)
  for (let pair = restOf(position) + lane; code < last; pair += 64) readByte(pair, shift, code++)
}

@inline function readByte(pair: usize, shift: u32, code: usize): void {
  const even = (<u32>load<u8>(pair) >> shift) & 15
  const odd = (<u32>load<u8>(pair, 32) >> shift) & 15
  store<u8>(code, even | (odd << 4))
}

/** Reads codes [count, M/2] and ids [count] of positions from `position` on. */
export function read(position: u32, count: u32, codes: usize, ids: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    readCode(position + i, codes + i * (codebooks / 2))
    store<u32>(ids + i * 4, idOf(position + i))
  }
}

function setId(position: u32, id: u32): void {
  const head = headOf(position)
  if (load<u32>(head, 4) != 0) {
    const first = load<u32>(head)
    if (id == first + (position & 63) && id >= first) return
    // They do not follow each other any more.
    const ids = idAt(position & ~63)
    for (let lane: u32 = 0; lane < 64; lane++) store<u32>(ids + lane * 4, first + lane)
    store<u32>(head, 0, 4)
  }
  store<u32>(idAt(position), id)
}

/** Gives ids [count] to positions from `position` on; the first of a group opens it anew. */
export function name(position: u32, count: u32, ids: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const id = load<u32>(ids + i * 4)
    if (((position + i) & 63) == 0) {
      store<u32>(headOf(position + i), id)
      store<u32>(headOf(position + i), 1, 4)
    } else setId(position + i, id)
  }
}

/** The id at a position. */
@inline export function idOf(position: u32): u32 {
  const head = headOf(position)
  if (load<u32>(head, 4) != 0) return load<u32>(head) + (position & 63)
  return load<u32>(idAt(position))
}

/** Pages of 4096 bytes, 16 groups each, in which ids below `end` were written. */
export function idPages(end: u32): u32 {
  let pages: u32 = 0
  for (let page: u32 = 0; page < end; page += 1024) {
    let isWritten = false
    for (let position = page; position < min(end, page + 1024); position += 64)
      if (load<u32>(headOf(position), 4) == 0) isWritten = true
    if (isWritten) pages++
  }
  return pages
}

/** Puts the code and id of one position in the place of another's. `scratch` takes M/2 bytes. */
export function move(from: u32, to: u32, scratch: usize): void {
  readCode(from, scratch)
  writeCode(to, scratch)
  setId(to, idOf(from))
}
