#!/bin/sh
# Some ops of ordinary training graphs leave the GPU: ONNX Runtime has no WebGPU kernel for them.
#
# onnxruntime-node 1.30.0, WebGPU provider: a model of one op is opened with
# `session.disable_cpu_ep_fallback`, so that it is refused instead of being sent to the processor.
# LogSoftmax, Sign and Or are refused, and so are Slice, Concat and Transpose of booleans, and Cast
# of int64 (which is what the indices of TopK are). Their neighbours are taken: Softmax, Log, Abs, And,
# Not, Equal, and Reshape, Expand, Gather and Where of booleans. Without the option the refused ones
# run on the processor, with a copy there and back in every step.
#
# Seen on Node 20.20.2 (Linux, x64) with a software driver of Vulkan (SwiftShader):
#   taken    Abs And Equal Expand(bool) Gather(bool) Log Not Reshape(bool) Softmax Where(bool)
#   refused  Cast(int64) Concat(bool) LogSoftmax Or Sign Slice(bool) Transpose(bool)
#
# Needs: sh, node, npm, python3 with venv, and a driver of Vulkan: a GPU's own, or one in software
# (Debian: mesa-vulkan-drivers), or VK_DRIVER_FILES names one.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts onnxruntime-node@1.30.0
python3 -m venv python
python/bin/pip install --quiet onnx==1.22.0

cat > write.py <<'END'
import numpy
from onnx import TensorProto as T, checker, helper, numpy_helper, save

F, B, I = T.FLOAT, T.BOOL, T.INT64
SHAPE = [4, 6]


def write(name, op, ins, out, shape, constants=(), **attributes):
    """A model of one op; `constants` are its further inputs."""
    inputs = [helper.make_tensor_value_info(f"in{i}", kind, SHAPE) for i, kind in enumerate(ins)]
    held = [numpy_helper.from_array(numpy.array(c, "int64"), f"c{i}") for i, c in enumerate(constants)]
    names = [value.name for value in inputs] + [value.name for value in held]
    node = helper.make_node(op, names, ["out"], **attributes)
    result = helper.make_tensor_value_info("out", out, shape)
    graph = helper.make_graph([node], name, inputs, [result], held)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    save(model, f"{name}.onnx")


write("Abs", "Abs", [F], F, SHAPE)
write("And", "And", [B, B], B, SHAPE)
write("Equal", "Equal", [F, F], B, SHAPE)
write("Expand(bool)", "Expand", [B], B, [2, 4, 6], [[2, 4, 6]])
write("Gather(bool)", "Gather", [B], B, [2, 6], [[0, 2]])
write("Log", "Log", [F], F, SHAPE)
write("Not", "Not", [B], B, SHAPE)
write("Reshape(bool)", "Reshape", [B], B, [6, 4], [[6, 4]])
write("Softmax", "Softmax", [F], F, SHAPE, axis=1)
write("Where(bool)", "Where", [B, F, F], F, SHAPE)
write("Cast(int64)", "Cast", [I], F, SHAPE, to=F)
write("Concat(bool)", "Concat", [B, B], B, [8, 6], axis=0)
write("LogSoftmax", "LogSoftmax", [F], F, SHAPE, axis=1)
write("Or", "Or", [B, B], B, SHAPE)
write("Sign", "Sign", [F], F, SHAPE)
write("Slice(bool)", "Slice", [B], B, [2, 6], [[0], [2]])
write("Transpose(bool)", "Transpose", [B], B, [6, 4], perm=[1, 0])
END
python/bin/python write.py

cat > finding.cjs <<'END'
const { readdirSync } = require('node:fs')
const ort = require('onnxruntime-node')

async function main() {
  const seen = { taken: [], refused: [] }
  for (const file of readdirSync('.').filter((name) => name.endsWith('.onnx')).sort()) {
    const session = { disable_cpu_ep_fallback: '1' }
    const options = { executionProviders: ['webgpu'], extra: { session }, logSeverityLevel: 4 }
    const outcome = await ort.InferenceSession.create(file, options).then(
      () => 'taken',
      (error) => {
        if (!/fallback|assigned/i.test(error.message)) throw error // no device, say
        return 'refused'
      }
    )
    seen[outcome].push(file.replace('.onnx', ''))
  }
  for (const [outcome, names] of Object.entries(seen)) console.log(`${outcome} ${names.join(' ')}`)
}
main()
END
came=$(ORT_DISABLE_TELEMETRY=1 node finding.cjs)
echo "$came"
[ "$came" = "taken Abs And Equal Expand(bool) Gather(bool) Log Not Reshape(bool) Softmax Where(bool)
refused Cast(int64) Concat(bool) LogSoftmax Or Sign Slice(bool) Transpose(bool)" ]
