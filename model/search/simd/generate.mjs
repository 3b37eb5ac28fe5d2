// Writes the inner loops of the scan for one M each, unrolled over its codebooks, as AssemblyScript
// text. Runs when the kernels are compiled, in plain Node. One loop over codebooks in the kernel
// itself would load and add the same, but its counting and branching cost as much as the look-ups.

/**
 * For each M that there is a kernel for: of how many codebooks the rows lie near (the others' are
 * read only for groups that live on), and after how many a group is given up when all of its 64
 * sums are full already. Of photos' codes, two thirds of the groups live on after 8 of 16
 * codebooks, a quarter after 11. `ofMarked`: likewise where only marked codes are wanted; one check
 * late is better there than two, since fewer lanes can live on.
 */
export const SHAPES = new Map([
  [4, { near: 4, giveUpAfter: [], ofMarked: [] }],
  [8, { near: 8, giveUpAfter: [6], ofMarked: [5] }],
  [16, { near: 8, giveUpAfter: [8, 11], ofMarked: [11] }],
  [32, { near: 16, giveUpAfter: [16, 19, 22], ofMarked: [22] }]
])
/**
 * V8 computes what it can as late as it can, but loads at once: unrolled rows then wait in more
 * registers than there are, and are spilled. A branch that is never taken but would set the sums,
 * every so many codebooks, makes it compute them so far (two: nothing is spilled; up to a sixth
 * faster).
 */
const SUMMED_EVERY = 2

/** The module scan.as.ts. `relaxed`: with the look-up of relaxed SIMD, one instruction shorter. */
export function scanSource(relaxed) {
  const lookUp = relaxed ? 'i8x16.relaxed_swizzle' : 'i8x16.swizzle'
  return [
    "import { BYTES, TABLE, survive } from './kernel.as'",
    "import { lanesOf } from './marks.as'",
    `@inline function lookUp(row: v128, index: v128): v128 { return ${lookUp}(row, index) }`,
    nearFunction(),
    ...[...SHAPES.keys()].flatMap((M) => [
      scanFunction(M, false),
      scanFunction(M, true),
      exactFunction(M)
    ])
  ].join('\n\n')
}

function nearFunction() {
  const cases = [...SHAPES].map(([M, { near }]) => `if (M == ${M}) return ${near}`)
  return `export function nearCodebooks(M: u32): u32 {
  ${cases.join('\n  ')}
  return 0
}`
}

/** Where the row of codebook m begins: a pointer and a number of bytes. */
function rowOf(M, m) {
  const { near } = SHAPES.get(M)
  return m < near ? ['near', 32 * m] : ['rest', 32 * (m - near)]
}

/**
 * Sums of a group's 64 bytes each, saturating: a..d hold 16 lanes each. Where one is below 255 the
 * group is told to `survive`, which may change the bytes at BYTES: they are loaded anew each time.
 * Positions are multiples of 64, so the branches on others are never taken. `areMarked`: sums of
 * lanes that are not marked begin full, so that a group is given up when no marked one can be near.
 * `isRead`: what is allowed is read in the filter itself, not in the marks.
 */
function scanFunction(M, areMarked) {
  const isAlive = 'v128.any_true(v128.not(v128.and(v128.and(a, b), v128.and(c, d))))'
  const { near, giveUpAfter: usual, ofMarked } = SHAPES.get(M)
  const giveUpAfter = areMarked ? ofMarked : usual
  const rows = Array.from({ length: M }, (_, m) => rowOf(M, m)).map(([pointer, at], m) => [
    ...(m > 0 && m % SUMMED_EVERY === 0 ? [`if (position == ${m}) a = b = c = d = low`] : []),
    `row = v128.load(BYTES, ${16 * m})`,
    `one = v128.load(${pointer}, ${at})`,
    `two = v128.load(${pointer}, ${at + 16})`,
    sum('a', 'v128.and(one, low)'),
    sum('b', 'v128.and(i16x8.shr_u(one, 4), low)'),
    sum('c', 'v128.and(two, low)'),
    sum('d', 'v128.and(i16x8.shr_u(two, 4), low)'),
    ...(giveUpAfter.includes(m + 1) ? [`if (!${isAlive}) continue`] : [])
  ])
  const [name, more] = areMarked ? ['marked', ', isRead: bool'] : ['scan', '']
  return `export function ${name}${M}(
  near: usize, rest: usize, head: usize, groups: u32, position: u32${more}
): void {
  const low = i8x16.splat(15)
  const full = i8x16.splat(-1)
  const last = position + groups * 64
  let row: v128, one: v128, two: v128
  for (
    ; position != last;
    position += 64, near += ${32 * near}, rest += ${32 * (M - near)}, head += 16
  ) {
    ${(areMarked ? MARKED_BEGIN : BEGIN).join('\n    ')}
    ${rows.flat().join('\n    ')}
    if (!${isAlive}) continue
    const lanes =
      <u64>i8x16.bitmask(i8x16.eq(a, full)) | <u64>i8x16.bitmask(i8x16.eq(b, full)) << 16 |
      <u64>i8x16.bitmask(i8x16.eq(c, full)) << 32 | <u64>i8x16.bitmask(i8x16.eq(d, full)) << 48
    survive(position, ~lanes)
  }
}`
}

const SUMS = ['a', 'b', 'c', 'd']
const BEGIN = SUMS.map((name) => `let ${name} = i8x16.splat(0)`)
/** Of the 64 bits of a group, those of 16 lanes become bytes: 0 where set, else 255. */
const MARKED_BEGIN = [
  'const marks = i64x2.splat(isRead ? lanesOf(position, head) : load<u64>(head, 8))',
  'const bits = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128)',
  'const none = i8x16.splat(0)',
  ...SUMS.map((name, i) => {
    const bytes = [2 * i, 2 * i + 1].flatMap((byte) => Array(8).fill(byte)).join(', ')
    return `let ${name} = i8x16.eq(v128.and(i8x16.shuffle(marks, marks, ${bytes}), bits), none)`
  })
]

function sum(name, index) {
  return `${name} = i8x16.add_sat_u(${name}, lookUp(row, ${index}))`
}

/** The distance of one code, in the order of the note in code-index.ts. */
function exactFunction(M) {
  const entry = (m) => {
    const [pointer, at] = rowOf(M, m)
    return `load<f32>(TABLE + ((<u32>load<u8>(${pointer}, ${at}) >> shift) & 15) * 4, ${64 * m})`
  }
  const pairs = Array.from({ length: M / 2 }, (_, j) => `(${entry(2 * j)} + ${entry(2 * j + 1)})`)
  return `export function exact${M}(near: usize, rest: usize, shift: u32): f32 {
  return ${pairs.join(' +\n    ')}
}`
}
