// Inverted lists, in AssemblyScript (not read by tsc): which list a code is nearest to, and how
// near each list is to a query. coarse-quantizer.ts prepares the tables.

/** Addresses of the rows that a code picks, u32 [M]. */
const ROWS: usize = 1024

/**
 * The nearest of `lists` (a multiple of 8) for each code [n, M/2], to `out` u16 [n]. `tables` hold
 * the distance of codeword k of codebook m to each list's centre as u16 [M, 16, lists].
 */
export function assign(
  codes: usize, n: u32, M: u32, lists: u32, tables: usize, out: usize
): void {
  const rowBytes = lists * 2
  for (let i: u32 = 0; i < n; i++) {
    for (let j: u32 = 0; j < M / 2; j++) {
      const byte = <u32>load<u8>(codes++)
      const codebook = tables + j * 32 * rowBytes
      store<u32>(ROWS + j * 8, codebook + (byte & 15) * rowBytes)
      store<u32>(ROWS + j * 8, codebook + (16 + (byte >> 4)) * rowBytes, 4)
    }
    let least = i16x8.splat(-1)
    let block = i16x8.splat(0)
    for (let at: u32 = 0; at < rowBytes; at += 16) {
      let sum = v128.load(load<u32>(ROWS) + at)
      for (let m: u32 = 1; m < M; m++)
        sum = i16x8.add_sat_u(sum, v128.load(load<u32>(ROWS + m * 4) + at))
      const isLess = v128.not(i16x8.eq(i16x8.max_u(sum, least), sum))
      least = i16x8.min_u(least, sum)
      block = v128.bitselect(i16x8.splat(<i16>(at >> 4)), block, isLess)
    }
    store<u16>(out + i * 2, leastLane(least, block))
  }
}

/** The list of the least sum: lane l of block b is list 8 b + l. */
function leastLane(least: v128, block: v128): u32 {
  v128.store(ROWS + 256, least)
  v128.store(ROWS + 272, block)
  let best: u32 = 65536
  let list: u32 = 0
  for (let lane: u32 = 0; lane < 8; lane++) {
    const sum = <u32>load<u16>(ROWS + 256 + lane * 2)
    if (sum >= best) continue
    best = sum
    list = <u32>load<u16>(ROWS + 272 + lane * 2) * 8 + lane
  }
  return list
}

/**
 * The mean distance of each list's codes to a query, f32 [lists] (a multiple of 16). `table` is
 * f32 [entries]; `shares` f32 [lists / 16, entries, 16]: how many of a list's codes pick each
 * entry.
 */
export function rank(table: usize, entries: u32, shares: usize, lists: u32, out: usize): void {
  for (let from: u32 = 0; from < lists; from += 16) {
    let a = f32x4.splat(0)
    let b = a
    let c = a
    let d = a
    for (let i: u32 = 0; i < entries; i++, shares += 64) {
      const entry = v128.load32_splat(table + i * 4)
      a = f32x4.add(a, f32x4.mul(entry, v128.load(shares)))
      b = f32x4.add(b, f32x4.mul(entry, v128.load(shares, 16)))
      c = f32x4.add(c, f32x4.mul(entry, v128.load(shares, 32)))
      d = f32x4.add(d, f32x4.mul(entry, v128.load(shares, 48)))
    }
    v128.store(out + from * 4, a)
    v128.store(out + from * 4, b, 16)
    v128.store(out + from * 4, c, 32)
    v128.store(out + from * 4, d, 48)
  }
}
