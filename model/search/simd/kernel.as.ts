// The kernel of the scan, in AssemblyScript (compiled to WebAssembly; not read by tsc). The
// engine's process runs it. It knows one memory and no file; store.ts is its other half,
// generate.mjs writes scan.as.ts. A filter of saturating bytes, which may only let too many codes
// through, is followed by the exact distance of code-index.ts (the layout of fast scan: Andre et
// al., "Quicker ADC", 2019).
import { SEGMENT, codebooks, headOf, idOf, laneOf, nearOf, restOf, shiftOf } from './memory-layout.as'
import { filterShare, lanesOf, marksOf } from './marks.as'
import { goOn, layAside, limit, most, offer, open } from './nearest.as'
import { exact4, exact8, exact16, exact32, scan4, scan8, scan16, scan32 } from './scan.as'
import { marked4, marked8, marked16, marked32 } from './scan.as'

/** Where the caller puts the distances, f32 [M, 16]. */
export const TABLE: usize = 1024
/** The distances as bytes, [M, 16]. */
export const BYTES: usize = 4096
/** The least distance of each codebook, f32 [M]. */
const LEAST: usize = 8192
/** Positions that wait to be measured, u32 [128], and their ids. */
const WAITING: usize = 12288
const WAITING_IDS: usize = 12800

/** Positions of groups that are scanned in no order, u32 [FEW]. */
const GROUPS: usize = 16384
/** A power of two. */
const FEW: u32 = 1024

/** Codes that are measured together; then the limit is taken over into the bytes. At most 64. */
const FLUSH_AFTER: u32 = 24

/** All codes are wanted. */
const ALL: u32 = 0
/** Those that are marked (see marks.as.ts), and most groups hold some. */
const MARKED: u32 = 1
/** Those that are marked, and groups that hold none are left out. */
const SPARSE: u32 = 2
/** Those that a filter allows that was not marked. */
const READ: u32 = 3

let wanted: u32 = ALL
let leastSum: f64 = 0
let rounding: f64 = 0
/** Positions from here on are not scanned. */
let end: u32 = 0
let waiting: u32 = 0

/** Exact distances computed by this search. */
let evaluated: u32 = 0
let survived: u32 = 0
let maySample: bool = true
/** Of this scan, how many that are wanted were seen before a position. */
let seen: u32 = 0
let seenUntil: u32 = 0
/** How many were computed when this scan began or a sample was taken last. */
let evaluatedThen: u32 = 0
/** Exact distances that may be computed from then on; 0: before the first sample. */
let allowance: u32 = 0
let patience: u32 = 1

/** Exact distances that this search computed. */
export function evaluations(): u32 {
  return evaluated
}

// The bytes
//
// [Note: why no near code is lost]
// With T the limit and min_m the least entry of codebook m, an entry becomes the byte
// floor((entry - min_m) * 254 / R), at most 255, with R = T - sum of min_m + E. Sums of bytes
// saturate. A sum of 255 means that the entries add up to more than sum of min_m + 255/254 R > T +
// E; E is more than f32 addition can err, so the exact distance is above T. The spare 1/254 covers
// the rounding of these products in f32. A smaller factor only lets more codes through: so it may
// be capped.

function quantize(): void {
  const range = <f64>limit - leastSum + rounding
  const factor = f32x4.splat(<f32>min(254 / max(range, 0), 3e38))
  for (let m: usize = 0; m < codebooks; m++) {
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
 * Opens a search for the k >= 1 nearest by the table at TABLE, of all codes (0) or of those that
 * are marked (1; 2: they are sparse; 3: none is, the filter itself is read). `space`
 * takes 16 k + 16 bytes.
 */
export function begin(k: u32, space: usize, codes: u32): void {
  open(k, space)
  wanted = codes
  evaluated = 0
  survived = 0
  waiting = 0
  patience = 1
  leastSum = 0
  let greatest: f64 = 0
  for (let m: usize = 0; m < codebooks; m++) {
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
  rounding = greatest < 1e37 ? greatest * codebooks * 1.2e-7 : Infinity
}

// The scan

@inline function exact(position: u32): f32 {
  const near = nearOf(position) + laneOf(position)
  const rest = restOf(position) + laneOf(position)
  const shift = shiftOf(position)
  if (codebooks == 16) return exact16(near, rest, shift)
  if (codebooks == 8) return exact8(near, rest, shift)
  if (codebooks == 4) return exact4(near, rest, shift)
  return exact32(near, rest, shift)
}

/** Measures the codes at positions [count] exactly, marked or not. */
export function measure(positions: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(WAITING + waiting++ * 4, load<u32>(positions + i * 4))
    if (waiting == 64) flush()
  }
  flush()
}

/** Groups of which this search read all rows. */
export function survivors(): u32 {
  return survived
}

/** Called by the scan for a group of which lanes in `mask` may be near enough: they wait. */
export function survive(position: u32, mask: u64): void {
  survived++
  if (position + 64 > end) mask &= (<u64>1 << (end - position)) - 1
  for (; mask != 0; mask &= mask - 1)
    store<u32>(WAITING + waiting++ * 4, position + <u32>ctz(mask))
  if (waiting < FLUSH_AFTER) return
  flush()
  quantize()
  if (!maySample || evaluated - evaluatedThen <= 256) return
  if (evaluated - evaluatedThen > allowed(position)) sample(position + 64)
}

/** Measures those that wait: each step for all of them, so that what one waits for overlaps. */
function flush(): void {
  for (let i: u32 = 0; i < waiting; i++)
    store<u32>(WAITING_IDS + i * 4, idOf(load<u32>(WAITING + i * 4)))
  for (let i: u32 = 0; i < waiting; i++)
    store<f32>(WAITING + i * 4, exact(load<u32>(WAITING + i * 4)))
  for (let i: u32 = 0; i < waiting; i++)
    offer(load<f32>(WAITING + i * 4), load<u32>(WAITING_IDS + i * 4))
  evaluated += waiting
  waiting = 0
}

/**
 * [Note: no order of the codes is slow]
 * Where the nearest come last (a library in the order of time, asked for its newest photo), each
 * code is nearer than all before it and would be measured. When more are measured than a random
 * order needs for those seen so far, k (1 + ln(seen / k)), a sample spread over all that is to come
 * lowers the limit: its k-th distance is a limit for all. The sample itself is scanned again in its
 * turn, so it is not kept. Another is taken when as much was measured since as the last one took.
 */
function allowed(position: u32): u32 {
  if (allowance != 0) return allowance
  // Bytes of many codebooks tell less, and let more through.
  const more: u32 = codebooks > 16 ? 4 : 0
  return 256 + most * (33 + more - clz(seenBefore(position) / most))
}

/** Codes of a group that are wanted. */
function wantedIn(position: u32): u32 {
  if (wanted == ALL) return 64
  return <u32>popcnt(wanted == READ ? lanesOf(position, headOf(position)) : marksOf(position))
}

function seenBefore(position: u32): u32 {
  if (wanted == ALL) return position - seenUntil
  if (wanted == READ) return <u32>(filterShare * (position - seenUntil))
  // Of every fourth group: it need not be exact.
  for (; seenUntil < position; seenUntil += 256) seen += wantedIn(seenUntil) * 4
  return seen
}

/**
 * Multiples of the golden ratio are spread evenly, and fall in with no order of the codes. Up to
 * count / 4 of them no two are the same.
 */
@inline function spread(i: u32, count: u32): u32 {
  const turn = <f64>i * 0.6180339887498949
  return <u32>((turn - floor(turn)) * count)
}

function sample(from: u32): void {
  const before = evaluated
  const last = end
  const rest = last > from ? (last - from) >> 6 : 0
  const codes: u32 = (64 + most / 2) * 64
  layAside()
  maySample = false
  for (let i: u32 = 0, taken: u32 = 0; taken < codes && i < rest / 4; i++) {
    const position = from + (spread(i, rest) << 6)
    taken += wantedIn(position)
    end = position + 64
    scanGroups(position, 1)
  }
  flush()
  maySample = true
  end = last
  if (!goOn()) patience *= 4
  evaluatedThen = evaluated
  allowance = patience * (256 + most + evaluated - before)
  quantize()
}

function scanGroups(position: u32, groups: u32): void {
  const near = nearOf(position)
  const rest = restOf(position)
  const head = headOf(position)
  if (wanted != ALL) {
    if (codebooks == 16) marked16(near, rest, head, groups, position, wanted == READ)
    else if (codebooks == 8) marked8(near, rest, head, groups, position, wanted == READ)
    else if (codebooks == 4) marked4(near, rest, head, groups, position, wanted == READ)
    else marked32(near, rest, head, groups, position, wanted == READ)
  } else if (codebooks == 16) scan16(near, rest, head, groups, position)
  else if (codebooks == 8) scan8(near, rest, head, groups, position)
  else if (codebooks == 4) scan4(near, rest, head, groups, position)
  else scan32(near, rest, head, groups, position)
}

let listedUntil: u32 = 0

/** Lists groups before `stop` that hold marks at GROUPS, FEW at most; returns how many. */
function listGroups(position: u32, stop: u32): u32 {
  let count: u32 = 0
  for (; position < stop && count < FEW; position += 64) {
    store<u32>(GROUPS + count * 4, position)
    count += u32(marksOf(position) != 0)
  }
  listedUntil = position
  return count
}

/**
 * Scans only the groups that hold marks. Where they are few, the allowance and a sample would cost
 * more than such a scan: so it has no order itself.
 */
function scanSparse(position: u32): void {
  let count = listGroups(position, end)
  if (listedUntil >= end) {
    maySample = false
    for (let i: u32 = 0; i < FEW; i++) {
      const turn = (i * 633) & (FEW - 1) // each once, spread evenly: 633 is odd, and .618 of FEW
      if (turn < count) scanGroups(load<u32>(GROUPS + turn * 4), 1)
    }
    maySample = true
    return
  }
  for (; count > 0; count = listGroups(listedUntil, end))
    for (let i: u32 = 0; i < count; i++) scanGroups(load<u32>(GROUPS + i * 4), 1)
}

/** Scans `count` codes from `position`, a multiple of 64, on. */
export function scan(position: u32, count: u32): void {
  end = position + count
  seen = 0
  seenUntil = position
  evaluatedThen = evaluated
  allowance = 0
  quantize()
  if (wanted == SPARSE) {
    scanSparse(position)
    position = end
  }
  while (position < end) {
    const stop = min(end, (position | (SEGMENT - 1)) + 1)
    const groups = (stop - position + 63) >> 6
    scanGroups(position, groups)
    position += groups * 64
  }
  flush()
}
