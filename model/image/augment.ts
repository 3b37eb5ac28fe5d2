// Random views of a picture, as the papers draw them (METHOD.md 1.3 and 5): what is drawn, and how.
// Pure; runs in any process. It touches no pixels: augment-maps.ts turns a description into linear
// maps, which augment-photo.ts and the training graph apply.

/** A number in [0, 1) at each call; seeded by the caller. */
type Random = () => number

/** What views are drawn from. Ranges are [lowest, highest]; probabilities 0..1. */
export interface AugmentationSettings {
  /** Share of the picture's area that the crop keeps. */
  readonly scale: readonly [number, number]
  /** Width over height of the crop; drawn evenly in its logarithm. */
  readonly ratio: readonly [number, number]
  /** Probability of a mirrored view. */
  readonly flip: number
  /** Factors are drawn from 1 - x to 1 + x (0 at least), the hue from -hue to hue turns. */
  readonly jitter: {
    readonly probability: number
    readonly brightness: number
    readonly contrast: number
    readonly saturation: number
    readonly hue: number
  }
  /** Probability of a grey view. */
  readonly grey: number
  /** sigma in pixels of the view. */
  readonly blur: { readonly probability: number; readonly sigma: readonly [number, number] }
}

/** The views of both papers on CIFAR-10 (SimCLR's, at half its colour strength). */
export const PAPER_VIEWS: AugmentationSettings = {
  scale: [0.08, 1],
  ratio: [3 / 4, 4 / 3],
  flip: 0.5,
  jitter: { probability: 0.8, brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 },
  grey: 0.2,
  blur: { probability: 0.5, sigma: [0.1, 2] }
}

/** The views of a user's photos: crops of a fifth of the photo at least (METHOD.md 4.4). */
export const PHOTO_VIEWS: AugmentationSettings = { ...PAPER_VIEWS, scale: [0.2, 1] }

/** A rectangle of whole source pixels. */
export interface Crop {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** One change of colour: a factor, or the hue's turn in whole turns. */
export interface ColourStep {
  readonly kind: 'brightness' | 'contrast' | 'saturation' | 'hue'
  readonly amount: number
}

/** One view, in the order in which it is made; what it is drawn for does not matter. */
export interface Augmentation {
  readonly crop: Crop
  /** Left and right are exchanged. */
  readonly flip: boolean
  readonly colour: readonly ColourStep[]
  readonly grey: boolean
  /** Standard deviation of the blur in pixels of the view; 0 for none. */
  readonly sigma: number
}

/** Width and height in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** Tries for a crop that fits, before the middle is taken (torchvision's RandomResizedCrop). */
const TRIES = 10

/**
 * Draws one view of a picture of `source` pixels. The same generator gives the same views.
 * @throws RangeError for a source without pixels
 */
export function sampleAugmentation(
  random: Random,
  settings: AugmentationSettings,
  source: Size
): Augmentation {
  const { jitter, blur } = settings
  const crop = sampleCrop(random, settings, source)
  const flip = random() < settings.flip
  const colour = random() < jitter.probability ? sampleColour(random, jitter) : []
  const grey = random() < settings.grey
  const sigma = random() < blur.probability ? between(random, blur.sigma) : 0
  return { crop, flip, colour, grey, sigma }
}

/** The whole picture, as it is. */
export function plainView({ width, height }: Size): Augmentation {
  const crop = { left: 0, top: 0, width, height }
  return { crop, flip: false, colour: [], grey: false, sigma: 0 }
}

function sampleCrop(
  random: Random,
  { scale, ratio }: AugmentationSettings,
  { width, height }: Size
): Crop {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0))
    throw new RangeError(`source: expected whole numbers above 0, got ${width} x ${height}`)
  const logarithms = [Math.log(ratio[0]), Math.log(ratio[1])] as const
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const area = width * height * between(random, scale)
    const shape = Math.exp(between(random, logarithms))
    const [w, h] = [Math.round(Math.sqrt(area * shape)), Math.round(Math.sqrt(area / shape))]
    if (w < 1 || h < 1 || w > width || h > height) continue
    const top = Math.floor(random() * (height - h + 1))
    return { left: Math.floor(random() * (width - w + 1)), top, width: w, height: h }
  }
  const held = Math.min(ratio[1], Math.max(ratio[0], width / height))
  const w = Math.max(1, Math.min(width, Math.round(height * held)))
  const h = Math.max(1, Math.min(height, Math.round(width / held)))
  return { left: (width - w) >> 1, top: (height - h) >> 1, width: w, height: h }
}

/** All four changes in a random order. */
function sampleColour(random: Random, jitter: AugmentationSettings['jitter']): ColourStep[] {
  const factor = (kind: 'brightness' | 'contrast' | 'saturation'): ColourStep => ({
    kind,
    amount: between(random, [Math.max(0, 1 - jitter[kind]), 1 + jitter[kind]])
  })
  const steps: ColourStep[] = [
    factor('brightness'),
    factor('contrast'),
    factor('saturation'),
    { kind: 'hue', amount: between(random, [-jitter.hue, jitter.hue]) }
  ]
  for (let last = steps.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    ;[steps[last], steps[other]] = [steps[other]!, steps[last]!]
  }
  return steps
}

function between(random: Random, [low, high]: readonly [number, number]): number {
  return low + (high - low) * random()
}
