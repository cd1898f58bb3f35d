// quantized-layers.mjs: random layers in QDQ form: dequantized operands, a
// floating-point operator, a quantized result.
import {byteTypes, convolution, matrices, outputScale} from './quantized-operators.mjs';

// A tensor of bytes that the layer reads dequantized; its scale comes along.
function operand(g, type, dims, scale = g.scales(1)[0]) {
  const inputs = [g.input(type, dims), g.scalar('float32', scale), g.scalar(type, g.elements(type, 1)[0])];
  return {name: g.node('DequantizeLinear', inputs), scale};
}

// Weights with one scale for all, or one for each index of `axis`.
function weights(g, type, dims, axis) {
  // ONNX Runtime's optimised product takes no scales by column of stacked matrices.
  const isPerChannel = g.integer(0, 2) > 0 && !(dims.length > 2 && axis > 0), scales = g.scales(isPerChannel ? dims[axis] : 1);
  const parameterDims = isPerChannel ? [dims[axis]] : [];
  const zeros = type === 'int8' ? g.array(type, scales.length, () => 0) : g.elements(type, scales.length);
  const inputs = [g.constant(type, dims), g.constant('float32', parameterDims, scales), g.constant(type, parameterDims, zeros)];
  return {name: g.node('DequantizeLinear', inputs, isPerChannel ? {axis} : {}), scales, parameterDims};
}

// A bias in steps of the products, as sums of 32 bits start from.
function bias(g, count, inputScale, {scales, parameterDims}) {
  const steps = scales.map(scale => Math.fround(scale * inputScale));
  const inputs = [g.constant('int32', [count], g.array('int32', count, () => g.integer(-9999, 9999))),
    g.constant('float32', parameterDims, steps)];
  return g.node('DequantizeLinear', inputs, parameterDims.length ? {axis: 0} : {});
}

function quantize(g, name, type, scale) {
  const inputs = [name, g.scalar('float32', scale), g.scalar(type, g.elements(type, 1)[0])];
  g.output(g.node('QuantizeLinear', inputs), type);
}

const activations = [
  (g, x) => x, (g, x) => x, (g, x) => g.node('Relu', [x]),
  (g, x) => g.node('Clip', [x, g.scalar('float32', 0), g.scalar('float32', 6)]),
  (g, x) => g.node('LeakyRelu', [x], {alpha: {float: 0.1}}),
];

function convLayer(g) {
  const {x, w, terms, attributes} = convolution(g), [type, weightType] = byteTypes(g);
  const input = operand(g, type, x), filter = weights(g, weightType, w, 0), inputs = [input.name, filter.name];
  if (g.integer(0, 1)) inputs.push(bias(g, w[0], input.scale, filter));
  const activation = g.pick(activations);
  quantize(g, activation(g, g.node('Conv', inputs, attributes)), type,
    outputScale(g, terms, input.scale, Math.max(...filter.scales)));
}

function matMulLayer(g) {
  const {a, b, terms} = matrices(g), [type, weightType] = byteTypes(g);
  const lhs = operand(g, type, a);
  const rhs = g.integer(0, 2) ? weights(g, weightType, b, b.length - 1) : operand(g, weightType, b);
  const scale = rhs.scale ?? Math.max(...rhs.scales);
  quantize(g, g.node('MatMul', [lhs.name, rhs.name]), type, outputScale(g, terms, lhs.scale, scale));
}

function gemmLayer(g) {
  const [m, k, n] = [g.integer(1, 20), g.integer(1, 70), g.integer(1, 40)], [type, weightType] = byteTypes(g);
  const transB = g.integer(0, 1), input = operand(g, type, [m, k]);
  const matrix = weights(g, weightType, transB ? [n, k] : [k, n], transB ? 0 : 1);
  const product = g.node('Gemm', [input.name, matrix.name, bias(g, n, input.scale, matrix)], {transB});
  const activation = g.pick(activations);
  quantize(g, activation(g, product), type, outputScale(g, k, input.scale, Math.max(...matrix.scales)));
}

// Operators of one tensor of any shape, or of images.
function unary(op, attributes = () => ({}), moreInputs = () => []) {
  return g => {
    const type = g.pick(['uint8', 'int8']), dims = [g.integer(1, 2), g.integer(1, 20), g.integer(3, 9), g.integer(3, 9)];
    const {name, scale} = operand(g, type, dims);
    const result = g.node(op, [name, ...moreInputs(g)], attributes(g));
    // The operand's own quantization is what movements and pools have.
    quantize(g, result, type, g.integer(0, 1) ? scale : g.scales(1)[0]);
  };
}

function binary(op) {
  return g => {
    const type = g.pick(['uint8', 'int8']), dims = [g.integer(1, 2), g.integer(1, 20), g.integer(1, 9), g.integer(1, 9)];
    const other = g.pick([dims, dims, [dims[1], 1, 1], []]);
    quantize(g, g.node(op, [operand(g, type, dims).name, operand(g, type, other).name]), type, g.scales(1)[0]);
  };
}

function concat(g) {
  const type = g.pick(['uint8', 'int8']), dims = [g.integer(1, 2), 0, g.integer(1, 9)];
  const parts = Array.from({length: g.integer(2, 3)}, () => operand(g, type, dims.map(extent => extent || g.integer(1, 20))));
  quantize(g, g.node('Concat', parts.map(part => part.name), {axis: 1}), type, parts[0].scale);
}

const pool = g => {
  const kernel = g.list(2, 1, 3);
  return {kernel_shape: kernel, strides: g.list(2, 1, 2), pads: kernel.concat(kernel).map(k => g.integer(0, k - 1))};
};
const float = value => ({float: value});
const scalesOfResize = g => ['', g.constant('float32', [4], Float32Array.of(1, 1, g.pick([1, 2, 3]), g.pick([0.5, 2])))];

export const layers = {
  'Conv layer': convLayer,
  'Gemm layer': gemmLayer,
  'MatMul layer': matMulLayer,
  Add: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  Max: binary('Max'),
  Concat: concat,
  Relu: unary('Relu'),
  Sigmoid: unary('Sigmoid'),
  Tanh: unary('Tanh'),
  HardSwish: unary('HardSwish'),
  LeakyRelu: unary('LeakyRelu', g => ({alpha: float(g.scales(1)[0])})),
  Clip: unary('Clip', undefined, g => [g.scalar('float32', 0), g.scalar('float32', 6)]),
  Softmax: unary('Softmax', g => ({axis: g.integer(1, 3)})),
  MaxPool: unary('MaxPool', pool),
  AveragePool: unary('AveragePool', g => ({...pool(g), count_include_pad: g.integer(0, 1)})),
  GlobalAveragePool: unary('GlobalAveragePool'),
  ReduceMean: unary('ReduceMean', g => ({keepdims: g.integer(0, 1)}), g => [g.constant('int64', [2], BigInt64Array.of(2n, 3n))]),
  Resize: unary('Resize', g => g.pick([
    {mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor'},
    {mode: 'linear', coordinate_transformation_mode: 'half_pixel'}]), scalesOfResize),
  Transpose: unary('Transpose', () => ({perm: [0, 2, 3, 1]})),
  Pad: unary('Pad', g => ({mode: g.pick(['constant', 'reflect'])}), g => [g.constant('int64', [8],
    BigInt64Array.from([0, 0, ...g.list(2, 0, 2), 0, 0, ...g.list(2, 0, 2)], BigInt))]),
};
