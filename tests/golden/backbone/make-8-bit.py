"""Makes model/backbones/efficientnet-lite0-8-bit.onnx of the float one: weights and activations in 8
bits, with the steps in between (QDQ), which ONNX Runtime turns into whole numbers when it loads it.

Run by hand with Python 3.11 and what requirements.txt pins, from the root of the project:
    python tests/golden/backbone/make-8-bit.py <folder of photos>
    node --import tsx tests/golden/backbone/make-card.ts

ONNX Runtime's own quantizer: what it writes is what its kernels are made for. It needs photos to see
how large the values between layers become: 256 of a folder, every n-th of its JPEGs by path; labels
are not looked at. The shipped file was made with ../shared/photos. The same photos give the same
bytes; others give other steps, which is another backbone with another sha-256.

- Activations unsigned, one step a layer, from the least to the largest value seen (MinMax): ReLU6
  bounds most of them, so percentiles gain nothing.
- Weights signed, a step for each channel: a single one a layer costs a tenth of the cosine.
- The mean over places stays in float: its numbers are the features.
"""
import json
import os
import sys
import tempfile
from collections import Counter

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType
from onnxruntime.quantization import quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from PIL import Image

FOLDER = 'model/backbones'
NAME = 'efficientnet-lite0'
PHOTOS = 256
IN_FLOAT = ('GlobalAveragePool', 'Flatten')


def photos_of(folder):
    names = (os.path.join(at, name) for at, _, names in os.walk(folder) for name in names)
    files = sorted(name for name in names if name.lower().endswith(('.jpg', '.jpeg')))
    if len(files) < PHOTOS:
        sys.exit(f'{folder}: expected {PHOTOS} JPEGs or more, got {len(files)}')
    return files[::len(files) // PHOTOS][:PHOTOS]


def values_of(path, card):
    """A photo as the card's `input` wants it: [1, 3, size, size]."""
    size, mean, scale = (card['input'][name] for name in ('size', 'mean', 'scale'))
    photo = Image.open(path).convert('RGB')
    short = min(photo.size)
    width, height = (side * card['input']['resize']['shortSide'] // short for side in photo.size)
    left, top = (width - size) // 2, (height - size) // 2
    photo = photo.resize((width, height), Image.BICUBIC).crop((left, top, left + size, top + size))
    values = (np.asarray(photo, np.float32) - np.float32(mean)) / np.float32(scale)
    return values.transpose(2, 0, 1)[None].astype(np.float32)


class Photos(CalibrationDataReader):
    def __init__(self, files, card):
        self.feeds = ({card['input']['name']: values_of(file, card)} for file in files)

    def get_next(self):
        return next(self.feeds, None)


def main(folder):
    with open(f'{FOLDER}/{NAME}.json') as file:
        card = json.load(file)
    with tempfile.TemporaryDirectory() as place:
        prepared = os.path.join(place, 'prepared.onnx')
        quant_pre_process(f'{FOLDER}/{NAME}.onnx', prepared)
        nodes = onnx.load(prepared).graph.node
        quantize_static(
            prepared,
            f'{FOLDER}/{NAME}-8-bit.onnx',
            Photos(photos_of(folder), card),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            calibrate_method=CalibrationMethod.MinMax,
            nodes_to_exclude=[node.name for node in nodes if node.op_type in IN_FLOAT],
        )
    print(Counter(node.op_type for node in onnx.load(f'{FOLDER}/{NAME}-8-bit.onnx').graph.node))


if len(sys.argv) != 2:
    sys.exit(f'usage: {sys.argv[0]} <folder of photos>')
main(sys.argv[1])
