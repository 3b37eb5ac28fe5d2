// Draws the photos of the map as soft dots, by WebGL: all of them lie in the memory of the graphics
// device, so a frame costs the page no more than a few numbers. The only file that knows twgl.
import {
  createBufferInfoFromArrays,
  createProgramInfo,
  drawBufferInfo,
  setAttribInfoBufferFromArray,
  setBuffersAndAttributes,
  setUniforms
} from 'twgl.js'
import type { BufferInfo, ProgramInfo } from 'twgl.js'
import type { MapFraming, Places } from '../../state/map/map-framing.ts'
import type { Size } from '../../state/large/zoom-geometry.ts'

const VERTEX = `
  attribute vec2 place;
  attribute vec4 colour;
  attribute float mark;
  uniform vec2 middle;
  uniform vec2 reach; // half of the field, as a distance of places
  uniform float size;
  varying vec4 shade;
  void main() {
    vec2 at = (place - middle) / reach;
    gl_Position = vec4(at.x, -at.y, 0.0, 1.0);
    gl_PointSize = size * (1.0 + mark);
    shade = colour;
  }
`
const FRAGMENT = `
  precision mediump float;
  varying vec4 shade;
  void main() {
    float far = length(gl_PointCoord - vec2(0.5)) * 2.0;
    float cover = shade.a * (1.0 - smoothstep(0.55, 1.0, far));
    gl_FragColor = vec4(shade.rgb * cover, cover);
  }
`

/** What is drawn: parallel arrays. */
export interface Dots {
  places: Places // [n, 2]
  colours: Uint8Array // red, green, blue, opacity [n, 4]
  marks: Uint8Array // 1: drawn larger [n]
}

/** The dots of one canvas. */
export class MapDots {
  readonly #gl: WebGLRenderingContext
  readonly #program: ProgramInfo
  #buffers: BufferInfo | undefined
  #count = 0

  /** Undefined where there is no WebGL, or none now: a context may be lost from its beginning. */
  static on(canvas: HTMLCanvasElement): MapDots | undefined {
    const options = { antialias: false, depth: false, premultipliedAlpha: true }
    const gl = canvas.getContext('webgl', options)
    if (!(gl instanceof WebGLRenderingContext) || gl.isContextLost()) return undefined
    const program: ProgramInfo | null = createProgramInfo(gl, [VERTEX, FRAGMENT]) // as it can be
    return program ? new MapDots(gl, program) : undefined
  }

  private constructor(gl: WebGLRenderingContext, program: ProgramInfo) {
    this.#gl = gl
    this.#program = program
  }

  /** Gives back what it has of the device: a page has few contexts, and each map opens one. */
  close(): void {
    this.#gl.getExtension('WEBGL_lose_context')?.loseContext()
  }

  /** What is drawn from now on. */
  set({ places, colours, marks }: Dots): void {
    const gl = this.#gl
    this.#count = marks.length
    const former = this.#buffers
    if (former?.attribs && former.numElements === this.#count) {
      const { place, colour, mark } = former.attribs
      if (place) setAttribInfoBufferFromArray(gl, place, places)
      if (colour) setAttribInfoBufferFromArray(gl, colour, colours)
      if (mark) setAttribInfoBufferFromArray(gl, mark, marks)
      return
    }
    for (const attribute of Object.values(former?.attribs ?? {})) gl.deleteBuffer(attribute.buffer)
    this.#buffers = createBufferInfoFromArrays(gl, {
      place: { numComponents: 2, data: places },
      colour: { numComponents: 4, data: colours, normalize: true },
      mark: { numComponents: 1, data: marks, normalize: false }
    })
  }

  /** Draws them. @param ratio device pixels of a CSS pixel @param size of a dot, CSS pixels */
  draw(framing: MapFraming, field: Size, ratio: number, size: number): void {
    const gl = this.#gl
    const { canvas } = gl
    const [width, height] = [field.width, field.height].map((side) => Math.round(side * ratio))
    if (width === undefined || height === undefined) return
    if (canvas.width !== width) canvas.width = width
    if (canvas.height !== height) canvas.height = height
    gl.viewport(0, 0, width, height)
    gl.clearColor(0, 0, 0, 0)
    gl.clear(gl.COLOR_BUFFER_BIT)
    if (!this.#buffers || this.#count === 0) return
    gl.enable(gl.BLEND)
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
    gl.useProgram(this.#program.program)
    setBuffersAndAttributes(gl, this.#program, this.#buffers)
    setUniforms(this.#program, {
      middle: [framing.x, framing.y],
      reach: [field.width / (2 * framing.scale), field.height / (2 * framing.scale)],
      size: size * ratio
    })
    drawBufferInfo(gl, this.#buffers, gl.POINTS, this.#count)
  }
}
