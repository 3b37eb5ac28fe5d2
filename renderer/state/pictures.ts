// Addresses of pictures: by id only; app serves them from the thumbnail cache and the library. A
// version, where it is known, has a changed photo shown anew.

/** A small picture of a photo: its short side is 256 pixels. */
export function thumbnail(id: number, version?: number): string {
  return `photo://thumb/${id}${query(version)}`
}

/** The photo itself. */
export function photo(id: number, version?: number): string {
  return `photo://photo/${id}${query(version)}`
}

function query(version: number | undefined): string {
  return version === undefined ? '' : `?v=${version}`
}
