// Writes the inner loops of the scan for one M each, unrolled over its books, as AssemblyScript text.
// Runs when the kernels are compiled, in plain Node. One loop over books in the kernel itself would
// load and add the same, but its counting and branching cost as much as the look-ups.

/** The numbers of books there are kernels for. */
export const BOOKS = [4, 8, 16, 32]

/** The module scan.as.ts. `relaxed`: with the look-up of relaxed SIMD, one instruction shorter. */
export function scanSource(relaxed) {
  const lookUp = relaxed ? 'i8x16.relaxed_swizzle' : 'i8x16.swizzle'
  return [
    "import { BYTES, TABLE, survive } from './kernel.as'",
    `@inline function lookUp(row: v128, index: v128): v128 { return ${lookUp}(row, index) }`,
    ...BOOKS.flatMap((M) => [scanFunction(M), exactFunction(M)])
  ].join('\n\n')
}

/**
 * Sums of a group's 64 bytes each, saturating: a..d hold 16 lanes each. Where one is below 255 the
 * group is told to `survive`, which may change the bytes at BYTES: they are loaded anew each time.
 */
function scanFunction(M) {
  const rows = Array.from({ length: M }, (_, m) => [
    `row = v128.load(BYTES, ${16 * m})`,
    `one = v128.load(codes, ${16 * m})`,
    `two = v128.load(codes, ${16 * (M + m)})`,
    ...['a|v128.and(one, low)', 'b|v128.and(i16x8.shr_u(one, 4), low)'].map((each) => sum(each, m)),
    ...['c|v128.and(two, low)', 'd|v128.and(i16x8.shr_u(two, 4), low)'].map((each) => sum(each, m))
  ])
  return `export function scan${M}(codes: usize, groups: u32, position: u32): void {
  const low = i8x16.splat(15)
  const far = i8x16.splat(-1)
  let row: v128, one: v128, two: v128
  for (; groups > 0; groups--) {
    ${rows.flat().join('\n    ')}
    if (v128.any_true(v128.not(v128.and(v128.and(a, b), v128.and(c, d))))) {
      const lanes =
        <u64>i8x16.bitmask(i8x16.eq(a, far)) | <u64>i8x16.bitmask(i8x16.eq(b, far)) << 16 |
        <u64>i8x16.bitmask(i8x16.eq(c, far)) << 32 | <u64>i8x16.bitmask(i8x16.eq(d, far)) << 48
      survive(position, ~lanes)
    }
    codes += ${32 * M}
    position += 64
  }
}`
}

function sum(each, m) {
  const [name, index] = each.split('|')
  if (m === 0) return `let ${name} = lookUp(row, ${index})`
  return `${name} = i8x16.add_sat_u(${name}, lookUp(row, ${index}))`
}

/** The distance of one code, in the order of the note in code-index.ts. */
function exactFunction(M) {
  const entry = (m) =>
    `load<f32>(TABLE + ((<u32>load<u8>(lane, ${16 * m}) >> shift) & 15) * 4, ${64 * m})`
  const pairs = Array.from({ length: M / 2 }, (_, j) => `(${entry(2 * j)} + ${entry(2 * j + 1)})`)
  return `export function exact${M}(lane: usize, shift: u32): f32 {
  return ${pairs.join(' +\n    ')}
}`
}
