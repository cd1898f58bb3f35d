// runtime-operators.mjs: random small models of operators on values whose extents
// the run decides.
const product = dims => dims.reduce((a, b) => a * b, 1);
const floats = (g, dims) => Float32Array.from({length: product(dims)}, () => g.normal());
const input = (g, dims) => g.input('float32', dims, floats(g, dims));
const shape = (g, dims) => g.constant('int64', [dims.length], BigInt64Array.from(dims, BigInt));
const output = (g, name, type = 'float32') => g.output(name, type);

// A part of `x` along `axis`: at least one element, so that a mean is a number.
function chosen(g, x, axis, extent) {
  const condition = Uint8Array.from({length: extent}, () => g.integer(0, 1));
  condition[g.integer(0, extent - 1)] = 1;
  return g.node('Compress', [x, g.input('bool', [extent], condition)], {axis});
}

function concat(g) {
  const axis = g.integer(0, 1), parts = g.integer(2, 4), other = g.integer(1, 6);
  const names = Array.from({length: parts}, (_, i) => {
    const extent = g.integer(1, 7), x = input(g, axis ? [other, extent] : [extent, other]);
    return i === 0 || g.integer(0, 1) ? chosen(g, x, axis, extent) : x;
  });
  output(g, g.node('Concat', [...names, g.pick(names)], {axis: g.pick([axis, axis - 2])}));
}

function layerNormalization(g) {
  const dims = g.list(3, 2, 6), decided = g.integer(0, 2), axis = g.integer(0, 2);
  const x = chosen(g, input(g, dims), decided, dims[decided]);
  const last = decided === 2 ? [1] : [dims[2]];
  output(g, g.node('LayerNormalization', [x, input(g, last), ...g.pick([[], [input(g, last)]])], {axis}));
}

// As many iterations as there are positive elements, or until a sum is large.
function loop(g) {
  const dims = g.list(2, 1, 4), x = input(g, dims);
  const found = g.node('NonZero', [g.node('Relu', [x])]);
  const count = g.node('Slice', [g.node('Shape', [found]), shape(g, [1]), shape(g, [2])]);
  const [i, condition, sum, next, goesOn] = ['i', 'c', 's', 'n', 'g'].map(kind => g.name(kind));
  const limit = g.constant('float32', [], Float32Array.of(g.pick([1, 4, 1000])));
  const element = g.name('e'), place = g.name('p'), scaled = g.name('t');
  const body = {
    nodes: [
      {op: 'Gather', inputs: [found, i], outputs: [place], attributes: {axis: 1}},
      {op: 'GatherND', inputs: [x, place], outputs: [element]},
      {op: 'Add', inputs: [sum, element], outputs: [next]},
      {op: 'Less', inputs: [next, limit], outputs: [goesOn]},
      {op: 'Mul', inputs: [x, next], outputs: [scaled]},
    ],
    inputs: [{name: i, type: 'int64', dims: []}, {name: condition, type: 'bool', dims: []},
      {name: sum, type: 'float32', dims: []}],
    outputs: [{name: goesOn, type: 'bool', dims: []}, {name: next, type: 'float32', dims: []},
      {name: scaled, type: 'float32', dims}, {name: next, type: 'float32', dims: []}],
  };
  const [last, all, sums] = g.nodeOf(['last', 'all', 'sums'], 'Loop',
    [count, g.constant('bool', [], Uint8Array.of(1)), input(g, [])], {body: {graph: body}});
  output(g, last);
  output(g, all);
  output(g, g.node('Concat', [sums, sums], {axis: 0}));
}

// Sums of means and differences round otherwise.
const TOLERANCE = 5e-6, OPSET = 17;
const makers = {'Concat of run-time extents': concat, 'LayerNormalization of run-time extents': layerNormalization,
  'Loop of run-time iterations': loop};

export const runtime = Object.fromEntries(
  Object.entries(makers).map(([name, make]) => [name, {make, opset: OPSET, tolerance: TOLERANCE}]));
