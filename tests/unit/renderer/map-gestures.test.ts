// Presses and keys on the map: a drag moves it, and ends with the press wherever that ends; what
// keys ask for during a flight goes on from where that leads.
import assert from 'node:assert/strict'
import test, { before } from 'node:test'
import type { Point } from '../../../renderer/state/large/zoom-geometry.ts'
import { loadState } from './bundle.ts'

type Module = typeof import('../../../renderer/state/map/map-gestures.svelte.ts') &
  typeof import('../../../renderer/state/map/map-camera.svelte.ts')

let page: Module
before(async () => {
  page = await loadState<Module>('map/map-gestures.svelte.ts', 'map/map-camera.svelte.ts')
})

/** As much of a field as gestures ask for. */
class Field extends EventTarget {
  getBoundingClientRect = () => ({ left: 0, top: 0 })
  setPointerCapture = () => undefined
  readonly ownerDocument = new EventTarget()

  tell(type: string, clientX: number, buttons: number): void {
    const told = { pointerId: 1, button: 0, clientX, clientY: 0, buttons, shiftKey: false }
    this.dispatchEvent(Object.assign(new Event(type), told))
  }
}

test('a press that ends outside of the field drags no more', () => {
  const { MapGestures, MapCamera } = page
  const moves: Point[] = []
  class Camera extends MapCamera {
    override move(by: Point): void {
      moves.push(by)
    }
  }
  const gestures = new MapGestures(new Camera(() => true), () => undefined)
  const field = new Field()
  const end = gestures.listen(() => false)(field as EventTarget as HTMLElement)
  field.tell('pointerdown', 10, 1)
  field.tell('pointermove', 12, 1) // a click as yet; it goes on outside and ends there
  field.tell('pointermove', 60, 0)
  field.tell('pointermove', 90, 0)
  assert.deepEqual(moves, [])
  field.tell('pointerdown', 10, 1)
  field.tell('pointermove', 30, 1)
  field.tell('pointerup', 30, 0)
  field.tell('pointermove', 90, 0)
  assert.deepEqual(moves, [{ x: 20, y: 0 }])
  end()
})

test('Escape gives a line up that is being drawn, and goes on to others where there is none', () => {
  const { MapGestures, MapCamera } = page
  const lines: (readonly Point[])[] = []
  const gestures = new MapGestures(new MapCamera(() => true), (line) => lines.push(line))
  const field = new Field()
  const end = gestures.listen(() => true)(field as EventTarget as HTMLElement)
  let passed = 0
  field.ownerDocument.addEventListener('keydown', () => passed++)
  const escape = (): unknown =>
    field.ownerDocument.dispatchEvent(
      Object.assign(new Event('keydown', { cancelable: true }), { key: 'Escape' })
    )
  const draw = (): void => {
    field.tell('pointerdown', 10, 1)
    for (const x of [30, 60, 90]) field.tell('pointermove', x, 1)
  }
  draw()
  assert.equal(gestures.line.length, 3)
  escape()
  assert.equal(gestures.line.length, 0)
  field.tell('pointermove', 120, 1)
  field.tell('pointerup', 120, 0)
  assert.deepEqual([lines.length, gestures.line.length], [0, 0])
  draw()
  field.tell('pointerup', 90, 0)
  assert.equal(lines.length, 1, 'the next line is drawn as ever')
  const before = passed
  escape()
  assert.equal(passed, before + 1)
  end()
})

test('keys during a flight go on from where it leads', (t) => {
  const frames: FrameRequestCallback[] = []
  const clock = { requestAnimationFrame: (call: FrameRequestCallback) => frames.push(call) }
  Object.assign(globalThis, clock, { cancelAnimationFrame: () => void frames.splice(0) })
  t.after(() => {
    Reflect.deleteProperty(globalThis, 'requestAnimationFrame')
    Reflect.deleteProperty(globalThis, 'cancelAnimationFrame')
  })
  const camera = new page.MapCamera(() => false)
  camera.setSize({ width: 800, height: 600 })
  const frame = (after: number): void => frames.splice(0).forEach((call) => call(after))
  for (let times = 0; times < 3; times++) camera.zoom(2)
  frame(performance.now() + 100)
  assert.ok(camera.nearness > 1 && camera.nearness < 8)
  camera.reveal({ x: 0, y: 0 }) // in view: the flight goes on
  frame(performance.now() + 1000)
  assert.ok(Math.abs(camera.nearness - 8) < 1e-9, `${camera.nearness}`)
  assert.equal(frames.length, 0)
  camera.zoom(2)
  camera.reveal({ x: 1, y: 0 })
  frame(performance.now() + 1000)
  assert.ok(Math.abs(camera.nearness - 16) < 1e-9)
  assert.ok(camera.framing.x > 0.8)
})
