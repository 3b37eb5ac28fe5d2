"""Makes spq-small-resnet18.json: Adam steps of SPQ's network at an eighth of its widths, on small
images; with the running statistics after them, and what the network then gives in evaluation mode.
And encoder-resnet18.json: descriptors of three pictures of bytes by the whole network, all of whose
values are generated, in evaluation mode and (two and two, the last with the first) in training mode.

Run by hand with Python 3.11 and torch 2.15.0:
  python make-resnet18.py steps 8 16 8 10 > spq-small-resnet18.json  (batch, side, narrower, steps)
  python make-resnet18.py encoder > encoder-resnet18.json
With `steps 16 32 1 10` it is the network of spq-cifar-resnet18.json, whose ten losses it gives to
2e-3; that file came from the official code, this one exists because rounding in float32 grows in
that network until it hides small errors, and because a software GPU needs minutes for it.
All values by mulberry32 as that file says; float64.
"""
import json
import sys
import torch
import torch.nn as nn
import torch.nn.functional as F

K, L = 16, 16
torch.set_default_dtype(torch.float64)


def mulberry32(seed, count):
    state, out = seed, []
    for _ in range(count):
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        t = ((state ^ (state >> 15)) * (state | 1)) & 0xFFFFFFFF
        t = ((t + (((t ^ (t >> 7)) * (t | 61)) & 0xFFFFFFFF)) & 0xFFFFFFFF) ^ t
        out.append((t ^ (t >> 14)) / 4294967296)
    return out


def uniform(seed, shape, low, high):
    size = torch.Size(shape).numel()
    return torch.tensor(mulberry32(seed, size)).reshape(shape) * (high - low) + low


def conv(i, o, kernel, stride=1):
    return nn.Conv2d(i, o, kernel, stride, kernel // 2, bias=False)


class Block(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        self.conv1, self.bn1 = conv(i, o, 3, stride), nn.BatchNorm2d(o)
        self.conv2, self.bn2 = conv(o, o, 3), nn.BatchNorm2d(o)
        plain = stride == 1 and i == o
        self.shortcut = nn.Sequential() if plain else nn.Sequential(conv(i, o, 1, stride), nn.BatchNorm2d(o))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.shortcut(x))


class Network(nn.Module):
    def __init__(self, M, narrower):
        super().__init__()
        widths = [width // narrower for width in (64, 128, 256, 512)]
        self.conv1, self.bn1 = conv(3, widths[0], 3), nn.BatchNorm2d(widths[0])
        before = widths[0]
        for stage, width in enumerate(widths):
            blocks = [Block(before, width, 2 if stage else 1), Block(width, width, 1)]
            setattr(self, f'layer{stage + 1}', nn.Sequential(*blocks))
            before = width
        self.fc_out = nn.Linear(before, 512)
        self.head = nn.Linear(512, M * L)
        self.codebooks = nn.Parameter(torch.zeros(K, M * L))

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        for stage in range(1, 5):
            x = getattr(self, f'layer{stage}')(x)
        return self.head(F.relu(self.fc_out(x.mean((2, 3)))))

    def statistics(self):
        return {name: value for name, value in self.named_buffers() if 'running' in name}


def quantize(x, codebooks):
    M = codebooks.shape[1] // L
    parts, words = x.reshape(-1, M, L), codebooks.reshape(K, M, L)
    distances = ((parts[:, :, None] - words.transpose(0, 1)[None]) ** 2).sum(-1)
    weights = F.softmax(-5 * distances, -1)
    return torch.einsum('bmk,kml->bml', weights, words).reshape(-1, M * L)


def contrastive(rows):
    unit = F.normalize(rows)
    n = len(rows)
    logits = unit @ unit.T / 0.5 - torch.diag(torch.full((n,), torch.inf))
    return F.cross_entropy(logits, torch.arange(n).roll(n // 2))


def rounded(values):
    """Nine digits: more than float32 holds."""
    return [float(f'{value:.9g}') for value in values.flatten().tolist()]


def steps(B, side, narrower, count):
    M = 8
    network = Network(M, narrower).train()
    named = dict(network.named_parameters())
    order = [name for name in named if name != 'codebooks'] + ['codebooks']
    for i, name in enumerate(order):
        shape = named[name].shape
        with torch.no_grad():
            if name == 'codebooks':
                bound = (6 / (K + M * L)) ** 0.5
                named[name].copy_(uniform(100 + i, shape, -bound, bound))
            elif len(shape) > 1:
                bound = (3 / shape[1:].numel()) ** 0.5
                named[name].copy_(uniform(100 + i, shape, -bound, bound))
            else:
                scale = name.endswith('weight')
                named[name].fill_(1 if scale else 0)
    a, b = (uniform(seed, (B, 3, side, side), 0, 1) for seed in (1000, 1001))
    adam = torch.optim.Adam(network.parameters(), lr=3e-4, weight_decay=1e-5)
    losses = []
    for step in range(count):
        xa, xb = network(a), network(b)
        za, zb = (quantize(x, network.codebooks) for x in (xa, xb))
        loss = contrastive(torch.cat([xa, zb])) + contrastive(torch.cat([xb, za]))
        adam.zero_grad()
        loss.backward()
        if step == 0:
            norms = {name: named[name].grad.norm().item() for name in order}
            length = xa.norm().item()
        adam.step()
        losses.append(loss.item())
    return {
        'batch': B, 'side': side, 'narrower': narrower, 'M': M, 'K': K, 'L': L,
        'parameters': [[name, list(named[name].shape)] for name in order],
        'losses': losses, 'gradientNorms': norms, 'output': {'Xa_norm': length},
        'finalNormAndSum': {name: [named[name].norm().item(), named[name].sum().item()] for name in order},
        'statistics': {name: rounded(value) for name, value in network.statistics().items()},
        'evaluated': rounded(network.eval()(a)),
    }


def encoder():
    network = Network(4, 1)
    values = {n: p for n, p in network.named_parameters() if n != 'codebooks'} | network.statistics()
    with torch.no_grad():
        for i, (name, value) in enumerate(values.items()):
            if value.dim() > 1:
                bound = (3 / value.shape[1:].numel()) ** 0.5
                value.copy_(uniform(100 + i, value.shape, -bound, bound))
            elif name.endswith(('weight', 'running_var')):
                value.copy_(uniform(100 + i, value.shape, 0.5, 1.5))
            else:
                value.copy_(uniform(100 + i, value.shape, -0.3, 0.3))
        pictures = torch.floor(256 * uniform(1000, (3, 3, 32, 32), 0, 1)) / 255
        evaluated = network.eval()(pictures)
        network.train()
        untrained = torch.cat([network(pictures[[0, 1]]), network(pictures[[2, 0]])[:1]])
    return {
        'values': [[name, list(value.shape)] for name, value in values.items()],
        'evaluated': rounded(evaluated), 'untrained': rounded(untrained),
    }


print(json.dumps(encoder() if sys.argv[1] == 'encoder' else steps(*map(int, sys.argv[2:]))))
