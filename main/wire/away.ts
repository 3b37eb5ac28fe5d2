// How it is told that drives or shares with photos are not there. Pure; for page and command line.

/** "“usb” is not connected. Its photos are kept." Of one or more paths. */
export function awaySentence(paths: readonly string[]): string {
  const [first = ''] = paths
  if (paths.length === 1) return `“${first}” is not connected. Its photos are kept.`
  const others = paths.length - 1
  const more = others === 1 ? '1 other' : `${others} others`
  return `“${first}” and ${more} are not connected. Their photos are kept.`
}
