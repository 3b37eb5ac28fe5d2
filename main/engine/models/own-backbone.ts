// Which of the shipped backbones a library is described by: its own, which never changes by itself.
// Runs in the writer, and where a library is only looked at; reads only.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Session } from '../lines/compute-session.ts'

type Backbones = Pick<Session['backbone'], 'sha256' | 'shipped'>

/**
 * The sha-256 of a library's own backbone: that of the model that serves, where it came with
 * Kindred; else the one that is remembered, or has described photos. Libraries from before there
 * was one in 8 bits have the float one; new ones have what is best on this processor.
 */
export function ownBackbone(
  { models, settings, vectors }: Catalogue,
  { sha256, shipped }: Backbones
): string {
  const isShipped = (backbone: string): boolean => shipped.some((one) => one.sha256 === backbone)
  const serving = models.serving()?.backbone ?? ''
  if (isShipped(serving)) return serving
  const kept = settings.backbone()
  if (isShipped(kept)) return kept
  const described = vectors.backbones()
  const known = described.find(isShipped)
  if (known) return known
  const isNew = described.length === 0 && models.list().length === 0
  const float = shipped.find(({ arithmetic }) => arithmetic === 'float')
  return isNew || !float ? sha256 : float.sha256
}
