// The kernel of the scan, in AssemblyScript (compiled to WebAssembly; not read by tsc). The
// engine's process runs it. It knows one memory and no file; store.ts is its other half,
// generate.mjs writes scan.as.ts. A filter of saturating bytes, which may only let too many codes
// through, is followed by the exact distance of code-index.ts (the layout of fast scan: Andre et
// al., "Quicker ADC", 2019).
import { exact4, exact8, exact16, exact32, scan4, scan8, scan16, scan32 } from './scan.as'
import { SEGMENT, books, idOf, laneOf, nearOf, rangeAt, restOf, shiftOf } from './layout.as'

/** Where the caller puts the distances, f32 [M, 16]. */
export const TABLE: usize = 1024
/** The distances as bytes, [M, 16]. */
export const BYTES: usize = 4096
/** The least distance of each book, f32 [M]. */
const LEAST: usize = 8192
/** Positions that wait to be measured, u32 [128], and their ids. */
const WAITING: usize = 12288
const WAITING_IDS: usize = 12800

/** Codes that are measured together; then the limit is taken over into the bytes. At most 64. */
const FLUSH_AFTER: u32 = 24

let heap: usize = 0
let heapSize: u32 = 0
let heapMost: u32 = 0
/** No code above this distance is wanted. */
let limit: f32 = 0
let leastSum: f64 = 0
let rounding: f64 = 0
/** Positions from here on are not scanned. */
let end: u32 = 0
let filter: usize = 0
let filterBits: u32 = 0
let waiting: u32 = 0

/** Exact distances computed by this search. */
let evaluated: u32 = 0
let isSampling: bool = false
/** Exact distances that may yet be computed before a sample is taken. */
let allowance: i32 = 0
let patience: i32 = 1

// The k nearest: a heap of keys, the greatest on top. A key holds the distance, made to order as an
// unsigned number, above the id: so (distance, id) is ordered by one comparison. A zero is +0.

@inline function keyOf(distance: f32, id: u32): u64 {
  const bits = reinterpret<i32>(distance + 0)
  return (<u64>(<u32>bits ^ (<u32>(bits >> 31) | 0x80000000)) << 32) | id
}

@inline function distanceOf(key: u64): f32 {
  const ordered = <u32>(key >> 32)
  return reinterpret<f32>(ordered ^ (<u32>(<i32>~ordered >> 31) | 0x80000000))
}

/** Puts `key` where it belongs at or under the hole at the top of a heap of `size`. */
function sink(key: u64, size: u32): void {
  let hole: u32 = 0
  for (let child: u32 = 1; child < size; child = 2 * hole + 1) {
    const left = load<u64>(heap + child * 8)
    const right = load<u64>(heap + child * 8, 8)
    const isRight = u32(child + 1 < size) & u32(right > left)
    const greater = isRight ? right : left
    if (greater <= key) break
    store<u64>(heap + hole * 8, greater)
    hole = child + isRight
  }
  store<u64>(heap + hole * 8, key)
}

function rise(key: u64): void {
  let hole = heapSize++
  while (hole > 0) {
    const parent = (hole - 1) >> 1
    const above = load<u64>(heap + parent * 8)
    if (above >= key) break
    store<u64>(heap + hole * 8, above)
    hole = parent
  }
  store<u64>(heap + hole * 8, key)
}

@inline function offer(key: u64): void {
  if (heapSize == heapMost) {
    if (key >= load<u64>(heap)) return
    sink(key, heapSize)
  } else {
    if (distanceOf(key) > limit) return
    rise(key)
    if (heapSize < heapMost) return
  }
  limit = distanceOf(load<u64>(heap))
}

/** How many were found so far. */
export function found(): u32 {
  return heapSize
}

/** Sorts what was found, nearest first: entries (f32 distance, u32 id) at `begin`'s `space`. */
export function finish(): u32 {
  for (let size = heapSize; size > 1; ) {
    const last = load<u64>(heap + --size * 8)
    store<u64>(heap + size * 8, load<u64>(heap))
    sink(last, size)
  }
  for (let i: u32 = 0; i < heapSize; i++) {
    const key = load<u64>(heap + i * 8)
    store<f32>(heap + i * 8, distanceOf(key))
    store<u32>(heap + i * 8, <u32>key, 4)
  }
  return heapSize
}

/** Exact distances that this search computed. */
export function evaluations(): u32 {
  return evaluated
}

// The bytes
//
// [Note: why no near code is lost]
// With T the limit and min_m the least entry of book m, an entry becomes the byte
// floor((entry - min_m) * 254 / R), at most 255, with R = T - sum of min_m + E. Sums of bytes
// saturate. A sum of 255 means that the entries add up to more than sum of min_m + 255/254 R > T +
// E; E is more than f32 addition can err, so the exact distance is above T. The spare 1/254 covers
// the rounding of these products in f32. A smaller factor only lets more codes through: so it may
// be capped.

function quantise(): void {
  const range = <f64>limit - leastSum + rounding
  const factor = f32x4.splat(<f32>min(254 / max(range, 0), 3e38))
  for (let m: usize = 0; m < books; m++) {
    const row = TABLE + m * 64
    const least = v128.load32_splat(LEAST + m * 4)
    const low = i16x8.narrow_i32x4_s(quarter(row, least, factor), quarter(row + 16, least, factor))
    const high = i16x8.narrow_i32x4_s(
      quarter(row + 32, least, factor), quarter(row + 48, least, factor)
    )
    v128.store(BYTES + m * 16, i8x16.narrow_i16x8_u(low, high))
  }
}

@inline function quarter(entries: usize, least: v128, factor: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.sub(v128.load(entries), least), factor))
}

/**
 * Opens a search for the k >= 1 nearest by the table at TABLE. `space` takes 16 k + 16 bytes.
 * `filterBytes` (0: none) hold `bits` bits, a multiple of 64, and 8 bytes of zeros behind them.
 */
export function begin(k: u32, space: usize, filterBytes: usize, bits: u32): void {
  heap = space
  heapMost = k
  heapSize = 0
  filter = filterBytes
  filterBits = bits
  limit = Infinity
  evaluated = 0
  waiting = 0
  patience = 1
  leastSum = 0
  let greatest: f64 = 0
  for (let m: usize = 0; m < books; m++) {
    let low: f32 = Infinity
    let high: f32 = 0
    for (let i: usize = 0; i < 16; i++) {
      const entry = load<f32>(TABLE + (m * 16 + i) * 4)
      low = min(low, entry)
      high = max(high, abs(entry))
    }
    store<f32>(LEAST + m * 4, low)
    leastSum += low
    greatest += high
  }
  // Such sums could overflow f32: then the bytes let everything through.
  rounding = greatest < 1e37 ? greatest * books * 1.2e-7 : Infinity
}

// The scan

@inline function exact(position: u32): f32 {
  const near = nearOf(position) + laneOf(position)
  const rest = restOf(position) + laneOf(position)
  const shift = shiftOf(position)
  if (books == 16) return exact16(near, rest, shift)
  if (books == 8) return exact8(near, rest, shift)
  if (books == 4) return exact4(near, rest, shift)
  return exact32(near, rest, shift)
}

@inline function allows(id: u32): bool {
  return id < filterBits && ((<u32>load<u8>(filter + (id >> 3)) >> (id & 7)) & 1) != 0
}

/** Those lanes of a group in `mask` that the filter allows. */
function allowed(position: u32, mask: u64): u64 {
  const range = rangeAt(position)
  if (load<u32>(range, 8) != 0) {
    // Its ids follow each other, and so do their bits; there are spare ones behind the last.
    const first = load<u32>(range)
    if (first >= filterBits) return 0
    const word = filter + ((first >> 6) << 3)
    const shift = first & 63
    const low = load<u64>(word) >> shift
    return mask & (shift == 0 ? low : low | (load<u64>(word, 8) << (64 - shift)))
  }
  let kept: u64 = 0
  for (; mask != 0; mask &= mask - 1) {
    const lane = <u32>ctz(mask)
    if (allows(idOf(position + lane))) kept |= <u64>1 << lane
  }
  return kept
}

/** Measures the codes at positions [count] exactly; the filter is not asked. */
export function measure(positions: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(WAITING + waiting++ * 4, load<u32>(positions + i * 4))
    if (waiting == 64) flush()
  }
  flush()
}

/** Called by the scan for a group of which lanes in `mask` may be near enough: they wait. */
export function survive(position: u32, mask: u64): void {
  if (position + 64 > end) mask &= (<u64>1 << (end - position)) - 1
  if (filter != 0) mask = allowed(position, mask)
  for (; mask != 0; mask &= mask - 1)
    store<u32>(WAITING + waiting++ * 4, position + <u32>ctz(mask))
  if (waiting < FLUSH_AFTER) return
  allowance -= waiting
  flush()
  quantise()
  if (!isSampling && allowance < 0) sample(position + 64)
}

/** Measures those that wait: each step for all of them, so that what one waits for overlaps. */
function flush(): void {
  for (let i: u32 = 0; i < waiting; i++)
    store<u32>(WAITING_IDS + i * 4, idOf(load<u32>(WAITING + i * 4)))
  for (let i: u32 = 0; i < waiting; i++)
    store<f32>(WAITING + i * 4, exact(load<u32>(WAITING + i * 4)))
  for (let i: u32 = 0; i < waiting; i++) {
    const distance = load<f32>(WAITING + i * 4)
    const id = load<u32>(WAITING_IDS + i * 4)
    if (distance <= limit) offer(keyOf(distance, id))
  }
  evaluated += waiting
  waiting = 0
}

/**
 * [Note: no order of the codes is slow]
 * Where the nearest come last (a library in the order of time, asked for its newest photo), each
 * code is nearer than all before it and would be measured. When more are measured than a random
 * order needs, k (1 + ln(n / k)) of n, a sample spread over all that is to come lowers the limit:
 * its k-th distance is a limit for all. The sample itself is scanned again in its turn, so it is
 * not kept.
 */
function sample(from: u32): void {
  const last = end
  const rest = last > from ? (last - from) >> 6 : 0
  const groups = min<u32>(64 + heapMost / 4, rest / 8)
  const found = heap
  const foundSize = heapSize
  const foundLimit = limit
  heap += heapMost * 8 + 8
  heapSize = 0
  isSampling = true
  // The golden ratio's multiples are spread evenly, and keep step with no order of the codes.
  for (let i: u32 = 0; i < groups; i++) {
    const turn = <f64>i * 0.6180339887498949
    const position = from + (<u32>((turn - floor(turn)) * rest) << 6)
    end = position + 64
    if (filter == 0 || mayHold(position)) scanGroups(position, 1)
  }
  flush()
  isSampling = false
  const sampledLimit = limit
  end = last
  heap = found
  heapSize = foundSize
  limit = foundLimit
  if (sampledLimit < limit) {
    limit = sampledLimit
    heapSize = 0
    for (let i: u32 = 0; i < foundSize; i++) offer(load<u64>(found + i * 8))
  } else patience *= 4
  allowance = patience * (256 + heapMost)
  quantise()
}

function scanGroups(position: u32, groups: u32): void {
  const near = nearOf(position)
  const rest = restOf(position)
  if (books == 16) scan16(near, rest, groups, position)
  else if (books == 8) scan8(near, rest, groups, position)
  else if (books == 4) scan4(near, rest, groups, position)
  else scan32(near, rest, groups, position)
}

/** False when no id of the group is in the filter; a wide range of ids is not looked through. */
function mayHold(position: u32): bool {
  const range = rangeAt(position)
  const first = load<u32>(range)
  if (first >= filterBits) return false
  const last = min(load<u32>(range, 4), filterBits - 1)
  let word = first >> 6
  const lastWord = last >> 6
  if (lastWord - word > 8) return true
  let bits = load<u64>(filter + word * 8) & (~(<u64>0) << (first & 63))
  while (word < lastWord) {
    if (bits != 0) return true
    bits = load<u64>(filter + ++word * 8)
  }
  return (bits & (~(<u64>0) >> (63 - (last & 63)))) != 0
}

/** Scans `count` codes from `position`, a multiple of 64, on. */
export function scan(position: u32, count: u32): void {
  end = position + count
  const doublings = 32 - clz(count / heapMost)
  allowance = 256 + heapMost * (1 + doublings)
  quantise()
  while (position < end) {
    const stop = min(end, (position | (SEGMENT - 1)) + 1)
    let groups = (stop - position + 63) >> 6
    if (filter != 0) {
      while (groups > 0 && !mayHold(position)) {
        position += 64
        groups--
      }
      // Asking costs, too, and so do short runs: some groups are rather scanned in vain.
      let run: u32 = 0
      for (let misses = 0; run < groups && misses < 8; run += run < 64 ? 1 : 16)
        misses = mayHold(position + run * 64) ? 0 : misses + 1
      groups = min(run, groups)
    }
    if (groups > 0) scanGroups(position, groups)
    position += groups * 64
  }
  flush()
}

/** Writes the ids that a filter allows, u32, as many as `most` and 64 more; returns how many. */
export function list(filterBytes: usize, bits: u32, most: u32, ids: usize): u32 {
  let count: u32 = 0
  for (let first: u32 = 0; first < bits && count <= most; first += 64) {
    let word = load<u64>(filterBytes + (first >> 3))
    for (; word != 0; word &= word - 1) store<u32>(ids + count++ * 4, first + <u32>ctz(word))
  }
  return count
}
