// Loss and mAP over the epochs as an SVG picture. Pure.

interface Point {
  epoch: number
  value: number
}

export interface Curve {
  name: string
  colour: string
  points: readonly Point[]
  /** Whose axis is on which side. */
  side: 'left' | 'right'
}

const [WIDTH, HEIGHT] = [760, 420]
const PLOT = { left: 64, right: WIDTH - 64, top: 48, bottom: HEIGHT - 48 }
const TICKS = 5

/** The picture of one or two curves, each with its own axis, over epochs 0 to `epochs`. */
export function plot(title: string, epochs: number, curves: readonly Curve[]): string {
  const x = (epoch: number): number =>
    PLOT.left + ((PLOT.right - PLOT.left) * epoch) / Math.max(epochs, 1)
  const parts = [
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(WIDTH / 2, 24, 'middle', '#222', title),
    text(WIDTH / 2, HEIGHT - 12, 'middle', '#555', 'epoch'),
    ...ticks(0, epochs).map((epoch) =>
      text(x(epoch), PLOT.bottom + 18, 'middle', '#555', short(epoch))
    ),
    ...curves.map((curve) => drawn(curve, x))
  ]
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" ` +
    `font-family="sans-serif" font-size="12">\n${parts.join('\n')}\n</svg>\n`
  )
}

function drawn({ name, colour, points, side }: Curve, x: (epoch: number) => number): string {
  const values = points.map(({ value }) => value)
  const low = values.length > 0 ? Math.min(...values) : 0
  const high = values.length > 0 ? Math.max(...values) : 1
  const margin = (high - low) * 0.05 || 0.5
  const [from, to] = [low - margin, high + margin]
  const y = (value: number): number =>
    PLOT.bottom - ((PLOT.bottom - PLOT.top) * (value - from)) / (to - from)
  const edge = side === 'left' ? PLOT.left : PLOT.right
  const beside = side === 'left' ? edge - 6 : edge + 6
  const anchor = side === 'left' ? 'end' : 'start'
  const line = points.map(({ epoch, value }) => `${place(x(epoch))},${place(y(value))}`).join(' ')
  return [
    `<line x1="${edge}" x2="${edge}" y1="${PLOT.top}" y2="${PLOT.bottom}" stroke="${colour}"/>`,
    ...ticks(from, to).map((tick) => text(beside, y(tick) + 4, anchor, colour, short(tick))),
    text(edge, PLOT.top - 10, 'middle', colour, name),
    `<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...points.map(
      ({ epoch, value }) =>
        `<circle cx="${place(x(epoch))}" cy="${place(y(value))}" r="2.5" fill="${colour}"/>`
    )
  ].join('\n')
}

function ticks(from: number, to: number): number[] {
  return Array.from({ length: TICKS + 1 }, (_, i) => from + ((to - from) * i) / TICKS)
}

function text(x: number, y: number, anchor: string, colour: string, words: string): string {
  const safe = words.replace(/&/g, '&amp;').replace(/</g, '&lt;')
  return `<text x="${place(x)}" y="${place(y)}" text-anchor="${anchor}" fill="${colour}">${safe}</text>`
}

function place(pixels: number): string {
  return pixels.toFixed(1)
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)))
}
