// ResNet-18 for 32x32 images: a 3x3 stem and no max-pool (He et al. 2016; METHOD.md 1.3). Pure.
// Names of parameters are those of the usual PyTorch code, so that weights can be compared.
import { globalAveragePool } from '../graph/composites.ts'
import { add, relu } from '../graph/functions.ts'
import type { Value } from '../graph/ops.ts'
import { batchNorm, conv } from './layers.ts'
import type { Mode } from './layers.ts'
import type { Scope } from './scope.ts'

const WIDTHS = [64, 128, 256, 512] as const

/**
 * Images [B, 3, H, W] in [0, 1] to features [B, 512].
 * @param narrower divides all widths; for tests on slow providers
 */
export function resnet18Cifar(scope: Scope, images: Value, mode: Mode, narrower = 1): Value {
  const widths = WIDTHS.map((width) => width / narrower)
  let x = relu(batchNorm(scope, 'bn1', conv(scope, 'conv1', images, widths[0]!, 3), mode))
  widths.forEach((width, stage) => {
    for (const index of [0, 1]) {
      const stride = stage > 0 && index === 0 ? 2 : 1
      x = basicBlock(scope, `layer${stage + 1}.${index}`, x, width, stride, mode)
    }
  })
  return globalAveragePool(x)
}

function basicBlock(
  scope: Scope,
  name: string,
  x: Value,
  width: number,
  stride: number,
  mode: Mode
): Value {
  const first = conv(scope, `${name}.conv1`, x, width, 3, stride)
  const middle = relu(batchNorm(scope, `${name}.bn1`, first, mode))
  const second = conv(scope, `${name}.conv2`, middle, width, 3)
  const out = batchNorm(scope, `${name}.bn2`, second, mode)
  if (stride === 1 && x.shape[1] === width) return relu(add(out, x))
  const projected = conv(scope, `${name}.shortcut.0`, x, width, 1, stride)
  return relu(add(out, batchNorm(scope, `${name}.shortcut.1`, projected, mode)))
}
