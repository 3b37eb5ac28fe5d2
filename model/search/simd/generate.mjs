// Writes the inner loops of the scan for one M each, unrolled over its books, as AssemblyScript
// text. Runs when the kernels are compiled, in plain Node. One loop over books in the kernel itself
// would load and add the same, but its counting and branching cost as much as the look-ups.

/**
 * After how many books a group is given up when all of its 64 sums are full already, for each M
 * that there is a kernel for. Of photos' codes, half of the groups live on after 9 of 16 books, an
 * eighth after 12.
 */
export const GIVE_UP_AFTER = new Map([
  [4, []],
  [8, [6]],
  [16, [9, 12]],
  [32, [18, 22, 26]]
])
/**
 * V8 puts the loads between two branches first, more than there are registers for, and spills them.
 * A branch that is never taken, every so many books, keeps them apart.
 */
const BRANCH_EVERY = 3

/** The module scan.as.ts. `relaxed`: with the look-up of relaxed SIMD, one instruction shorter. */
export function scanSource(relaxed) {
  const lookUp = relaxed ? 'i8x16.relaxed_swizzle' : 'i8x16.swizzle'
  return [
    "import { BYTES, TABLE, survive } from './kernel.as'",
    `@inline function lookUp(row: v128, index: v128): v128 { return ${lookUp}(row, index) }`,
    ...[...GIVE_UP_AFTER.keys()].flatMap((M) => [scanFunction(M), exactFunction(M)])
  ].join('\n\n')
}

/**
 * Sums of a group's 64 bytes each, saturating: a..d hold 16 lanes each. Where one is below 255 the
 * group is told to `survive`, which may change the bytes at BYTES: they are loaded anew each time.
 * Positions are multiples of 64.
 */
function scanFunction(M) {
  const isAlive = 'v128.any_true(v128.not(v128.and(v128.and(a, b), v128.and(c, d))))'
  const rows = Array.from({ length: M }, (_, m) => [
    ...(m > 0 && m % BRANCH_EVERY === 0 ? [`if (position == ${m}) return`] : []),
    `row = v128.load(BYTES, ${16 * m})`,
    `one = v128.load(codes, ${16 * m})`,
    `two = v128.load(codes, ${16 * (M + m)})`,
    sum('a', 'v128.and(one, low)', m),
    sum('b', 'v128.and(i16x8.shr_u(one, 4), low)', m),
    sum('c', 'v128.and(two, low)', m),
    sum('d', 'v128.and(i16x8.shr_u(two, 4), low)', m),
    ...(GIVE_UP_AFTER.get(M).includes(m + 1) ? [`if (!${isAlive}) continue`] : [])
  ])
  return `export function scan${M}(first: usize, groups: u32, position: u32): void {
  const low = i8x16.splat(15)
  const full = i8x16.splat(-1)
  const last = first + groups * ${32 * M}
  let row: v128, one: v128, two: v128
  for (let codes = first; codes != last; codes += ${32 * M}, position += 64) {
    ${rows.flat().join('\n    ')}
    if (!${isAlive}) continue
    const lanes =
      <u64>i8x16.bitmask(i8x16.eq(a, full)) | <u64>i8x16.bitmask(i8x16.eq(b, full)) << 16 |
      <u64>i8x16.bitmask(i8x16.eq(c, full)) << 32 | <u64>i8x16.bitmask(i8x16.eq(d, full)) << 48
    survive(position, ~lanes)
  }
}`
}

function sum(name, index, m) {
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
