// What a filter allows, marked in the heads of groups (see memory-layout.as.ts), in AssemblyScript
// (not read by tsc). filtered-search.ts says what is done with marks.
import { SEGMENT, codebooks, headOf, idAt, read } from './memory-layout.as'

/** The lanes that are marked in a position's group. */
@inline export function marksOf(position: u32): u64 {
  return load<u64>(headOf(position), 8)
}

/** Groups that hold marks, of those that were marked last. */
export function markedGroups(): u32 {
  return groups
}
let groups: u32 = 0

let filterAt: usize = 0
let filterBits: u32 = 0
/** About how much it allows, of all. */
export let filterShare: f64 = 0

/** Sets the filter of `lanesOf`, as `mark` takes it, and about how much it allows, of all. */
export function readFilter(filter: usize, bits: u32, share: f64): void {
  filterShare = share
  filterAt = filter
  filterBits = bits
}

/** The lanes of a group that the filter allows, those behind the last code included. */
@inline export function lanesOf(position: u32, head: usize): u64 {
  return load<u32>(head, 4) != 0
    ? bitsFrom(load<u32>(head), filterAt, filterBits)
    : bitsOf(position, filterAt, filterBits)
}

/**
 * Marks those of `count` positions from `position`, a multiple of 64, on whose ids a filter allows;
 * returns how many. The filter has `bits` bits, a multiple of 64, and 8 bytes of zeros behind them.
 */
export function mark(position: u32, count: u32, filter: usize, bits: u32): u32 {
  let marked: u32 = 0
  groups = 0
  readFilter(filter, bits, 0)
  const end = position + count
  while (position < end) {
    const stop = min(end, (position | (SEGMENT - 1)) + 1)
    for (let head = headOf(position); position < stop; position += 64, head += 16) {
      let lanes = lanesOf(position, head)
      if (stop - position < 64) lanes &= (<u64>1 << (stop - position)) - 1
      store<u64>(head, lanes, 8)
      marked += <u32>popcnt(lanes)
      groups += u32(lanes != 0)
    }
  }
  return marked
}

/** 64 bits of a filter from bit `first` on: the spare ones behind the last are zeros. */
@inline function bitsFrom(first: u32, filter: usize, bits: u32): u64 {
  if (first >= bits) return 0
  const word = filter + ((first >> 6) << 3)
  const shift = first & 63
  return (load<u64>(word) >> shift) | (load<u64>(word, 8) << 1 << (63 - shift))
}

/** The bits of the 64 ids of a group. */
function bitsOf(position: u32, filter: usize, bits: u32): u64 {
  const ids = idAt(position)
  let lanes: u64 = 0
  for (let lane: u32 = 0; lane < 64; lane++) {
    const id = load<u32>(ids + lane * 4)
    if (id < bits) lanes |= <u64>((<u32>load<u8>(filter + (id >> 3)) >> (id & 7)) & 1) << lane
  }
  return lanes
}

/** Writes the marked ones of `count` positions from `position` on, u32; returns how many. */
export function listMarked(position: u32, count: u32, out: usize): u32 {
  let listed: u32 = 0
  const end = position + count
  for (; position < end; position += 64)
    for (let lanes = marksOf(position); lanes != 0; lanes &= lanes - 1)
      store<u32>(out + listed++ * 4, position + <u32>ctz(lanes))
  return listed
}

/** As `read`, but only those that are marked; returns how many. */
export function readMarked(position: u32, count: u32, codes: usize, ids: usize): u32 {
  let done: u32 = 0
  const end = position + count
  for (; position < end; position += 64)
    for (let lanes = marksOf(position); lanes != 0; lanes &= lanes - 1, done++)
      read(position + <u32>ctz(lanes), 1, codes + done * (codebooks / 2), ids + done * 4)
  return done
}
