// A graph as text, one line a value, the same for the same graph: what tests pin. Test code only.
import { inOrder } from '../../model/graph/graph.ts'
import { specText } from '../../model/graph/ops.ts'
import type { Value } from '../../model/graph/ops.ts'

/**
 * Lines `%3 f32[2,4] = matmul(%1, w) transposeB=true`, inputs first; params that are false or an
 * empty list are left out.
 */
export function printGraph(outputs: Readonly<Record<string, Value>>): string {
  const names = new Map<Value, string>()
  const order = inOrder(Object.values(outputs))
  const lines = order.flatMap((value) => {
    if (value.kind !== 'input') return []
    names.set(value, value.name)
    return [`input ${value.name} ${specText(value)}`]
  })
  for (const value of order) {
    if (value.kind === 'input') continue
    const name = `%${names.size}`
    names.set(value, name)
    lines.push(`${name} ${specText(value)} = ${expression(value, names)}`)
  }
  for (const [name, value] of Object.entries(outputs))
    lines.push(`output ${name} = ${names.get(value)}`)
  return lines.join('\n')
}

function expression(value: Value, names: ReadonlyMap<Value, string>): string {
  if (value.kind === 'input') return value.name
  if (value.kind === 'constant') {
    const shown = Array.from(value.tensor.data.subarray(0, 8), String).join(' ')
    return `constant ${shown}${value.tensor.data.length > 8 ? ' ..' : ''}`
  }
  const params = Object.entries(value.params).flatMap(([key, param]) => {
    const text = Array.isArray(param) ? `[${param.join(',')}]` : String(param)
    return text === 'false' || text === '[]' ? [] : [` ${key}=${text}`]
  })
  return `${value.op}(${value.inputs.map((x) => names.get(x)).join(', ')})${params.join('')}`
}
