// Addresses of pictures: by id only; app serves them from the thumbnail cache and the library.

/** A small picture of a photo: its short side is 256 pixels. */
export function thumbnail(id: number): string {
  return `photo://thumb/${id}`
}

/** The photo itself. */
export function photo(id: number): string {
  return `photo://photo/${id}`
}
