// The SIMD twin of reduce-reference.ts: a picture of four bytes a pixel, row by row, into a smaller
// one. AssemblyScript; not read by tsc. reduce.ts works out the taps and lays out the memory.

/** How a side is made smaller. See `sideOf` in reduce.ts. */
let width: u32
let height: u32
let outWidth: u32
let outHeight: u32
let boxX: u32
let boxY: u32
let boxedWidth: u32
let tapsX: u32
let tapsY: u32

// Addresses, in bytes.
let firstX: usize // i32 [outWidth]
let weightsX: usize // f32 [outWidth, tapsX]
let firstY: usize // i32 [outHeight]
let weightsY: usize // f32 [outHeight, tapsY]
let sums: usize // f32 [boxedWidth, 4]: of the box that is being filled
let ring: usize // f32 [tapsY, outWidth, 4]: the last rows, made small across
let output: usize // bytes [outHeight, outWidth, 4]

// How far it is.
let seen: u32 // rows of the picture
let filled: u32 // of them in `sums`
let boxed: u32 // rows of boxes
let done: u32 // rows of the small picture

export function configure(
  fromWidth: u32, fromHeight: u32, toWidth: u32, toHeight: u32,
  besideEach: u32, belowEach: u32, across: u32, down: u32,
  firstOfX: usize, weightsOfX: usize, firstOfY: usize, weightsOfY: usize,
  sumsAt: usize, ringAt: usize, outputAt: usize
): void {
  width = fromWidth
  height = fromHeight
  outWidth = toWidth
  outHeight = toHeight
  boxX = besideEach
  boxY = belowEach
  boxedWidth = (fromWidth + besideEach - 1) / besideEach
  tapsX = across
  tapsY = down
  firstX = firstOfX
  weightsX = weightsOfX
  firstY = firstOfY
  weightsY = weightsOfY
  sums = sumsAt
  ring = ringAt
  output = outputAt
  seen = 0
  filled = 0
  boxed = 0
  done = 0
  memory.fill(sums, 0, boxedWidth * 16)
}

/** Takes the next rows, bytes [rows, width, 4]; writes what can be written of the small picture. */
export function push(input: usize, rows: u32): void {
  for (let row: u32 = 0; row < rows; row++, input += width * 4) {
    addRow(input)
    filled++
    seen++
    if (filled == boxY || seen == height) endBoxes()
  }
}

/** A pixel as four numbers, its colours multiplied by its opacity. */
@inline function pixelAt(at: usize): v128 {
  const four = f32x4.convert_i32x4_u(
    i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)))
  )
  const opacity: u32 = load<u8>(at, 3)
  if (opacity == 255) return four
  const share = f32x4.splat(<f32>opacity / 255)
  return f32x4.mul(f32x4.replace_lane(four, 3, 255), share)
}

function addRow(input: usize): void {
  const end = input + width * 4
  const full = boxX * 4
  let sum = sums
  while (input < end) {
    const stop = min(end, input + full)
    let all = v128.load(sum)
    for (; input < stop; input += 4) all = f32x4.add(all, pixelAt(input))
    v128.store(sum, all)
    sum += 16
  }
}

/** A row of boxes is full: made small across, it takes its place in the ring. */
function endBoxes(): void {
  const last = boxedWidth - 1
  const share = f32x4.splat(1 / <f32>(boxX * filled))
  for (let x: u32 = 0; x < last; x++)
    v128.store(sums + x * 16, f32x4.mul(v128.load(sums + x * 16), share))
  const left = f32x4.splat(1 / <f32>((width - last * boxX) * filled))
  v128.store(sums + last * 16, f32x4.mul(v128.load(sums + last * 16), left))

  let to = ring + (boxed % tapsY) * outWidth * 16
  let weight = weightsX
  for (let x: u32 = 0; x < outWidth; x++, to += 16) {
    let from = sums + load<u32>(firstX + x * 4) * 16
    let all = f32x4.splat(0)
    for (let tap: u32 = 0; tap < tapsX; tap++, from += 16, weight += 4)
      all = f32x4.add(all, f32x4.mul(v128.load(from), v128.load32_splat(weight)))
    v128.store(to, all)
  }
  memory.fill(sums, 0, boxedWidth * 16)
  filled = 0
  boxed++
  while (done < outHeight && load<u32>(firstY + done * 4) + tapsY <= boxed) writeRow(done++)
}

/** A row of the small picture, from the rows of the ring. */
function writeRow(y: u32): void {
  const bytes = outWidth * 16
  const first = load<u32>(firstY + y * 4) % tapsY
  const weights = weightsY + y * tapsY * 4
  let to = output + y * outWidth * 4
  for (let x: u32 = 0; x < outWidth; x++, to += 4) {
    let all = f32x4.splat(0)
    let row = first
    for (let tap: u32 = 0; tap < tapsY; tap++) {
      const from = ring + row * bytes + x * 16
      all = f32x4.add(all, f32x4.mul(v128.load(from), v128.load32_splat(weights + tap * 4)))
      if (++row == tapsY) row = 0
    }
    store<u32>(to, bytesOf(all))
  }
}

/** Four numbers as bytes, the colours not multiplied by the opacity any more. */
@inline function bytesOf(pixel: v128): u32 {
  const opacity = f32x4.extract_lane(pixel, 3)
  if (opacity < 0.5) return 0
  const colours = f32x4.mul(pixel, f32x4.splat(255 / opacity))
  const all = f32x4.nearest(f32x4.replace_lane(colours, 3, opacity))
  const words = i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(all), i32x4.splat(0))
  return i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0)
}
