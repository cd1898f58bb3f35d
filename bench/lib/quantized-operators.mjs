// quantized-operators.mjs: random small models of quantized operators.
import {CaseBuilder} from './case-builder.mjs';
import {ONNX_TYPE} from './onnx.mjs';

const FLOAT16 = 10;
const product = dims => dims.reduce((a, b) => a * b, 1);

//===------------------------------------------------------------------------===//
// Quantize, dequantize
//===------------------------------------------------------------------------===//

// Scales for the tensor, for each index of an axis, or for blocks along one.
function granularity(g, dims) {
  const kind = g.pick(['tensor', 'axis', 'blocks']), axis = g.integer(0, dims.length - 1);
  if (kind === 'tensor') return {dims: [], attributes: {}};
  if (kind === 'axis') return {dims: [dims[axis]], attributes: {axis}};
  const divisors = [1, 2, 3, 4, 8].filter(size => dims[axis] % size === 0);
  const block_size = g.pick(divisors), scales = dims.map((extent, i) => i === axis ? extent / block_size : extent);
  // ONNX Runtime refuses blocks where one scale is all.
  return product(scales) === 1 ? {dims: [], attributes: {}} : {dims: scales, attributes: {axis, block_size}};
}

const anyDims = g => Array.from({length: g.integer(1, 4)}, () => g.pick([1, 2, 3, 4, 6, 7, 16]));

// Half precision within the model: it is no array of JavaScript's.
const cast = (g, name, type) => g.node('Cast', [name], {to: ONNX_TYPE[type] ?? FLOAT16});
const scalesOf = (g, dims, isHalf) => {
  const scale = g.constant('float32', dims, g.scales(product(dims)));
  return isHalf ? cast(g, scale, 'float16') : scale;
};

function scalesAndZeros(g, type, {dims}, isHalf) {
  const scale = scalesOf(g, dims, isHalf);
  return [scale, g.constant(type, dims, g.elements(type, product(dims)))];
}

// Beside ordinary values: ties, and values far outside.
function quantizeInput(g, count, far) {
  return Float32Array.from({length: count}, () => {
    const kind = g.integer(0, 9);
    if (kind === 0) return g.pick(far);
    if (kind < 4) return (g.integer(-300, 300) + 0.5) * 2 ** g.integer(-8, 0);
    return g.normal() * 2 ** g.integer(-4, 4);
  });
}

const outputSingle = (g, name, isHalf) => g.output(isHalf ? cast(g, name, 'float32') : name, 'float32');

function quantizeLinear(g) {
  const type = g.pick(['uint8', 'int8', 'uint16', 'int16', 'uint4', 'int4']), dims = anyDims(g), isHalf = !g.integer(0, 3);
  const scales = granularity(g, dims), [scale, zero] = scalesAndZeros(g, type, scales, isHalf);
  // To 4 bits, and in blocks, ONNX Runtime converts quotients to 32 bits before it
  // saturates them: what they do not hold has no defined result.
  const isNarrowed = type.endsWith('int4') || scales.attributes.block_size;
  const far = isNarrowed ? [1e5, -1e5] : [Infinity, -Infinity, 1e30, -1e30, 0, -0];
  const single = g.input('float32', dims, quantizeInput(g, product(dims), isHalf ? [6e4, -6e4] : far));
  const x = isHalf ? cast(g, single, 'float16') : single;
  const y = g.node('QuantizeLinear', [x, scale, zero], scales.attributes);
  // Tensors of 4 bits are no outputs that a program could read.
  if (type.endsWith('int4')) outputSingle(g, g.node('DequantizeLinear', [y, scale, zero], scales.attributes), isHalf);
  else g.output(y, type);
}

function dequantizeLinear(g) {
  const type = g.pick(['uint8', 'int8', 'uint16', 'int16', 'uint4', 'int4', 'int32']), dims = anyDims(g), isHalf = !g.integer(0, 3);
  const scales = granularity(g, dims), data = g.elements(type, product(dims));
  const x = type.endsWith('int4') ? g.constant(type, dims, data) : g.input(type, dims, data);
  // The type of biases has no zero point.
  const parameters = type === 'int32' ? [scalesOf(g, scales.dims, isHalf)]
    : scalesAndZeros(g, type, scales, isHalf);
  outputSingle(g, g.node('DequantizeLinear', [x, ...parameters], scales.attributes), isHalf);
}

function dynamicQuantizeLinear(g) {
  const dims = anyDims(g), shift = g.pick([0, 0, 3, -3]), spread = g.pick([0, 1, 20]);
  const data = Float32Array.from({length: product(dims)}, () => g.normal() * spread + shift);
  const names = g.nodeOf(['y', 'scale', 'zero'], 'DynamicQuantizeLinear', [g.input('float32', dims, data)]);
  ['uint8', 'float32', 'uint8'].forEach((type, i) => g.output(names[i], type));
}

//===------------------------------------------------------------------------===//
// Contractions
//===------------------------------------------------------------------------===//

// A convolution's operands and attributes; the output has an element or more.
export function convolution(g) {
  const spatial = g.pick([2, 2, 2, 1, 3]), kernel = g.list(spatial, 1, 4), dilations = g.list(spatial, 1, 2);
  const strides = g.list(spatial, 1, 2), pads = kernel.concat(kernel).map(k => g.integer(0, Math.min(2, k - 1)));
  const isDepthwise = g.integer(0, 3) === 0, group = isDepthwise ? g.integer(2, 20) : g.pick([1, 1, 1, 2, 3]);
  const channels = isDepthwise ? 1 : g.integer(1, 20), filters = isDepthwise ? group : group * g.integer(1, 12);
  const extents = kernel.map((k, i) => (k - 1) * dilations[i] + 1 + g.integer(0, 8));
  return {x: [g.integer(1, 2), group * channels, ...extents], w: [filters, channels, ...kernel], terms: channels * product(kernel),
          attributes: {kernel_shape: kernel, strides, dilations, pads, group}};
}

// What keeps most sums of so many products of bytes within a byte.
export const outputScale = (g, terms, inputScale, weightScale) =>
  Math.fround(inputScale * weightScale * 74 * 74 * Math.sqrt(terms) / g.integer(30, 200));

export const byteTypes = g => g.pick([['uint8', 'int8'], ['uint8', 'int8'], ['int8', 'int8'], ['uint8', 'uint8']]);

function qLinearConv(g) {
  const {x, w, terms, attributes} = convolution(g), [type, weightType] = byteTypes(g);
  const filters = w[0], isPerChannel = g.integer(0, 2) > 0, weightScales = g.scales(isPerChannel ? filters : 1);
  // ONNX Runtime wants the same zero point for all filters.
  const zero = weightType === 'int8' && g.integer(0, 3) ? 0 : g.elements(weightType, 1)[0];
  const scaleX = g.scales(1)[0], scaleY = outputScale(g, terms, scaleX, weightScales[0]);
  const dims = isPerChannel ? [filters] : [];
  const inputs = [g.input(type, x), g.scalar('float32', scaleX), g.scalar(type, g.elements(type, 1)[0]),
    g.constant(weightType, w), g.constant('float32', dims, weightScales),
    g.constant(weightType, dims, g.array(weightType, weightScales.length, () => zero)),
    g.scalar('float32', scaleY), g.scalar(type, g.elements(type, 1)[0])];
  if (g.integer(0, 1)) inputs.push(g.constant('int32', [filters], g.array('int32', filters, () => g.integer(-9999, 9999))));
  g.output(g.node('QLinearConv', inputs, attributes), type);
}

// Operands of a matrix product, with dimensions in front of one or both.
export function matrices(g) {
  const [m, k, n] = [g.integer(1, 20), g.integer(1, 70), g.integer(1, 40)], batch = g.pick([[], [], [2], [2, 3]]);
  return {a: [...batch, m, k], b: [...(g.integer(0, 2) ? [] : batch), k, n], terms: k};
}

function qLinearMatMul(g) {
  const {a, b, terms} = matrices(g), [type, weightType] = byteTypes(g), columns = b.at(-1);
  const isPerColumn = b.length === 2 && g.integer(0, 1) === 1, dims = isPerColumn ? [columns] : [];
  const weightScales = g.scales(isPerColumn ? columns : 1), scaleA = g.scales(1)[0];
  const rhs = g.integer(0, 2) ? g.constant(weightType, b) : g.input(weightType, b);
  const inputs = [g.input(type, a), g.scalar('float32', scaleA), g.scalar(type, g.elements(type, 1)[0]),
    rhs, g.constant('float32', dims, weightScales), g.constant(weightType, dims),
    g.scalar('float32', outputScale(g, terms, scaleA, weightScales[0])), g.scalar(type, g.elements(type, 1)[0])];
  g.output(g.node('QLinearMatMul', inputs), type);
}

function matMulInteger(g) {
  const {a, b} = matrices(g), [type, weightType] = byteTypes(g);
  const rhs = g.integer(0, 2) ? g.constant(weightType, b) : g.input(weightType, b);
  const inputs = [g.input(type, a), rhs];
  const zeros = g.integer(0, 3), dims = zeros === 3 && b.length === 2 ? [b.at(-1)] : [];
  if (zeros > 0) inputs.push(g.scalar(type, g.elements(type, 1)[0]));
  if (zeros > 1) inputs.push(g.constant(weightType, dims));
  g.output(g.node('MatMulInteger', inputs), 'int32');
}

function convInteger(g) {
  const {x, w, attributes} = convolution(g), weightType = g.pick(['uint8', 'int8']);
  const inputs = [g.input('uint8', x), g.constant(weightType, w)], zeros = g.integer(0, 2);
  if (zeros > 0) inputs.push(g.scalar('uint8', g.elements('uint8', 1)[0]));
  if (zeros > 1) inputs.push(g.scalar(weightType, g.elements(weightType, 1)[0]));
  g.output(g.node('ConvInteger', inputs, attributes), 'int32');
}

//===------------------------------------------------------------------------===//
// The others of ONNX Runtime's operator set
//===------------------------------------------------------------------------===//

const runtime = 'com.microsoft';
const quantization = (g, type) => [g.scalar('float32', g.scales(1)[0]), g.scalar(type, g.elements(type, 1)[0])];
const quantized = (g, type, dims) => [g.input(type, dims), ...quantization(g, type)];

function qLinearBinary(op) {
  return g => {
    const type = g.pick(['uint8', 'int8']), dims = anyDims(g);
    const other = dims.map(extent => g.integer(0, 3) ? extent : 1);
    g.output(g.node(op, [...quantized(g, type, dims), ...quantized(g, type, other), ...quantization(g, type)], {}, runtime), type);
  };
}

function qLinearUnary(op, attributes = () => ({})) {
  return g => {
    const type = g.pick(['uint8', 'int8']);
    g.output(g.node(op, [...quantized(g, type, anyDims(g)), ...quantization(g, type)], attributes(g), runtime), type);
  };
}

function qLinearGlobalAveragePool(g) {
  const type = g.pick(['uint8', 'int8']), dims = [g.integer(1, 2), g.integer(1, 20), g.integer(1, 9), g.integer(1, 9)];
  const inputs = [...quantized(g, type, dims), ...quantization(g, type)];
  g.output(g.node('QLinearGlobalAveragePool', inputs, {channels_last: 0}, runtime), type);
}

function qLinearAveragePool(g) {
  const type = g.pick(['uint8', 'int8']), dims = [g.integer(1, 2), g.integer(1, 20), g.integer(3, 9), g.integer(3, 9)];
  const kernel = g.list(2, 1, 3), pads = kernel.concat(kernel).map(k => g.integer(0, k - 1));
  const attributes = {kernel_shape: kernel, strides: g.list(2, 1, 2), pads, count_include_pad: g.integer(0, 1), channels_last: 0};
  const inputs = [...quantized(g, type, dims), ...quantization(g, type)];
  g.output(g.node('QLinearAveragePool', inputs, attributes, runtime), type);
}

function qGemm(g) {
  const [m, k, n] = [g.integer(1, 20), g.integer(1, 70), g.integer(1, 40)], [type, weightType] = byteTypes(g);
  const transB = g.integer(0, 1), isPerColumn = g.integer(0, 1) === 1, dims = isPerColumn ? [n] : [];
  const scales = g.scales(isPerColumn ? n : 1), scaleA = g.scales(1)[0];
  const inputs = [g.input(type, [m, k]), g.scalar('float32', scaleA), g.scalar(type, g.elements(type, 1)[0]),
    g.constant(weightType, transB ? [n, k] : [k, n]), g.constant('float32', dims, scales), g.constant(weightType, dims),
    g.integer(0, 2) ? g.constant('int32', [n], g.array('int32', n, () => g.integer(-9999, 9999))) : '',
    g.scalar('float32', outputScale(g, k, scaleA, scales[0])), g.scalar(type, g.elements(type, 1)[0])];
  g.output(g.node('QGemm', inputs, {transA: 0, transB}, runtime), type);
}

// ONNX Runtime's tables are for probabilities over the whole range of a byte, and
// a single one of 1 is a step beyond.
function qLinearSoftmax(g) {
  const type = g.pick(['uint8', 'int8']), result = [g.scalar('float32', 1 / 256), g.scalar(type, type === 'uint8' ? 0 : -128)];
  const inputs = [...quantized(g, type, [...anyDims(g).slice(1), g.integer(2, 20)]), ...result];
  g.output(g.node('QLinearSoftmax', inputs, {axis: -1, opset: 13}, runtime), type);
}

function qLinearWhere(g) {
  const type = g.pick(['uint8', 'int8']), dims = anyDims(g), last = dims.at(-1);
  const conditions = g.pick([dims, [last]]);
  const condition = g.input('bool', conditions, Uint8Array.from({length: product(conditions)}, () => g.integer(0, 1)));
  const x = quantized(g, type, dims), y = quantized(g, type, g.pick([dims, [last], [1]]));
  g.output(g.node('QLinearWhere', [condition, ...x, ...y, ...quantization(g, type)], {}, runtime), type);
}

function qLinearConcat(g) {
  const type = g.pick(['uint8', 'int8']), dims = anyDims(g), axis = g.integer(0, dims.length - 1);
  const parts = Array.from({length: g.integer(1, 3)}, () =>
    quantized(g, type, dims.map((extent, i) => i === axis ? g.integer(1, 5) : extent)));
  g.output(g.node('QLinearConcat', [...quantization(g, type), ...parts.flat()], {axis}, runtime), type);
}

// steps: how far from ONNX Runtime's an element of the output may be.
export const operators = {
  QuantizeLinear: {make: quantizeLinear, steps: 0},
  DequantizeLinear: {make: dequantizeLinear, steps: 0},
  DynamicQuantizeLinear: {make: dynamicQuantizeLinear, steps: 0},
  QLinearConv: {make: qLinearConv, steps: 0},
  QLinearMatMul: {make: qLinearMatMul, steps: 0},
  MatMulInteger: {make: matMulInteger, steps: 0},
  ConvInteger: {make: convInteger, steps: 0},
  QLinearAdd: {make: qLinearBinary('QLinearAdd'), steps: 1},
  QLinearMul: {make: qLinearBinary('QLinearMul'), steps: 1},
  QLinearSigmoid: {make: qLinearUnary('QLinearSigmoid'), steps: 1},
  QLinearLeakyRelu: {make: qLinearUnary('QLinearLeakyRelu', g => ({alpha: {float: g.scales(1)[0]}})), steps: 1},
  QLinearGlobalAveragePool: {make: qLinearGlobalAveragePool, steps: 1},
  QLinearAveragePool: {make: qLinearAveragePool, steps: 1},
  QLinearSoftmax: {make: qLinearSoftmax, steps: 1},
  QLinearWhere: {make: qLinearWhere, steps: 1},
  QLinearConcat: {make: qLinearConcat, steps: 1},
  QGemm: {make: qGemm, steps: 1},
};

// A model of `count` of these operators side by side, with its inputs.
export function makeCases(make, seed, count, opset) {
  const builder = new CaseBuilder(seed, opset);
  for (let i = 0; i < count; i++) make(builder);
  return builder;
}
