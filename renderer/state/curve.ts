// The live loss curve as paths: one line a trial, all on one scale. Pure; runs in the page. It must
// not know of the DOM.
import type { CurvePoint } from '../../main/wire/learning-contract.ts'

/** How much of the mean so far stays in each smoothed point. */
const SMOOTH = 0.5
/** So much of the height is kept free above the highest and below the lowest point. */
const MARGIN = 0.06

export interface CurveLine {
  trial: number
  /** SVG path of the smoothed line. */
  path: string
  /** SVG path of the points as they came. */
  raw: string
}

export interface CurveDrawing {
  lines: CurveLine[]
  /** Values at the upper and lower edge. */
  highest: number
  lowest: number
  /** The furthest step. */
  steps: number
  /** The last point of the last trial, and its smoothed value; nothing without points. */
  last: { x: number; y: number; loss: number } | undefined
}

/** Lays the points of a run on a field of `width` x `height`. */
export function drawCurve(
  points: readonly CurvePoint[],
  width: number,
  height: number
): CurveDrawing {
  const losses = points.map((point) => point.loss)
  const lowest = losses.length > 0 ? Math.min(...losses) : 0
  const highest = losses.length > 0 ? Math.max(...losses) : 0
  const steps = points.reduce((most, point) => Math.max(most, point.step), 1)
  const room = height * MARGIN
  const range = highest - lowest || 1
  const x = (step: number): number => (step / steps) * width
  const y = (loss: number): number => {
    return room + ((highest - loss) / range) * (height - 2 * room)
  }
  let last: CurveDrawing['last']
  const lines = trialsOf(points).map((own) => {
    let mean = own[0]?.loss ?? 0
    const smooth = own.map(({ step, loss }) => {
      mean = SMOOTH * mean + (1 - SMOOTH) * loss
      last = { x: x(step), y: y(mean), loss: mean }
      return last
    })
    const raw = own.map(({ step, loss }) => ({ x: x(step), y: y(loss) }))
    return { trial: own[0]?.trial ?? 0, path: pathOf(smooth), raw: pathOf(raw) }
  })
  return { lines, highest, lowest, steps, last }
}

function trialsOf(points: readonly CurvePoint[]): CurvePoint[][] {
  const trials = new Map<number, CurvePoint[]>()
  for (const point of points) {
    const own = trials.get(point.trial)
    if (own) own.push(point)
    else trials.set(point.trial, [point])
  }
  return [...trials.values()]
}

function pathOf(points: readonly { x: number; y: number }[]): string {
  return points
    .map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`)
    .join('')
}
