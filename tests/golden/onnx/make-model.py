"""Makes official.json: a model written by the reference implementation of ONNX, as hexadecimal bytes.

Run by hand with Python 3.11 and onnx 1.23.2 (opset 17): python make-model.py > official.json
It holds every kind of attribute and of tensor storage that codec.ts reads. No random numbers.
"""
import json
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

typed = [  # stored in the typed fields
    helper.make_tensor('floats', TensorProto.FLOAT, [2, 2], [1.5, -2.0, 0.25, 3.0]),
    helper.make_tensor('longs', TensorProto.INT64, [3], [1, -2, 2**63 - 1]),
    helper.make_tensor('integers', TensorProto.INT32, [2], [7, -8]),
    helper.make_tensor('flags', TensorProto.BOOL, [2], [True, False]),
    helper.make_tensor('bytes', TensorProto.UINT8, [2], [3, 255]),
    helper.make_tensor('halves', TensorProto.FLOAT16, [2], np.array([1, -2], np.float16)),
]
raw = [numpy_helper.from_array(np.array([[1, 2, 3]], np.float32), 'raw')]  # stored as bytes
node = helper.make_node(
    'Conv', ['x', '', 'raw'], ['y'], name='the node', group=-3, alpha=0.5, auto_pad='SAME_UPPER',
    pads=[0, 1, -1], scales=[0.5, 2.0], value=numpy_helper.from_array(np.array([4], np.int64)))
graph = helper.make_graph(
    [node], 'official',
    [helper.make_tensor_value_info('x', TensorProto.FLOAT, ['batch', 3, None, 32])],
    [helper.make_tensor_value_info('y', TensorProto.FLOAT16, [])], typed + raw)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17), helper.make_opsetid('x', 1)])
model.doc_string = 'fields that are not read'
print(json.dumps({'origin': f'onnx {onnx.__version__}, make-model.py', 'hex': model.SerializeToString().hex()}))
