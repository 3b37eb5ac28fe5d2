// Kin as the command line tells them: as data, and in columns for a person. Pure.
import type { FoundKin } from '../engine/api.ts'
import { nearnessWords } from '../wire/nearness.ts'

/** A kin as data; what it does not stand for is left out. */
export function kinAnswer({ companions, copies, alike, shots, ...kin }: FoundKin): object {
  return {
    path: kin.path,
    score: kin.score,
    likeness: kin.likeness,
    nearness: kin.nearness,
    ...(copies.length > 0 && { copies }),
    ...(alike.length > 0 && { alike }),
    ...(shots.length > 0 && { shots }),
    ...(companions.length > 0 && { companions })
  }
}

/** "87 %", "the same kind", its path and what else it stands for. */
export function kinLine(kin: FoundKin): string[] {
  const percent = Math.floor(100 * kin.likeness)
  return [`${percent} %`, nearnessWords(kin.nearness), kin.path + besidesOf(kin)]
}

/** What else a kin stands for, in brackets. */
function besidesOf({ companions, copies, alike, shots }: FoundKin): string {
  const parts = [
    ...(companions.length > 0 ? [`with ${companions.join(', ')}`] : []),
    ...(copies.length > 0 ? [`the same file at ${copies.join(', ')}`] : []),
    ...(alike.length > 0 ? [`the same picture at ${alike.join(', ')}`] : []),
    ...(shots.length > 0 ? [`of the same moment ${shots.join(', ')}`] : [])
  ]
  return parts.length > 0 ? ` (${parts.join('; ')})` : ''
}
