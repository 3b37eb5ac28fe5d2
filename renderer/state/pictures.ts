// Addresses of pictures: by id only; app serves them from the thumbnail cache and the library.
export function thumbnail(id: number): string {
  return `photo://thumb/${id}`
}

export function photo(id: number): string {
  return `photo://photo/${id}`
}
