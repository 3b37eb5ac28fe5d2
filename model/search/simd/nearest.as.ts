// The k nearest of a search, in AssemblyScript (not read by tsc): a heap of keys, the greatest on
// top. A key holds the distance, made to order as an unsigned number, above the id: so
// (distance, id) is ordered by one comparison. A zero is +0.

let heap: usize = 0
let size: u32 = 0
/** k. */
export let most: u32 = 0
/** No code above this distance is wanted. */
export let limit: f32 = 0

// What was found before a sample was taken.
let keptHeap: usize = 0
let keptSize: u32 = 0
let keptLimit: f32 = 0

@inline function keyOf(distance: f32, id: u32): u64 {
  const bits = reinterpret<i32>(distance + 0)
  return (<u64>(<u32>bits ^ (<u32>(bits >> 31) | 0x80000000)) << 32) | id
}

@inline function distanceOf(key: u64): f32 {
  const ordered = <u32>(key >> 32)
  return reinterpret<f32>(ordered ^ (<u32>(<i32>~ordered >> 31) | 0x80000000))
}

/** Puts `key` where it belongs at or under the hole at the top of a heap of `count`. */
function sink(key: u64, count: u32): void {
  let hole: u32 = 0
  for (let child: u32 = 1; child < count; child = 2 * hole + 1) {
    const left = load<u64>(heap + child * 8)
    const right = load<u64>(heap + child * 8, 8)
    const isRight = u32(child + 1 < count) & u32(right > left)
    const greater = isRight ? right : left
    if (greater <= key) break
    store<u64>(heap + hole * 8, greater)
    hole = child + isRight
  }
  store<u64>(heap + hole * 8, key)
}

function rise(key: u64): void {
  let hole = size++
  while (hole > 0) {
    const parent = (hole - 1) >> 1
    const above = load<u64>(heap + parent * 8)
    if (above >= key) break
    store<u64>(heap + hole * 8, above)
    hole = parent
  }
  store<u64>(heap + hole * 8, key)
}

function take(key: u64): void {
  if (size == most) {
    if (key >= load<u64>(heap)) return
    sink(key, size)
  } else {
    if (distanceOf(key) > limit) return
    rise(key)
    if (size < most) return
  }
  limit = distanceOf(load<u64>(heap))
}

/** Opens a search for the k >= 1 nearest. `space` takes 16 k + 16 bytes. */
export function open(k: u32, space: usize): void {
  heap = space
  most = k
  size = 0
  limit = Infinity
}

/** Takes one in, if it is among the k best so far. */
@inline export function offer(distance: f32, id: u32): void {
  if (distance <= limit) take(keyOf(distance, id))
}

/** From here on a sample is taken: what was found so far is laid aside. */
export function layAside(): void {
  keptHeap = heap
  keptSize = size
  keptLimit = limit
  heap += most * 8 + 8
  size = 0
}

/** Goes on with what was laid aside; true when the sample lowered the limit. */
export function goOn(): bool {
  const sampled = limit
  heap = keptHeap
  size = keptSize
  limit = keptLimit
  if (sampled >= limit) return false
  limit = sampled
  size = 0
  for (let i: u32 = 0; i < keptSize; i++) take(load<u64>(keptHeap + i * 8))
  return true
}

/** How many were found so far. */
export function found(): u32 {
  return size
}

/** Sorts what was found, nearest first: entries (f32 distance, u32 id) at `open`'s `space`. */
export function finish(): u32 {
  for (let count = size; count > 1; ) {
    const last = load<u64>(heap + --count * 8)
    store<u64>(heap + count * 8, load<u64>(heap))
    sink(last, count)
  }
  for (let i: u32 = 0; i < size; i++) {
    const key = load<u64>(heap + i * 8)
    store<f32>(heap + i * 8, distanceOf(key))
    store<u32>(heap + i * 8, <u32>key, 4)
  }
  return size
}
