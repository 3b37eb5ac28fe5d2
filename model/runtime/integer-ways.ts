// The ways in which ONNX Runtime computes a model in 8 bits on the CPU. Pure.
//
// fastest   as it does by itself. Without VNNI, products of unsigned and signed bytes are added up
//           in 16 bits there, which saturate: wrong features.
// exact     signed weights become unsigned ones where that would happen, for which it has kernels
//           that do not saturate (`session.x64quantprecision`). Slower there; the same elsewhere.
// floats    what lies between quantizing and its reverse is computed in float
//           (`session.disable_quant_qdq`): right on every processor, 1.5 times as slow as the float
//           model.

export const INTEGER_WAYS = {
  fastest: {},
  exact: { x64quantprecision: '1' },
  floats: { disable_quant_qdq: '1' }
} as const satisfies Record<string, Record<string, string>>

export type IntegerWay = keyof typeof INTEGER_WAYS
