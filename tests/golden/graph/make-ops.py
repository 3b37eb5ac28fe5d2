"""Makes ops.json: for every op of the tensor language its value and gradients, computed by PyTorch.

Run by hand with Python 3.11 and torch 2.15.0, seed 20260101: python make-ops.py > ops.json
Everything is float64 and written with 10 digits. `gradients` are those of sum(result * cotangent) by
each input, or null for an input that has none.
"""
import json
import torch
import torch.nn.functional as F

torch.manual_seed(20260101)
torch.set_default_dtype(torch.float64)
TYPES = {torch.float64: 'f32', torch.int64: 'i32', torch.bool: 'bool'}
cases = []


def numbers(x):
    return [float(f'{v:.10g}') for v in x.detach().double().flatten().tolist()]


def tensor(x):
    return {'type': TYPES[x.dtype], 'shape': list(x.shape), 'data': numbers(x)}


def case(op, inputs, f, **params):
    leaves = [x.clone().requires_grad_() if x.dtype == torch.float64 else x for x in inputs]
    y = f(*leaves)
    entry = {'op': op, 'params': params, 'inputs': [tensor(x) for x in inputs], 'result': tensor(y)}
    floats = [x for x in leaves if x.requires_grad]
    if y.requires_grad and y.dtype == torch.float64:
        r = torch.randn_like(y)
        got = iter(torch.autograd.grad((y * r).sum(), floats, allow_unused=True))
        grads = [next(got) if x.requires_grad else None for x in leaves]
        entry['cotangent'] = numbers(r)
        entry['gradients'] = [None if g is None else numbers(g) for g in grads]
    cases.append(entry)


def randn(*shape):
    return torch.randn(*shape)


def positive(*shape):
    return torch.rand(*shape) + 0.2


x = randn(2, 3)
for op, f in {'absolute': torch.abs, 'negate': torch.neg, 'sign': torch.sign, 'floor': torch.floor,
              'exp': torch.exp, 'erf': torch.erf, 'sine': torch.sin, 'cosine': torch.cos,
              'tanh': torch.tanh, 'sigmoid': torch.sigmoid, 'relu': torch.relu}.items():
    case(op, [x * 1.5], f)
case('log', [positive(2, 3)], torch.log)
case('squareRoot', [positive(2, 3)], torch.sqrt)
case('clip', [torch.tensor([-2., -0.5, 0., 0.25, 0.5, 3.])], lambda x: x.clamp(-0.5, 0.5), low=-0.5, high=0.5)
case('clip', [randn(3, 4) * 4], F.relu6, low=0, high=6)
flags = torch.tensor([[True, False, True], [False, False, True]])
case('not', [flags], torch.logical_not)
case('cast', [flags], lambda b: b.double(), to='f32')
case('cast', [torch.tensor([-1.7, 0., 0.4, 2.9])], lambda x: x.detach().trunc().long(), to='i32')
case('cast', [torch.tensor([-1.7, 0., 0.4, 2.9])], lambda x: x.detach() != 0, to='bool')
case('stopGradient', [randn(3)], lambda x: x.detach())

a, b = randn(2, 3), randn(2, 3)
wide, column, row = randn(2, 3, 4), randn(3, 1), randn(4)
for op, f in {'add': torch.add, 'subtract': torch.sub, 'multiply': torch.mul, 'divide': torch.div,
              'minimum': torch.minimum, 'maximum': torch.maximum}.items():
    case(op, [a, b], f)
    case(op, [wide, column], f)
    case(op, [row, column], f)
    case(op, [torch.tensor(1.25), a], f)
case('power', [positive(2, 3), b], torch.pow)
case('power', [positive(2, 3), torch.tensor(2.5)], torch.pow)
whole = torch.tensor([[1, 2, 3], [3, 2, 1]])
for op, f in {'equal': torch.eq, 'less': torch.lt, 'greater': torch.gt}.items():
    case(op, [torch.tensor([1., 2., 3.]), torch.tensor([[1.], [2.5]])], f)
    case(op, [whole, torch.tensor([1, 2, 2])], f)
case('and', [flags, torch.tensor([True, True, False])], torch.logical_and)
case('or', [flags, torch.tensor([[True], [False]])], torch.logical_or)
case('where', [flags, a, b], torch.where)
case('where', [flags[:, :1], row[:3], torch.tensor(0.5)], torch.where)

for op, f in {'reduceSum': torch.sum, 'reduceMean': torch.mean, 'reduceMax': torch.amax,
              'reduceSumSquare': lambda x, d, keepdim: (x * x).sum(d, keepdim=keepdim)}.items():
    case(op, [randn(2, 3, 4)], lambda x: f(x, (0, 2), keepdim=True), axes=[0, 2], keep=True)
    case(op, [randn(2, 3, 2, 2)], lambda x: f(x, (2, 3), keepdim=False), axes=[2, 3], keep=False)
    case(op, [randn(5)], lambda x: f(x, (0,), keepdim=False), axes=[0], keep=False)
case('reduceMax', [torch.tensor([[1., 3., 3.], [2., 2., 2.]])], lambda x: x.amax(1), axes=[1], keep=False)
for op, f in {'softmax': F.softmax, 'logSoftmax': F.log_softmax}.items():
    case(op, [randn(3, 5) * 3], lambda x: f(x, 1), axis=1)
    case(op, [randn(2, 3, 4)], lambda x: f(x, 1), axis=1)
    case(op, [torch.tensor([[1000., 1001., 0.]])], lambda x: f(x, 1), axis=1)
top = torch.tensor([[3., 1., 4., 1., 5.], [2., 7., 1., 8., 2.5]])
case('topK', [top], lambda x: x.detach().topk(2, 1).values, k=2, axis=1, result='values')
case('topK', [top], lambda x: x.detach().topk(3, 1).indices, k=3, axis=1, result='indices')
case('topK', [top.T.contiguous()], lambda x: x.detach().topk(2, 0).values, k=2, axis=0, result='values')

for ta in (False, True):
    for tb in (False, True):
        p, q = randn(2, 3), randn(3, 4)
        case('matmul', [p.T.contiguous() if ta else p, q.T.contiguous() if tb else q],
             lambda u, v: (u.T if ta else u) @ (v.T if tb else v), transposeA=ta, transposeB=tb)
        p, q = randn(2, 1, 2, 3), randn(4, 3, 2)
        case('matmul', [p.mT.contiguous() if ta else p, q.mT.contiguous() if tb else q],
             lambda u, v: (u.mT if ta else u) @ (v.mT if tb else v), transposeA=ta, transposeB=tb)


def conv(x, w, bias, strides, pads, dilations, groups):
    top, left, bottom, right = pads

    def f(x, w, b=None):
        return F.conv2d(F.pad(x, (left, right, top, bottom)), w, b, strides, 0, dilations, groups)
    case('conv', [x, w] + ([bias] if bias is not None else []), f,
         strides=strides, pads=pads, dilations=dilations, groups=groups)


conv(randn(2, 3, 5, 4), randn(4, 3, 3, 3), randn(4), [1, 1], [1, 1, 1, 1], [1, 1], 1)
conv(randn(1, 2, 6, 7), randn(3, 2, 3, 2), None, [2, 2], [1, 0, 0, 1], [1, 1], 1)
conv(randn(2, 4, 5, 5), randn(6, 2, 3, 3), randn(6), [1, 2], [0, 1, 2, 1], [1, 1], 2)
conv(randn(1, 3, 6, 6), randn(3, 1, 3, 3), None, [2, 2], [1, 1, 1, 1], [1, 1], 3)
conv(randn(1, 2, 7, 7), randn(2, 2, 3, 3), None, [1, 1], [2, 2, 2, 2], [2, 2], 1)
conv(randn(2, 3, 4, 4), randn(5, 3, 1, 1), randn(5), [1, 1], [0, 0, 0, 0], [1, 1], 1)
conv(randn(1, 2, 5, 5), randn(2, 2, 1, 1), None, [2, 2], [0, 0, 0, 0], [1, 1], 1)


def conv_transpose(x, w, strides, pads, dilations, groups, output_pads):
    top, left, bottom, right = pads

    def f(x, w):
        y = F.conv_transpose2d(x, w, None, strides, 0, 0, groups, dilations)
        y = F.pad(y, (0, output_pads[1], 0, output_pads[0]))
        return y[:, :, top:y.shape[2] - bottom, left:y.shape[3] - right]
    case('convTranspose', [x, w], f, strides=strides, pads=pads, dilations=dilations, groups=groups,
         outputPads=output_pads)


conv_transpose(randn(2, 3, 4, 3), randn(3, 2, 3, 3), [1, 1], [1, 1, 1, 1], [1, 1], 1, [0, 0])
conv_transpose(randn(1, 4, 3, 3), randn(4, 2, 3, 2), [2, 2], [1, 0, 0, 1], [1, 1], 2, [1, 1])
conv_transpose(randn(1, 2, 3, 3), randn(2, 1, 2, 2), [2, 1], [0, 0, 0, 0], [2, 1], 1, [0, 0])


def max_pool(x, kernel, strides, pads):
    top, left, bottom, right = pads
    case('maxPool', [x], lambda x: F.max_pool2d(
        F.pad(x, (left, right, top, bottom), value=-torch.inf), kernel, strides),
        kernel=kernel, strides=strides, pads=pads)


max_pool(randn(1, 2, 4, 4), [2, 2], [2, 2], [0, 0, 0, 0])
max_pool(randn(2, 1, 5, 6), [3, 3], [2, 2], [1, 1, 1, 1])
max_pool(torch.tensor([[[[1., 1., 0.], [1., 0., 0.], [0., 0., 0.]]]]), [2, 2], [1, 1], [0, 0, 0, 0])


def average_pool(x, kernel, strides, pads, count_pads):
    top, left, bottom, right = pads
    ones = torch.ones_like(x)

    def f(x):
        y = F.avg_pool2d(F.pad(x, (left, right, top, bottom)), kernel, strides)
        share = F.avg_pool2d(F.pad(ones, (left, right, top, bottom)), kernel, strides)
        return y if count_pads else y / share
    case('averagePool', [x], f, kernel=kernel, strides=strides, pads=pads, countPads=count_pads)


average_pool(randn(1, 2, 4, 4), [2, 2], [2, 2], [0, 0, 0, 0], False)
average_pool(randn(2, 1, 5, 6), [3, 3], [2, 2], [1, 1, 1, 1], False)
average_pool(randn(1, 1, 5, 5), [3, 2], [1, 2], [1, 0, 0, 1], True)

case('reshape', [randn(2, 6)], lambda x: x.reshape(3, 4), shape=[3, 4])
case('transpose', [randn(2, 3, 4)], lambda x: x.permute(2, 0, 1), permutation=[2, 0, 1])
case('expand', [randn(3, 1)], lambda x: x.expand(2, 3, 4), shape=[2, 3, 4])
case('slice', [randn(4, 5)], lambda x: x[1:4:2, 0:5], starts=[1, 0], ends=[4, 5], steps=[2, 1])
case('slice', [randn(7)], lambda x: x[1:6:3], starts=[1], ends=[6], steps=[3])
case('reverse', [randn(2, 3, 2)], lambda x: x.flip(1, 2), axes=[1, 2])
case('pad', [randn(2, 3)], lambda x: F.pad(x, (2, 0, 0, 1), value=0.5), before=[0, 2], after=[1, 0], value=0.5)
case('concat', [randn(2, 1), randn(2, 3), randn(2, 2)], lambda *xs: torch.cat(xs, 1), axis=1)
case('gather', [randn(4, 3), torch.tensor([[3, 0], [3, 1]])], lambda x, i: x[i], axis=0)
case('gather', [randn(2, 4), torch.tensor([1, 1, 3])], lambda x, i: x[:, i], axis=1)
case('softplus', [x * 3], F.softplus)

print('{"origin": ' + json.dumps(f'torch {torch.__version__}, float64, make-ops.py') + ', "cases": [')
print(',\n'.join(json.dumps(entry) for entry in cases))
print(']}')
