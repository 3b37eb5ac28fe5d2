"""Makes pillow-resize.json: what Pillow's resize and crop give for generated pictures.

Made with Pillow 13.0.0 and Python 3.11: python make-pillow-resize.py > pillow-resize.json
The project's tests read the JSON only; they never run this.
"""
import hashlib
import json

import PIL
from PIL import Image

SIZES = [[256, 256], [341, 256], [100, 150], [36, 36], [40, 33], [7, 5], [1, 1], [1, 500], [500, 1]]
FILTERS = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC, "lanczos": Image.LANCZOS}
SHORT, SIZE = 36, 32


def picture(width, height):
    """Byte i is the top byte of i * 2654435761 modulo 2^32: noise that makes the filters overshoot."""
    noise = bytes(((i * 2654435761) & 0xFFFFFFFF) >> 24 for i in range(width * height * 3))
    return Image.frombytes("RGB", (width, height), noise)


cases = []
for width, height in SIZES:
    for name, resample in FILTERS.items():
        short = min(width, height)
        to = [width * SHORT // short, height * SHORT // short]
        left, top = (to[0] - SIZE) // 2, (to[1] - SIZE) // 2
        resized = picture(width, height).resize(to, resample)
        square = resized.crop((left, top, left + SIZE, top + SIZE)).tobytes()
        digest = hashlib.sha256(square).hexdigest()
        case = {"width": width, "height": height, "filter": name, "sha256": digest}
        cases.append({**case, "start": list(square[:12])})
about = (
    f"Bytes [32, 32, 3] by Pillow {PIL.__version__}: resized to a short side of 36, the centre cut "
    "out; made by make-pillow-resize.py."
)
lines = ",\n".join("  " + json.dumps(case) for case in cases)
print(f'{{\n "about": {json.dumps(about)},\n "shortSide": {SHORT},\n "size": {SIZE},\n "cases": [\n{lines}\n ]\n}}')
