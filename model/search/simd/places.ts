// Where the code of an id lies: id -> position, in pages of typed arrays. Ids are rows of a
// catalogue, so they are close together and a page is well filled; a lone id costs a page. Pure.

const PAGE_BITS = 10
const PAGE = 1 << PAGE_BITS

/** A map from u32 to positions, 4 bytes an entry where ids are dense. */
export class Places {
  readonly #pages = new Map<number, Uint32Array>() // position + 1; 0: none
  #lastNumber = -1
  #lastPage: Uint32Array | undefined

  get bytes(): number {
    return this.#pages.size * (PAGE * 4 + 64)
  }

  /** The position of an id, or -1. */
  get(id: number): number {
    const page = this.#page(id >>> PAGE_BITS)
    return page ? page[id & (PAGE - 1)]! - 1 : -1
  }

  set(id: number, position: number): void {
    const number = id >>> PAGE_BITS
    let page = this.#page(number)
    if (!page) {
      page = new Uint32Array(PAGE)
      this.#pages.set(number, page)
      this.#lastPage = page
    }
    page[id & (PAGE - 1)] = position + 1
  }

  delete(id: number): void {
    const page = this.#page(id >>> PAGE_BITS)
    if (page) page[id & (PAGE - 1)] = 0
  }

  #page(number: number): Uint32Array | undefined {
    if (number !== this.#lastNumber) {
      this.#lastNumber = number
      this.#lastPage = this.#pages.get(number)
    }
    return this.#lastPage
  }
}
