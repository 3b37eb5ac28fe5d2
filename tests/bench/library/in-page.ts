// What the bench of a large library measures inside the page: each function is sent there whole, so
// it may use nothing from outside itself. Times in ms, by the page's own clock, frame by frame.

/** Resolves when a tile of the grid shows its picture. */
export function firstPicture(): Promise<void> {
  return new Promise((resolve) => {
    function look(): void {
      const images = document.querySelectorAll<HTMLImageElement>('[data-testid="tile"] img')
      if ([...images].some((image) => image.complete && image.naturalWidth > 0)) resolve()
      else requestAnimationFrame(look)
    }
    look()
  })
}

/** Scrolls the grid to a share of its height and waits until all tiles in view have pictures. */
export function scrollTo(share: number): Promise<void> {
  const grid = document.querySelector<HTMLElement>('[data-testid="grid"]')!
  grid.scrollTop = share * (grid.scrollHeight - grid.clientHeight)
  return new Promise((resolve) => {
    function look(): void {
      const images = [...grid.querySelectorAll<HTMLImageElement>('[data-testid="tile"] img')]
      if (images.length > 0 && images.every((image) => image.complete)) resolve()
      else requestAnimationFrame(look)
    }
    setTimeout(look, 300) // the grid takes no notice of tiles that fly by
  })
}

/**
 * Clicks the tile in the middle of the grid; how long from then until its kin are there. The button
 * goes down before, for as long as a person presses it.
 */
export async function clickToResults(): Promise<number> {
  const PRESS = 80 // ms
  const grid = document.querySelector<HTMLElement>('[data-testid="grid"]')!
  const { left, top, width, height } = grid.getBoundingClientRect()
  const tiles = document.elementsFromPoint(left + width / 2, top + height / 2)
  const tile = tiles.find((element) => element.matches('[data-testid="tile"]'))
  const target = tile ?? grid.querySelector('[data-testid="tile"]')!
  target.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, cancelable: true }))
  await new Promise((resolve) => setTimeout(resolve, PRESS))
  const began = performance.now()
  target.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))
  return new Promise((resolve) => {
    function look(): void {
      if (document.querySelector('[data-testid="kin-tile"]')) resolve(performance.now() - began)
      else requestAnimationFrame(look)
    }
    look()
  })
}

/** Presses a year of the open date picker, not the newest; how long until its photos are shown. */
export function filterByYear(place: number): Promise<number> {
  const firstTile = (): string | null | undefined =>
    document
      .querySelector('[data-testid="grid"] [data-testid="tile"]')
      ?.getAttribute('data-photo-id')
  const before = firstTile()
  const years = document.querySelectorAll<HTMLElement>('[data-testid="filter-year"]')
  const began = performance.now()
  years[place]!.click()
  return new Promise((resolve, reject) => {
    function look(): void {
      const taken = performance.now() - began
      const now = firstTile()
      if (now && now !== before) resolve(taken)
      else if (taken > 30_000) reject(new Error(`year ${place}: the grid has not changed`))
      else requestAnimationFrame(look)
    }
    look()
  })
}

/**
 * Scrolls for some seconds, `speed` pixels a frame at 60 frames a second; the longest frame, and
 * the longest that a tile in view was without its picture.
 */
export function scrollFrames({ seconds, speed }: { seconds: number; speed: number }): Promise<{
  worstFrame: number
  blank: number
}> {
  const grid = document.querySelector<HTMLElement>('[data-testid="grid"]')!
  const blankSince = new Map<Element, number>()
  let worstFrame = 0
  let blank = 0
  return new Promise((resolve) => {
    let last = performance.now()
    const end = last + seconds * 1000
    function frame(now: number): void {
      worstFrame = Math.max(worstFrame, now - last)
      grid.scrollTop += (speed * (now - last) * 60) / 1000
      last = now
      const { top, bottom } = grid.getBoundingClientRect()
      for (const tile of grid.querySelectorAll('[data-testid="tile"]')) {
        const box = tile.getBoundingClientRect()
        const image = tile.querySelector('img')
        const isSeen = box.bottom > top && box.top < bottom
        if (!isSeen || (image?.complete && image.naturalWidth > 0)) blankSince.delete(tile)
        else {
          const since = blankSince.get(tile) ?? now
          blankSince.set(tile, since)
          blank = Math.max(blank, now - since)
        }
      }
      if (now < end) requestAnimationFrame(frame)
      else resolve({ worstFrame, blank })
    }
    requestAnimationFrame((now) => {
      last = now
      requestAnimationFrame(frame)
    })
  })
}

/**
 * Scrolls the grid to a share of its height, as the wheel does; how long until all tiles in view
 * have pictures.
 */
export function jumpTo(share: number): Promise<number> {
  const grid = document.querySelector<HTMLElement>('[data-testid="grid"]')!
  const tileIds = (): string =>
    [...grid.querySelectorAll('[data-testid="tile"]')]
      .map((tile) => tile.getAttribute('data-photo-id'))
      .join()
  const before = tileIds()
  const began = performance.now()
  grid.dispatchEvent(new WheelEvent('wheel', { bubbles: true }))
  grid.scrollTop = share * (grid.scrollHeight - grid.clientHeight)
  return new Promise((resolve) => {
    function look(): void {
      const { top, bottom } = grid.getBoundingClientRect()
      const seen = [...grid.querySelectorAll('[data-testid="tile"]')].filter((tile) => {
        const box = tile.getBoundingClientRect()
        return box.bottom > top && box.top < bottom
      })
      const areWhole = seen.every((tile) => {
        const image = tile.querySelector('img')
        return image?.complete && image.naturalWidth > 0
      })
      if (seen.length > 0 && areWhole && tileIds() !== before) resolve(performance.now() - began)
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
}

/** What the app says it is at. */
export type Work = 'nothing' | 'indexing' | 'learning'

/** What it is at now; scanning and fitting count as indexing. */
export function busyWith(): Work {
  const bar = document.querySelector<HTMLElement>('[data-testid="indexing-bar"]')
  if (bar && bar.dataset['state'] !== 'paused') return 'indexing'
  return document.querySelector('[data-testid="learning-bar"]') ? 'learning' : 'nothing'
}
