// What the accuracy bench says: a table, a plot, and the lines of what was to be reached. Pure.
import type { Figures, Job, Outcome } from './jobs.ts'
import { textOf } from './plan.ts'

/** One job that was run. */
export interface Done {
  job: Job
  outcome: Outcome
}

/** Means over seeds. */
export interface Row {
  library: string
  set: string
  top: number
  bits: number
  train: string
  seeds: number
  codes: number
  spread: number // largest minus smallest over the seeds
  reranked: number
  floats: number
  centred: number
  whitened: number
  averaged: number // the fair baseline
  seconds: number
}

/** A name for what was trained. */
export function nameOf(train: Job['train']): string {
  return typeof train === 'string' ? train : train.name
}

/** The name of a library: of its folder, or `mixed`. */
export function libraryOf({ folders }: Job): string {
  const name = (path: string): string => path.split(/[\\/]/).at(-1) ?? path
  return folders.length === 1 ? name(folders[0]?.path ?? '') : 'mixed'
}

/** One row for each library, set, bits and training. */
export function rowsOf(done: readonly Done[]): Row[] {
  const groups = new Map<string, { job: Job; set: string; each: (Figures & Outcome)[] }>()
  for (const { job, outcome } of done)
    for (const [set, figures] of Object.entries(outcome.sets)) {
      const key = JSON.stringify([libraryOf(job), set, job.bits, nameOf(job.train)])
      const group = groups.get(key) ?? { job, set, each: [] }
      groups.set(key, group)
      group.each.push({ ...outcome, ...figures })
    }
  return [...groups.values()].map(({ job, set, each }) => {
    const mean = (of: keyof Figures | 'seconds'): number =>
      each.reduce((sum, one) => sum + one[of], 0) / each.length
    const codes = each.map((one) => one.codes)
    return {
      library: libraryOf(job),
      set,
      top: job.folders.find(({ path }) => path.endsWith(set))?.top ?? 100,
      bits: job.bits,
      train: nameOf(job.train),
      seeds: each.length,
      codes: mean('codes'),
      spread: Math.max(...codes) - Math.min(...codes),
      reranked: mean('reranked'),
      floats: mean('floats'),
      centred: mean('centred'),
      whitened: mean('whitened'),
      averaged: mean('averaged'),
      seconds: mean('seconds')
    }
  })
}

const round = (value: number): string => value.toFixed(4)

/** All rows as a Markdown table, and which settings the app chose. */
export function markdown(rows: readonly Row[], done: readonly Done[]): string {
  const lines = [
    'floats: the features of the backbone; centred: with their mean taken away; whitened: half-whitened,',
    '256 of them; averaged: centred, each averaged with its nearest 10 (the fair baseline).',
    '',
    '| library | set@top | bytes | trained | codes | over seeds | reranked | floats | centred | whitened | averaged | seconds | seeds |',
    `${'|---'.repeat(13)}|`,
    ...rows.map((row) =>
      [
        '',
        row.library,
        `${row.set}@${row.top}`,
        row.bits / 8,
        row.train,
        round(row.codes),
        `±${round(row.spread / 2)}`,
        round(row.reranked),
        round(row.floats),
        round(row.centred),
        round(row.whitened),
        round(row.averaged),
        row.seconds.toFixed(1),
        row.seeds,
        ''
      ]
        .join(' | ')
        .trim()
    )
  ]
  const choices = done.flatMap(({ job, outcome }) => {
    if (job.train !== 'automatic') return []
    const trials = (outcome.trials ?? []).map(
      ({ setting, score, coarse, fine, nearDuplicates }) =>
        `  - ${textOf(setting)}, ${setting.steps} steps: score ${round(score)} ` +
        `(coarse ${round(coarse)}, fine ${round(fine)}), near duplicates ${round(nearDuplicates)}`
    )
    return [
      `- ${libraryOf(job)}, ${job.bits / 8} bytes, seed ${job.seed}: ${outcome.chosen}; ` +
        `score before ${round(outcome.before ?? 0)}`,
      ...trials
    ]
  })
  return [...lines, '', 'What the app chose, and its trials:', '', ...choices, ''].join('\n')
}

interface Target {
  set: string
  bits: number
  least: number
}
const TARGETS: readonly Target[] = [
  { set: 'objects', bits: 64, least: 0.88 },
  { set: 'objects', bits: 32, least: 0.87 },
  { set: 'objects', bits: 16, least: 0.85 },
  { set: 'same-thing', bits: 64, least: 0.998 },
  { set: 'same-thing', bits: 32, least: 0.998 },
  { set: 'same-thing', bits: 16, least: 0.996 }
]
/** In the library of all sets, 8 bytes. */
const MIXED: Readonly<Record<string, number>> = { objects: 0.87, 'same-thing': 0.993 }
/** How much better than the fair baseline kinds must be found by 8 bytes. */
const ABOVE_BASELINE = 0.02
/** How far kinds may fall in the library of all sets below their own. */
const LOST_IN_MIXED = 0.01
/** How far the app's own choice may be from the best of the grid. */
const REGRET = 0.015

const verdict = (holds: boolean): string => (holds ? 'holds ' : 'MISSED')

/** One line for each thing to be reached that the rows say something about. */
export function acceptance(rows: readonly Row[]): string[] {
  const automatic = rows.filter(({ train }) => train === 'automatic')
    const lines: string[] = []
  for (const { set, bits, least } of TARGETS) {
    const row = automatic.find((one) => one.library === set && one.bits === bits)
    if (!row) continue
    lines.push(
      `${verdict(row.codes >= least)} ${set}@${row.top} at ${bits / 8} bytes, codes alone: ` +
        `${round(row.codes)}, wanted ${least}, mean of ${row.seeds} seeds`
    )
  }
  for (const row of automatic) {
    const grid = rows.filter(
      (one) =>
        one.library === row.library &&
        one.set === row.set &&
        one.bits === row.bits &&
        !['automatic', 'start'].includes(one.train)
    )
    const best = grid.sort((a, b) => b.codes - a.codes)[0]
    if (!best) continue
    lines.push(
      `${verdict(row.codes >= best.codes - REGRET)} ${row.library}: ${row.set} at ${row.bits / 8} ` +
        `bytes, own choice ${round(row.codes)}, best of the grid ${round(best.codes)} (${best.train})`
    )
  }
  for (const row of automatic) {
    const what = `${row.library}: ${row.set}@${row.top} at ${row.bits / 8} bytes, codes alone`
    const isKinds = row.library === 'few-kinds' && row.bits === 64
    const least = row.averaged + (isKinds ? ABOVE_BASELINE : 0)
    if (row.library !== 'mixed')
      lines.push(
        `${verdict(row.codes >= least)} ${what}: ${round(row.codes)}, the fair baseline ` +
          `${round(row.averaged)}${isKinds ? `, wanted ${round(least)}` : ''}`
      )
    else if (row.bits === 64) lines.push(ofMixed(row, what, automatic))
  }
  return lines
}

/** The line of a set in the library of all sets. */
function ofMixed(row: Row, what: string, automatic: readonly Row[]): string {
  const own = automatic.find((one) => one.library === row.set && one.bits === row.bits)
  const least = MIXED[row.set] ?? (own?.codes ?? 0) - LOST_IN_MIXED
  return (
    `${verdict(row.codes >= least)} ${what}: ${round(row.codes)}, wanted ${round(least)}; ` +
    `re-ranked ${round(row.reranked)}, floats ${round(row.floats)}`
  )
}

const WIDTH = 300
const HEIGHT = 220
const MARGIN = 44
const COLOURS: Record<string, string> = {
  floats: '#888888',
  averaged: '#1f77b4',
  start: '#c0392b',
  papers: '#e69f00',
  automatic: '#0b6e4f'
}

/** mAP over bytes, a panel for each library and set: features, baseline, start, pairs, choice. */
export function plot(rows: readonly Row[]): string {
  const panels = [...new Set(rows.map(({ library, set }) => `${library}: ${set}`))]
  const drawn = panels.map((panel, place) => {
    const own = rows.filter(({ library, set }) => `${library}: ${set}` === panel)
    const shown = own.filter(({ train }) => train in COLOURS)
    const values = [...shown.map(({ codes }) => codes), own[0]?.floats ?? 0, own[0]?.averaged ?? 0]
    const low = Math.floor(Math.min(...values) * 20) / 20
    const x = (bits: number): number => MARGIN + ((Math.log2(bits) - 4) / 3) * (WIDTH - MARGIN - 20)
    const y = (value: number): number => HEIGHT - 30 - ((value - low) / (1 - low)) * (HEIGHT - 60)
    const levels = (['floats', 'averaged'] as const).map((of) => {
      const at = y(own[0]?.[of] ?? 0).toFixed(1)
      return (
        `<line x1="${MARGIN}" x2="${WIDTH - 20}" y1="${at}" y2="${at}" ` +
        `stroke="${COLOURS[of]}" stroke-dasharray="4 3"/>`
      )
    })
    const lines = ['start', 'papers', 'automatic'].map((train) => {
      const points = shown.filter((row) => row.train === train).sort((a, b) => a.bits - b.bits)
      const at = points.map(({ bits, codes }) => `${x(bits).toFixed(1)},${y(codes).toFixed(1)}`)
      const marks = at.map((point) => {
        const [cx, cy] = point.split(',')
        return `<circle cx="${cx}" cy="${cy}" r="3" fill="${COLOURS[train]}"/>`
      })
      return `<polyline fill="none" stroke="${COLOURS[train]}" points="${at.join(' ')}"/>${marks.join('')}`
    })
    const bytes = [16, 32, 64, 128].map(
      (bits) => `<text x="${x(bits)}" y="${HEIGHT - 12}" text-anchor="middle">${bits / 8} B</text>`
    )
    const scale = [low, (1 + low) / 2, 1].map(
      (value) => `<text x="4" y="${y(value) + 4}">${value.toFixed(3)}</text>`
    )
    return (
      `<g transform="translate(${place * WIDTH} 20)"><text x="${MARGIN}" y="14">${panel}</text>` +
      `${[...levels, ...lines, ...bytes, ...scale].join('')}</g>`
    )
  })
  const legend = Object.entries(COLOURS).map(
    ([name, colour], place) => `<text x="${8 + place * 90}" y="14" fill="${colour}">${name}</text>`
  )
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${panels.length * WIDTH}" height="${HEIGHT + 20}" ` +
    `font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>` +
    `${[...legend, ...drawn].join('')}</svg>\n`
  )
}
