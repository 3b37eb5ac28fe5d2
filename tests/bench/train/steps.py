# The steps of the training bench in PyTorch, one a line of input, for comparison. Started by
# tests/bench/train/pytorch.ts; talks JSON lines. Written from the papers' formulas (float32, eager,
# as both papers' code runs; as many threads as PyTorch takes by itself).
import json
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, into, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(into, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.shortcut = nn.Sequential()
        if stride != 1 or into != width:
            self.shortcut = nn.Sequential(
                nn.Conv2d(into, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.shortcut(x))


class ResNet18(nn.Module):
    """For 32x32: a 3x3 stem, no max-pool; then the head of both papers."""

    def __init__(self, width):
        super().__init__()
        layers, into = [nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU()], 64
        for stage, out in enumerate((64, 128, 256, 512)):
            for index in (0, 1):
                layers.append(Block(into, out, 2 if stage and not index else 1))
                into = out
        self.layers = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.head = nn.Sequential(nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, width))

    def forward(self, x):
        return self.head(self.layers(x))


def soft_quantize(x, books, hardness):
    """x [B, M*L] and codebooks [M, K, L] to z [B, M*L]."""
    parts = x.view(len(x), len(books), -1).transpose(0, 1)
    logits = 2 * parts @ books.transpose(1, 2) - books.square().sum(2)[:, None]
    return ((hardness * logits).softmax(2) @ books).transpose(0, 1).reshape(len(x), -1)


def contrastive(rows, temperature, keep=None):
    unit = F.normalize(rows)
    n = len(rows)
    logits = unit @ unit.T / temperature
    left_out = torch.eye(n, dtype=torch.bool, device=rows.device)
    logits = logits.masked_fill(left_out if keep is None else left_out | ~keep, -1e5)
    return F.cross_entropy(logits, (torch.arange(n, device=rows.device) + n // 2) % n)


def spq(xa, xb, books, temperature, hardness, keep=None):
    za, zb = soft_quantize(xa, books, hardness), soft_quantize(xb, books, hardness)
    first = contrastive(torch.cat([xa, zb]), temperature, keep)
    return first + contrastive(torch.cat([xb, za]), temperature, keep)


def augment(images, rows, columns, own, of_mean):
    """Views as linear algebra: two batched products and an affine map of colour, clipped."""
    view = rows[:, None] @ (images @ columns[:, None].transpose(2, 3))
    flat = view.flatten(2)
    colours = own @ flat + of_mean @ flat.mean(2, keepdim=True)
    return colours.clamp(0, 1).view_as(view)


def resnet18(device, batch, **_):
    net = ResNet18(8 * 16).to(device)
    bound = math.sqrt(6 / (16 + 8 * 16))
    books = nn.Parameter(torch.empty(8, 16, 16, device=device).uniform_(-bound, bound))
    learned = [*net.parameters(), books]
    optimiser = torch.optim.Adam(learned, 3e-4, weight_decay=1e-5)
    pictures = torch.randint(256, (batch, 3, 32, 32), dtype=torch.uint8)
    size = (batch, 32, 32)

    def maps():
        return [torch.rand(*size) / 32, torch.rand(*size) / 32, torch.rand(batch, 3, 3), torch.rand(batch, 3, 3)]

    fed = [maps(), maps()]

    def step():
        images = pictures.to(device).float() / 255
        xa, xb = (net(augment(images, *(one.to(device) for one in maps_of))) for maps_of in fed)
        return spq(xa, xb, books, 0.5, 5)

    return training(step, optimiser, learned), batch


def forward(device, batch, **_):
    net = ResNet18(8 * 16).to(device).eval()
    images = torch.rand(2 * batch, 3, 32, 32)
    return inference(lambda: net(images.to(device))), 2 * batch


def head(device, batch, **_):
    books, length, hidden = 16, 8, 512
    shapes = [(256, books * length), (books * length,), (256, hidden), (hidden,), (hidden, books * length), (books, 16, length)]
    learned = [nn.Parameter((torch.rand(*shape, device=device) - 0.5) / 5) for shape in shapes]
    weight, bias, w1, b1, w2, codebooks = learned
    optimiser = torch.optim.AdamW(learned, 3e-3, weight_decay=1e-4)
    photos = (torch.rand(2 * batch, 256) - 0.5) / 5
    keep = torch.ones(2 * batch, 2 * batch, dtype=torch.bool)

    def step():
        v = photos.to(device)
        y = v @ weight + bias + F.relu(v @ w1 + b1) @ w2
        x = math.sqrt(books) * F.normalize(y)
        return spq(x[:batch], x[batch:], codebooks, 0.2, 20, keep.to(device))

    return training(step, optimiser, learned), batch


def read_safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            values = torch.frombuffer(bytearray(data[start:end]), dtype=torch.float32)
            tensors[name] = values.view(entry["shape"])
    return tensors


def run_node(node, values, tensors):
    """One node of the backbone's ONNX file: the five operators that it has."""
    x = values[node["inputs"][0]]
    given = [tensors[name] for name in node["inputs"][1:] if name in tensors]
    if node["operator"] == "Conv":
        top, left, bottom, right = node["pads"]
        if (top, left) == (bottom, right):
            return F.conv2d(x, *given, node["strides"], (top, left), 1, node["group"])
        return F.conv2d(F.pad(x, (left, right, top, bottom)), *given, node["strides"], 0, 1, node["group"])
    if node["operator"] == "Clip":
        return x.clamp(0, 6)
    if node["operator"] == "Add":
        return x + values[node["inputs"][1]]
    if node["operator"] == "GlobalAveragePool":
        return x.mean((2, 3), keepdim=True)
    if node["operator"] == "Flatten":
        return x.flatten(1)
    raise ValueError(node["operator"])


def backbone(device, batch, nodes, weights, **_):
    tensors = {name: value.to(device) for name, value in read_safetensors(weights).items()}
    photos = (torch.rand(batch, 3, 224, 224) - 0.5) / 5

    def features():
        values = {nodes[0]["inputs"][0]: photos.to(device)}
        for node in nodes:
            values[node["output"]] = run_node(node, values, tensors)
        return values[nodes[-1]["output"]]

    return inference(features), batch


def deep(device, batch, nodes, weights, trained, mean, scale, side, **_):
    tensors = {name: value.to(device) for name, value in read_safetensors(weights).items()}
    tuned = [tensors[name].requires_grad_() for name in trained]
    books, length, hidden, rows, size = 16, 8, 512, 2 * batch, 224
    shapes = [(256, books * length), (books * length,), (256, hidden), (hidden,), (hidden, books * length), (books, 16, length)]
    heads = [nn.Parameter((torch.rand(*shape, device=device) - 0.5) / 5) for shape in shapes]
    weight, bias, w1, b1, w2, codebooks = heads
    groups = [{"params": heads, "lr": 1e-3}, {"params": tuned, "lr": 1e-5}]
    optimiser = torch.optim.AdamW(groups, weight_decay=1e-4)
    pictures = torch.randint(256, (rows, 3, side, side), dtype=torch.uint8)
    fed = [torch.rand(rows, size, side) / side, torch.rand(rows, size, side) / side, torch.rand(rows, 3, 3), torch.rand(rows, 3, 3)]
    centre, matrix = torch.rand(1280, device=device) / 5, (torch.rand(1280, 256, device=device) - 0.5) / 5
    keep = torch.ones(rows, rows, dtype=torch.bool)
    mean, scale = (torch.tensor(one, device=device).view(1, 3, 1, 1) for one in (mean, scale))

    def step():
        views = augment(pictures.to(device).float() / 255, *(one.to(device) for one in fed))
        values = {nodes[0]["inputs"][0]: (views * 255 - mean) / scale}
        for node in nodes:
            values[node["output"]] = run_node(node, values, tensors)
        v = (F.normalize(values[nodes[-1]["output"]]) - centre) @ matrix
        y = v @ weight + bias + F.relu(v @ w1 + b1) @ w2
        x = math.sqrt(books) * F.normalize(y)
        return spq(x[:batch], x[batch:], codebooks, 0.2, 20, keep.to(device))

    return training(step, optimiser, heads + tuned), rows


def training(loss, optimiser, learned):
    def step():
        optimiser.zero_grad()
        value = loss()
        value.backward()
        optimiser.step()
        return value.item()

    step.learned = sum(one.numel() for one in learned)
    return step


def inference(run):
    def step():
        with torch.inference_mode():
            return run().cpu()[0, 0].item()

    step.learned = 0
    return step


CASES = {"resnet18": resnet18, "forward": forward, "head": head, "backbone": backbone, "deep": deep}


def main():
    step = None
    for line in sys.stdin:
        task = json.loads(line)
        if task["task"] == "open":
            step, images = CASES[task["kind"]](**task)
            answer = {"version": torch.__version__, "images": images, "learned": step.learned}
        else:
            began = time.perf_counter()
            step()
            answer = {"total": (time.perf_counter() - began) * 1e3}
        print(json.dumps(answer), flush=True)


main()
