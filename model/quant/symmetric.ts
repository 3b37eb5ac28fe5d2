// All eigenpairs of a symmetric matrix: Householder's reduction to three diagonals, then the QL
// algorithm with implicit shifts (EISPACK's tred2 and tql2; Wilkinson and Reinsch, "Linear
// Algebra", 1971, II/2 and II/4). Pure.
//
// Vectors are rows, so that each inner loop goes along one: libraries keep them as columns and take
// four times as long for a matrix of 576.

/**
 * @param matrix [size, size], of which the lower half is read; afterwards its rows are the vectors,
 *   orthonormal, in no order
 * @returns their values [size]
 */
export function symmetricEigenpairs(matrix: Float64Array, size: number): Float64Array {
  if (matrix.length !== size * size)
    throw new RangeError(`matrix: expected ${size * size} numbers, got ${matrix.length}`)
  const beside = new Float64Array(size) // the diagonal below the main one, from 1 on
  const values = new Float64Array(size)
  reduceToDiagonals(matrix, size, values, beside)
  iterate(matrix, size, values, beside)
  return values
}

/** The sum of products of two stretches of numbers. */
function dot(a: Float64Array, from: number, b: Float64Array, at: number, count: number): number {
  let sum = 0
  for (let k = 0; k < count; k++) sum += a[from + k]! * b[at + k]!
  return sum
}

/** `d` becomes the main diagonal, `e` the other; the rows of `v` the change of basis. */
function reduceToDiagonals(v: Float64Array, n: number, d: Float64Array, e: Float64Array): void {
  // Row j of v is column j of the matrix: what is read of it lies on and below the diagonal.
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) v[j * n + i] = v[i * n + j]!
  for (let j = 0; j < n; j++) d[j] = v[j * n + n - 1]!
  for (let i = n - 1; i > 0; i--) {
    const scale = d.subarray(0, i).reduce((sum, value) => sum + Math.abs(value), 0)
    let h = 0
    if (scale === 0) {
      e[i] = d[i - 1]!
      for (let j = 0; j < i; j++) {
        d[j] = v[j * n + i - 1]!
        v[j * n + i] = 0
        v[i * n + j] = 0
      }
    } else h = reflect(v, n, i, scale, d, e)
    d[i] = h
  }
  accumulate(v, n, d)
  e[0] = 0
}

/** Makes zeros of row i left of its second number; gives half the square of what is reflected. */
function reflect(
  v: Float64Array,
  n: number,
  i: number,
  scale: number,
  d: Float64Array,
  e: Float64Array
): number {
  let h = 0
  for (let k = 0; k < i; k++) {
    d[k]! /= scale
    h += d[k]! * d[k]!
  }
  const f = d[i - 1]!
  const g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h)
  e[i] = scale * g
  h -= f * g
  d[i - 1] = f - g
  e.fill(0, 0, i)
  for (let j = 0; j < i; j++) {
    const row = j * n
    const f = d[j]!
    v[i * n + j] = f
    let sum = e[j]! + v[row + j]! * f
    for (let k = j + 1; k < i; k++) {
      sum += v[row + k]! * d[k]!
      e[k]! += v[row + k]! * f
    }
    e[j] = sum
  }
  let inner = 0
  for (let j = 0; j < i; j++) {
    e[j]! /= h
    inner += e[j]! * d[j]!
  }
  const half = inner / (h + h)
  for (let j = 0; j < i; j++) e[j]! -= half * d[j]!
  for (let j = 0; j < i; j++) {
    const row = j * n
    const f = d[j]!
    const g = e[j]!
    for (let k = j; k < i; k++) v[row + k]! -= f * e[k]! + g * d[k]!
    d[j] = v[row + i - 1]!
    v[row + i] = 0
  }
  return h
}

/** All reflections as one change of basis. */
function accumulate(v: Float64Array, n: number, d: Float64Array): void {
  const last = n - 1
  for (let i = 0; i < last; i++) {
    v[i * n + last] = v[i * n + i]!
    v[i * n + i] = 1
    const h = d[i + 1]!
    const next = (i + 1) * n
    if (h !== 0) {
      for (let k = 0; k <= i; k++) d[k] = v[next + k]! / h
      for (let j = 0; j <= i; j++) {
        const g = dot(v, next, v, j * n, i + 1)
        for (let k = 0; k <= i; k++) v[j * n + k]! -= g * d[k]!
      }
    }
    v.fill(0, next, next + i + 1)
  }
  for (let j = 0; j < n; j++) {
    d[j] = v[j * n + last]!
    v[j * n + last] = 0
  }
  v[last * n + last] = 1
}

/** The diagonals become values, the basis their vectors. */
function iterate(v: Float64Array, n: number, d: Float64Array, e: Float64Array): void {
  e.copyWithin(0, 1)
  e[n - 1] = 0
  let shift = 0
  let largest = 0
  for (let l = 0; l < n; l++) {
    largest = Math.max(largest, Math.abs(d[l]!) + Math.abs(e[l]!))
    let m = l
    while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * largest) m++
    if (m > l)
      do shift += turnOnce(v, n, d, e, l, m)
      while (Math.abs(e[l]!) > Number.EPSILON * largest)
    d[l]! += shift
    e[l] = 0
  }
}

/** One round of QL for the values from l to m; gives the shift that it took off them. */
function turnOnce(
  v: Float64Array,
  n: number,
  d: Float64Array,
  e: Float64Array,
  l: number,
  m: number
): number {
  const first = d[l]!
  const half = (d[l + 1]! - first) / (2 * e[l]!)
  const root = half < 0 ? -Math.sqrt(half * half + 1) : Math.sqrt(half * half + 1)
  d[l] = e[l]! / (half + root)
  d[l + 1] = e[l]! * (half + root)
  const dl1 = d[l + 1]!
  const shift = first - d[l]!
  for (let i = l + 2; i < n; i++) d[i]! -= shift
  const el1 = e[l + 1]!
  let p = d[m]!
  let [c, c2, c3, s, s2] = [1, 1, 1, 0, 0]
  for (let i = m - 1; i >= l; i--) {
    c3 = c2
    c2 = c
    s2 = s
    const g = c * e[i]!
    const h = c * p
    const r = Math.sqrt(p * p + e[i]! * e[i]!)
    e[i + 1] = s * r
    s = e[i]! / r
    c = p / r
    p = c * d[i]! - s * g
    d[i + 1] = h + s * (c * g + s * d[i]!)
    turnRows(v, i * n, n, c, s)
  }
  p = (-s * s2 * c3 * el1 * e[l]!) / dl1
  e[l] = s * p
  d[l] = c * p
  return shift
}

/** Turns a row, from `at` on, and the one after it about each other. */
function turnRows(v: Float64Array, at: number, n: number, c: number, s: number): void {
  for (let k = at; k < at + n; k++) {
    const a = v[k]!
    const b = v[k + n]!
    v[k + n] = s * a + c * b
    v[k] = c * a - s * b
  }
}
