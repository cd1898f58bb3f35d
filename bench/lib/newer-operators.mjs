// newer-operators.mjs: random small models of operators in the forms that operator
// sets 18 to 23 brought, which ONNX's test suite of version 1.12 does not have.
const product = dims => dims.reduce((a, b) => a * b, 1);
const float = value => ({float: value});

const floats = (g, dims, scale = 1) => Float32Array.from({length: product(dims)}, () => scale * g.normal());
const input = (g, dims, scale) => g.input('float32', dims, floats(g, dims, scale));
const integers = (g, values) => g.constant('int64', [values.length], BigInt64Array.from(values, BigInt));
const output = (g, name, type = 'float32') => g.output(name, type);
const run = (g, op, inputs, attributes, type) => output(g, g.node(op, inputs, attributes), type);
const extents = (g, rank, low = 2, high = 6) => g.list(rank, low, high);

//===------------------------------------------------------------------------===//
// Maps over elements
//===------------------------------------------------------------------------===//

const unary = (op, attributes = () => ({}), scale = 2) => g => run(g, op, [input(g, extents(g, 3), scale)], attributes(g));

function bitwise(op) {
  return g => {
    const type = g.pick(['uint8', 'int8', 'uint16', 'int16', 'int32']), dims = extents(g, 2);
    const other = op === 'BitwiseNot' ? [] : [g.input(type, g.pick([dims, [dims[1]], [dims[0], 1]]))];
    run(g, op, [g.input(type, dims), ...other], {}, type);
  };
}

function isInf(g) {
  const x = floats(g, [4, 5]);
  for (let i = 0; i < 6; i++) x[g.integer(0, 19)] = g.pick([Infinity, -Infinity, NaN]);
  run(g, 'IsInf', [g.input('float32', [4, 5], x)], {detect_negative: g.integer(0, 1), detect_positive: g.integer(0, 1)},
    'bool');
}

//===------------------------------------------------------------------------===//
// Shapes
//===------------------------------------------------------------------------===//

function pad(g) {
  const dims = extents(g, 3), mode = g.pick(['constant', 'reflect', 'edge', 'wrap']);
  const axes = g.pick([[0, 1, 2], [2, 0], [-1], [1, -1]]);
  const pads = axes.concat(axes).map(axis => mode === 'constant' ? g.integer(-1, 3) : g.integer(0, dims.at(axis) - 1));
  const value = mode === 'constant' ? g.constant('float32', [], floats(g, [])) : '';
  run(g, 'Pad', [input(g, dims), integers(g, pads), value, integers(g, axes)], {mode});
}

function centerCropPad(g) {
  const axes = g.pick([[0, 1, 2], [2, 0], [-1]]);
  run(g, 'CenterCropPad', [input(g, extents(g, 3)), integers(g, axes.map(() => g.integer(1, 9)))], {axes});
}

function split(g) {
  // Of equal extent but for the last part, which is not to be empty: not 2, 2 and 0.
  const parts = g.integer(2, 3), dims = [2, g.pick(parts === 2 ? [2, 3, 5, 8] : [3, 5, 7, 8]), 3];
  const names = g.nodeOf(Array(parts).fill('y'), 'Split', [input(g, dims)], {axis: 1, num_outputs: parts});
  names.forEach(name => output(g, name));
}

// Of two dimensions: ONNX Runtime places dilated blocks of one wrongly.
function col2Im(g) {
  const rank = 2, block = g.list(rank, 1, 3), image = g.list(rank, 5, 8);
  const strides = g.list(rank, 1, 2), dilations = g.list(rank, 1, 2), pads = g.list(2 * rank, 0, 1);
  const count = image.map((extent, i) =>
    Math.floor((extent + pads[i] + pads[i + rank] - dilations[i] * (block[i] - 1) - 1) / strides[i]) + 1);
  const x = input(g, [2, 3 * product(block), product(count)]);
  run(g, 'Col2Im', [x, integers(g, image), integers(g, block)], {strides, dilations, pads});
}

//===------------------------------------------------------------------------===//
// Reductions, pooling, normalisation
//===------------------------------------------------------------------------===//

function reduce(op) {
  return g => {
    const axes = g.pick([[], [0], [1, 2], [-1, 0]]), attributes = {keepdims: g.integer(0, 1)};
    if (!axes.length) attributes.noop_with_empty_axes = g.integer(0, 1);
    const dims = extents(g, 3), x = floats(g, dims);
    // Logarithms of sums are no numbers where these are negative.
    run(g, op, [g.input('float32', dims, op === 'ReduceLogSum' ? x.map(Math.abs) : x), integers(g, axes)], attributes);
  };
}

function reduceBooleans(op) {
  return g => {
    const dims = extents(g, 2), x = Uint8Array.from({length: product(dims)}, () => g.integer(0, 3) ? 1 : 0);
    run(g, op, [g.input('bool', dims, x), integers(g, [g.integer(0, 1)])], {keepdims: 0}, 'bool');
  };
}

function windows(g, dilates = true) {
  const kernel = g.list(2, 1, 3);
  return {kernel_shape: kernel, strides: g.list(2, 1, 2), pads: kernel.concat(kernel).map(k => g.integer(0, k - 1)),
    ceil_mode: g.integer(0, 1), ...(dilates ? {dilations: g.list(2, 1, 2)} : {})};
}
const image = g => input(g, [g.integer(1, 2), g.integer(1, 3), g.integer(5, 8), g.integer(5, 8)]);

function averagePool(g) { run(g, 'AveragePool', [image(g)], {...windows(g), count_include_pad: g.integer(0, 1)}); }
function lpPool(g) { run(g, 'LpPool', [image(g)], {...windows(g), p: g.integer(1, 3)}); }

function maxPool(g) {
  const [y, indices] = g.nodeOf(['y', 'i'], 'MaxPool', [image(g)], {...windows(g), storage_order: 0});
  output(g, y);
  output(g, indices, 'int64');
}

function groupNormalization(g) {
  const groups = g.integer(1, 3), channels = groups * g.integer(1, 3);
  const scales = () => g.constant('float32', [channels], floats(g, [channels]));
  run(g, 'GroupNormalization', [input(g, [2, channels, 3, 4]), scales(), scales()], {num_groups: groups});
}

function rmsNormalization(g) {
  const dims = extents(g, 3), axis = g.integer(-2, 2), scale = dims.slice(axis);
  run(g, 'RMSNormalization', [input(g, dims), g.constant('float32', scale, floats(g, scale))], {axis});
}

//===------------------------------------------------------------------------===//
// Sampling
//===------------------------------------------------------------------------===//

function gridSample(g) {
  const rank = g.integer(2, 3), dims = [2, 2, ...extents(g, rank, 2, 5)], points = [2, ...extents(g, rank, 1, 4), rank];
  const mode = g.pick(rank === 2 ? ['linear', 'nearest', 'cubic'] : ['linear', 'nearest']);
  run(g, 'GridSample', [input(g, dims), input(g, points, 0.8)], {mode, align_corners: g.integer(0, 1),
    padding_mode: g.pick(['zeros', 'border', 'reflection'])});
}

function affineGrid(g) {
  const rank = g.integer(2, 3), size = [2, 3, ...extents(g, rank)];
  run(g, 'AffineGrid', [input(g, [2, rank, rank + 1]), integers(g, size)], {align_corners: g.integer(0, 1)});
}

// Regions that are the right way round, and without max, both of which ONNX Runtime
// computes in its own way.
function roiAlign(g) {
  const regions = g.integer(1, 4), corners = Float32Array.from({length: 4 * regions},
    (_, i) => i % 4 < 2 ? 8 * g.random() - 2 : 7 + 4 * g.random());
  const batches = g.constant('int64', [regions], BigInt64Array.from({length: regions}, () => BigInt(g.integer(0, 1))));
  run(g, 'RoiAlign', [input(g, [2, 3, 8, 9]), g.input('float32', [regions, 4], corners), batches], {
    mode: 'avg', coordinate_transformation_mode: g.pick(['half_pixel', 'output_half_pixel']),
    output_height: g.integer(1, 3), output_width: g.integer(1, 3), sampling_ratio: g.integer(0, 2),
    spatial_scale: float(g.pick([1, 0.5]))});
}

function resize(g) {
  const mode = g.pick(['linear', 'cubic']), antialias = g.integer(0, 1);
  const attributes = {mode, antialias, axes: [2, 3], exclude_outside: mode === 'cubic' ? g.integer(0, 1) : 0,
    coordinate_transformation_mode: g.pick(['half_pixel', 'align_corners', 'asymmetric', 'pytorch_half_pixel'])};
  const sizes = g.list(2, 3, 12);
  // Aligned corners of a size that a policy has rounded are a matter of taste.
  if (attributes.coordinate_transformation_mode !== 'align_corners' && g.integer(0, 1))
    attributes.keep_aspect_ratio_policy = g.pick(['not_larger', 'not_smaller']);
  run(g, 'Resize', [input(g, [1, 2, g.integer(4, 9), g.integer(4, 9)]), '', '', integers(g, sizes)], attributes);
}

function deformConv(g) {
  const kernel = g.list(2, 1, 3), strides = g.list(2, 1, 2), dilations = g.list(2, 1, 2), pads = g.list(4, 0, 1);
  const size = g.list(2, 6, 8), group = g.integer(1, 2), offsets = g.integer(1, 2), channels = 4;
  const out = size.map((extent, i) =>
    Math.floor((extent + pads[i] + pads[i + 2] - dilations[i] * (kernel[i] - 1) - 1) / strides[i]) + 1);
  const weights = [6, channels / group, ...kernel], taps = offsets * product(kernel);
  run(g, 'DeformConv', [input(g, [2, channels, ...size]), g.constant('float32', weights, floats(g, weights)),
    input(g, [2, 2 * taps, ...out]), g.constant('float32', [6], floats(g, [6])), g.integer(0, 1) ? input(g, [2, taps, ...out]) : ''],
  {strides, dilations, pads, group, offset_group: offsets});
}

//===------------------------------------------------------------------------===//
// Signals
//===------------------------------------------------------------------------===//

function dft(g) {
  const parts = g.integer(1, 2), length = g.pick([1, 5, 8, 12, 16, 320, 17]), dims = [2, length, 3, parts];
  const inverse = parts === 2 ? g.integer(0, 1) : 0, onesided = parts === 1 ? g.integer(0, 1) : 0;
  const scalar = value => g.constant('int64', [], BigInt64Array.of(BigInt(value)));
  const count = g.integer(0, 1) ? scalar(length + g.integer(0, 3)) : '';
  run(g, 'DFT', [input(g, dims), count, scalar(1)], {inverse, onesided});
}

function stft(g) {
  const length = g.pick([4, 8, 15]), step = g.integer(1, 5), signal = [2, g.integer(20, 40), 1];
  const window = g.integer(0, 1) ? g.constant('float32', [length], floats(g, [length]).map(Math.abs)) : '';
  const scalar = value => g.constant('int64', [], BigInt64Array.of(BigInt(value)));
  run(g, 'STFT', [input(g, signal), scalar(step), window, scalar(length)], {onesided: g.integer(0, 1)});
}

//===------------------------------------------------------------------------===//
// Scattering
//===------------------------------------------------------------------------===//

const index = (g, dims, extent) => g.constant('int64', dims,
  BigInt64Array.from({length: product(dims)}, () => BigInt(g.integer(-extent, extent - 1))));
// Half precision within the model: it is no array of JavaScript's.
const half = (g, name) => g.node('Cast', [name], {to: 10});
const single = (g, name) => g.node('Cast', [name], {to: 1});

// Without a reduction, indices that occur twice have no defined result.
function scatter(g, op, operands, isHalf) {
  const attributes = {reduction: g.pick(['max', 'min']), ...operands.attributes};
  const [data, updates] = [operands.data, operands.updates].map(dims => isHalf ? half(g, input(g, dims)) : input(g, dims));
  const result = g.node(op, [data, operands.indices, updates], attributes);
  output(g, isHalf ? single(g, result) : result);
}

function scatterElements(g) {
  const data = extents(g, 2), axis = g.integer(0, 1), updates = data.map((extent, i) => i === axis ? g.integer(1, 8) : extent);
  scatter(g, 'ScatterElements', {data, updates, indices: index(g, updates, data[axis]), attributes: {axis}}, g.integer(0, 1));
}

// ONNX Runtime has it in single precision only.
function scatterND(g) {
  const data = extents(g, 3), count = g.integer(1, 8);
  scatter(g, 'ScatterND', {data, updates: [count, ...data.slice(1)], indices: index(g, [count, 1], data[0])}, false);
}

//===------------------------------------------------------------------------===//
// The table
//===------------------------------------------------------------------------===//

// Functions of f32 and sums differ in their last bits; ONNX Runtime's roots of one
// are those of single precision, multiplied.
const TOLERANCE = 2e-6, TRANSFORM_TOLERANCE = 1e-4;
const rows = {
  18: {BitwiseAnd: bitwise('BitwiseAnd'), BitwiseOr: bitwise('BitwiseOr'), BitwiseXor: bitwise('BitwiseXor'),
    BitwiseNot: bitwise('BitwiseNot'), CenterCropPad: centerCropPad, Col2Im: col2Im, LpPool: lpPool,
    Mish: unary('Mish'), ...Object.fromEntries(['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'Sum',
      'SumSquare'].map(kind => [`Reduce${kind}`, reduce(`Reduce${kind}`)])), Split: split, Resize: resize,
    'ScatterElements by max, min': scatterElements, 'ScatterND by max, min': scatterND},
  19: {'AveragePool 19': averagePool, 'Pad 19': pad, DeformConv: deformConv},
  20: {AffineGrid: affineGrid, Gelu: unary('Gelu', g => ({approximate: g.pick(['none', 'tanh'])})), DFT: dft,
    'GridSample 20': gridSample, IsInf: isInf, 'ReduceMax of bool': reduceBooleans('ReduceMax'),
    'ReduceMin of bool': reduceBooleans('ReduceMin'), RoiAlign: roiAlign, STFT: stft},
  21: {GroupNormalization: groupNormalization},
  22: {'MaxPool 22': maxPool, ...Object.fromEntries(['Sin', 'Cos', 'Tan', 'Atan', 'Sinh', 'Cosh',
    'Asinh', 'Softplus', 'Softsign', 'Elu', 'Selu', 'HardSwish', 'HardSigmoid', 'ThresholdedRelu', 'Round'].map(
    op => [op, unary(op)])), Asin: unary('Asin', undefined, 0.2), Acos: unary('Acos', undefined, 0.2),
    Atanh: unary('Atanh', undefined, 0.2)},
  23: {RMSNormalization: rmsNormalization},
};

export const newer = Object.fromEntries(Object.entries(rows).flatMap(([opset, makers]) =>
  Object.entries(makers).map(([name, make]) => [name, {make, opset: Number(opset),
    tolerance: [dft, stft].includes(make) ? TRANSFORM_TOLERANCE : TOLERANCE}])));
