// Addresses of pictures. Pure; runs in the page. App serves a thumbnail by its name, from the
// library's thumbnails, and a photo by its id, from wherever it lies: the page knows no path.

/** A small picture of a photo, by its name: its short side is 256 pixels. */
export function thumbnailAddress(name: string): string {
  return `photo://thumb/${name}`
}

/** A sharp one for large tiles, by the same name: up to 768 pixels. */
export function tileAddress(name: string): string {
  return `photo://tile/${name}`
}

/** The photo itself. */
export function photoAddress(id: number): string {
  return `photo://photo/${id}`
}
