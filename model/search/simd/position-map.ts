// Where the code of an id lies: id -> position, in pages of ids. Ids are rows of a catalogue, so
// they are close together and a page is well filled; a lone id costs a page. Pure.

const PAGE_BITS = 10
const PAGE = 1 << PAGE_BITS

/** Ids from `first` up to `end`, side by side and so are their positions: nothing else to keep. */
interface InOrder {
  first: number
  end: number
  position: number // of the first
}

type Page = InOrder | Uint32Array // position + 1; 0: none

/** A map from u32 to positions; 4 bytes an entry where ids are dense, none where in order. */
export class PositionMap {
  readonly #pages = new Map<number, Page>()
  #lastNumber = -1
  #lastPage: Page | undefined
  #tables = 0

  get bytes(): number {
    return this.#tables * PAGE * 4 + this.#pages.size * 64
  }

  /** The position of an id, or -1. */
  get(id: number): number {
    const page = this.#page(id >>> PAGE_BITS)
    if (!page) return -1
    if (page instanceof Uint32Array) return page[id & (PAGE - 1)]! - 1
    return id >= page.first && id < page.end ? page.position + id - page.first : -1
  }

  set(id: number, position: number): void {
    const number = id >>> PAGE_BITS
    const page = this.#page(number)
    if (!page) this.#keep(number, { first: id, end: id + 1, position })
    else if (page instanceof Uint32Array) page[id & (PAGE - 1)] = position + 1
    else if (id === page.end && position === page.position + id - page.first) page.end++
    else if (this.get(id) !== position) this.#table(number, page)[id & (PAGE - 1)] = position + 1
  }

  delete(id: number): void {
    const number = id >>> PAGE_BITS
    const page = this.#page(number)
    if (!page || this.get(id) < 0) return
    if (page instanceof Uint32Array) page[id & (PAGE - 1)] = 0
    else if (id === page.end - 1) page.end--
    else this.#table(number, page)[id & (PAGE - 1)] = 0
  }

  /** Turns a page of ids in order into one that has each position. */
  #table(number: number, { first, end, position }: InOrder): Uint32Array {
    const table = new Uint32Array(PAGE)
    for (let id = first; id < end; id++) table[id & (PAGE - 1)] = position + id - first + 1
    this.#keep(number, table)
    this.#tables++
    return table
  }

  #keep(number: number, page: Page): void {
    this.#pages.set(number, page)
    this.#lastNumber = number
    this.#lastPage = page
  }

  #page(number: number): Page | undefined {
    if (number !== this.#lastNumber) {
      this.#lastNumber = number
      this.#lastPage = this.#pages.get(number)
    }
    return this.#lastPage
  }
}
