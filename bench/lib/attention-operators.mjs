// attention-operators.mjs: random attention, and what stands around it in
// transformers: ONNX's operators and ONNX Runtime's own.
const product = dims => dims.reduce((a, b) => a * b, 1);
const RUNTIME = 'com.microsoft';

const floats = (g, dims, scale = 1) => Float32Array.from({length: product(dims)}, () => scale * g.normal());
const input = (g, dims) => g.input('float32', dims, floats(g, dims));
const weights = (g, dims) => g.constant('float32', dims, floats(g, dims, 0.5));
const integers = (g, type, dims, low, high) => {
  const data = Array.from({length: product(dims)}, () => g.integer(low, high));
  return g.input(type, dims, type === 'int64' ? BigInt64Array.from(data, BigInt) : Int32Array.from(data));
};
const maybe = (g, make) => g.integer(0, 1) ? make() : '';
const trimmed = names => names.slice(0, names.findLastIndex(name => name !== '') + 1);

function outputs(g, names, op, inputs, attributes, domain) {
  for (const name of g.nodeOf(names, op, trimmed(inputs), attributes, domain)) g.output(name, 'float32');
}

//===------------------------------------------------------------------------===//
// Attention
//===------------------------------------------------------------------------===//

function onnxAttention(g) {
  const batch = g.integer(1, 2), groups = g.pick([1, 2]), heads = groups * g.pick([1, 1, 3]);
  const size = g.pick([4, 8, 16]), width = g.pick([size, 5]), queries = g.pick([1, 3, 7]), isFlat = g.integer(0, 1);
  const isCausal = g.integer(0, 2) === 0, keys = isCausal ? queries : g.pick([1, 4, 9]);
  const shape = (count, length, extent) => isFlat ? [batch, length, count * extent] : [batch, count, length, extent];
  const q = input(g, shape(heads, queries, size)), k = input(g, shape(groups, keys, size));
  const v = input(g, shape(groups, keys, width)), hasPast = !g.integer(0, 2), past = hasPast ? 3 : 0;
  const pasts = hasPast ? [input(g, [batch, groups, past, size]), input(g, [batch, groups, past, width])] : [];
  const maskDims = g.pick([[queries, keys + past], [batch, 1, queries, keys + past], [batch, heads, queries, keys + past]]);
  const isBoolean = g.integer(0, 1);
  const mask = isCausal ? '' : maybe(g, () => !isBoolean ? input(g, maskDims)
    : g.input('bool', maskDims, Uint8Array.from({length: product(maskDims)}, (_, i) => +(i % (keys + past) === 0 || g.integer(0, 1)))));
  const attributes = isFlat ? {q_num_heads: heads, kv_num_heads: groups} : {};
  if (isCausal) attributes.is_causal = 1;
  if (!g.integer(0, 2)) attributes.scale = {float: 0.3};
  if (!g.integer(0, 2)) attributes.softcap = {float: 1.5};
  const names = ['y'];
  if (hasPast) names.push('present_key', 'present_value');
  if (hasPast && g.integer(0, 1)) {
    names.push('scores');
    // Masked scores (mode 2) may be infinite, whose differences are no numbers.
    attributes.qk_matmul_output_mode = g.pick(isCausal || (mask && isBoolean) ? [0, 1, 3] : [0, 1, 2, 3]);
  }
  outputs(g, names, 'Attention', [q, k, v, mask, ...pasts], attributes);
}

function runtimeAttention(g) {
  const batch = g.integer(1, 2), heads = g.pick([1, 2, 3]), size = g.pick([4, 8]), length = g.pick([1, 4, 6]);
  const hidden = heads * size, columns = 3 * hidden, rows = g.pick([5, hidden]);
  const hasPast = !g.integer(0, 2), past = hasPast ? 2 : 0, total = past + length;
  // Of each key, of each query and key, or how many keys there are.
  const mask = g.pick([() => '', () => integers(g, 'int32', [batch, total], 0, 1),
    () => integers(g, 'int32', [batch, length, total], 0, 1), () => integers(g, 'int32', [batch], 1, total)])();
  const attributes = {num_heads: heads, unidirectional: g.integer(0, 1)};
  const names = hasPast ? ['y', 'present'] : ['y'];
  outputs(g, names, 'Attention', [input(g, [batch, length, rows]), weights(g, [rows, columns]), weights(g, [columns]), mask,
    hasPast ? input(g, [2, batch, heads, past, size]) : ''], attributes, RUNTIME);
}

function multiHeadAttention(g) {
  const batch = g.integer(1, 2), heads = g.pick([1, 2, 3]), size = g.pick([4, 8]), queries = g.pick([1, 4, 6]);
  const keys = g.pick([1, 3, 6]), hidden = heads * size, of = length => input(g, [batch, length, hidden]);
  const attributes = {num_heads: heads};
  if (g.integer(0, 1)) attributes.scale = {float: 0.4};
  outputs(g, ['y'], 'MultiHeadAttention', [of(queries), of(keys), of(keys), maybe(g, () => weights(g, [3 * hidden])),
    // The first key is there: where all are masked alike, rounding at −10000 decides.
    maybe(g, () => g.input('int32', [batch, keys],
      Int32Array.from({length: batch * keys}, (_, i) => +(i % keys === 0 || g.integer(0, 1))))),
    maybe(g, () => input(g, [batch, heads, queries, keys]))],
    attributes, RUNTIME);
}

//===------------------------------------------------------------------------===//
// Rotary embedding
//===------------------------------------------------------------------------===//

function rotary(g, isRuntime) {
  const batch = g.integer(1, 2), heads = g.pick([1, 3]), size = g.pick([4, 8]), length = g.pick([1, 5]), places = 9;
  const partial = size === 8 && !g.integer(0, 2), half = (partial ? 4 : size) / 2, isFlat = partial || g.integer(0, 1);
  const x = input(g, isFlat ? [batch, length, heads * size] : [batch, heads, length, size]);
  const attributes = {interleaved: g.integer(0, 1)};
  if (isFlat) attributes.num_heads = heads;
  if (partial) attributes.rotary_embedding_dim = 2 * half;
  const positions = () => integers(g, 'int64', [batch, length], 0, places - 1);
  if (isRuntime) {
    const first = g.integer(0, 1) ? positions() : integers(g, 'int64', [1], 0, places - length);
    return outputs(g, ['y'], 'RotaryEmbedding', [x, first, weights(g, [places, half]), weights(g, [places, half])],
      attributes, RUNTIME);
  }
  const hasPositions = g.integer(0, 1), table = hasPositions ? [places, half] : [batch, length, half];
  outputs(g, ['y'], 'RotaryEmbedding', [x, weights(g, table), weights(g, table), hasPositions ? positions() : ''], attributes);
}

//===------------------------------------------------------------------------===//
// Normalisations, activations, products
//===------------------------------------------------------------------------===//

function skipLayerNorm(g) {
  const dims = [g.integer(1, 2), g.integer(1, 4), g.pick([5, 16])], width = [dims[2]];
  outputs(g, ['y'], 'SkipLayerNormalization', [input(g, dims), input(g, dims),
    weights(g, width), maybe(g, () => weights(g, width)), maybe(g, () => weights(g, width))], {epsilon: {float: 1e-5}}, RUNTIME);
}

function skipRmsNorm(g) {
  const dims = [g.integer(1, 2), g.integer(1, 4), g.pick([5, 16])], width = [dims[2]];
  outputs(g, ['y'], 'SkipSimplifiedLayerNormalization', [input(g, dims), input(g, dims), weights(g, width),
    maybe(g, () => weights(g, width))], {epsilon: {float: 1e-5}}, RUNTIME);
}

function embedLayerNorm(g) {
  const batch = g.integer(1, 2), length = g.pick([1, 4]), width = 8, ids = () => integers(g, 'int32', [batch, length], 0, 1);
  const hasSegments = g.integer(0, 1);
  const [y, mask] = g.nodeOf(['y', 'mask'], 'EmbedLayerNormalization', trimmed([integers(g, 'int32', [batch, length], 0, 6),
    hasSegments ? ids() : '', weights(g, [7, width]), weights(g, [5, width]), hasSegments ? weights(g, [2, width]) : '',
    weights(g, [width]), weights(g, [width]), maybe(g, ids)]), {epsilon: {float: 1e-5}}, RUNTIME);
  g.output(y, 'float32');
  g.output(mask, 'int32');
}

const activation = (op, count) => g => {
  const width = g.pick([3, 16]), inputs = [input(g, [2, width])];
  if (count === 2) inputs.push(weights(g, [width]));
  outputs(g, ['y'], op, inputs, {}, RUNTIME);
};

const ACTIVATIONS = ['Relu', 'Tanh', 'Sigmoid'];

function fusedConv(g) {
  const channels = g.pick([1, 3]), filters = g.pick([2, 5]), x = [1, channels, 6, 6];
  outputs(g, ['y'], 'FusedConv', [input(g, x), weights(g, [filters, channels, 3, 3]), weights(g, [filters]),
    maybe(g, () => input(g, [1, filters, 4, 4]))], {kernel_shape: [3, 3], activation: g.pick(ACTIVATIONS)}, RUNTIME);
}

function fusedGemm(g) {
  const [m, k, n] = [g.integer(1, 4), g.pick([3, 8]), g.pick([1, 7])], transA = g.integer(0, 1), transB = g.integer(0, 1);
  outputs(g, ['y'], 'FusedGemm', [input(g, transA ? [k, m] : [m, k]), weights(g, transB ? [n, k] : [k, n]), weights(g, [n])],
    {transA, transB, alpha: {float: 0.5}, beta: {float: 2}, activation: g.pick(ACTIVATIONS)}, RUNTIME);
}

function fusedMatMul(g) {
  const [m, k, n] = [g.integer(1, 4), g.pick([3, 8]), g.pick([1, 7])], transA = g.integer(0, 1), transB = g.integer(0, 1);
  outputs(g, ['y'], 'FusedMatMul', [input(g, [2, ...(transA ? [k, m] : [m, k])]), weights(g, transB ? [n, k] : [k, n])],
    {transA, transB, alpha: {float: 0.5}}, RUNTIME);
}

// ONNX Runtime has zero points of floats for up to 4 bits.
const zerosOf = bits => bits === 8 ? ['none', 'packed'] : ['none', 'packed', 'floats'];

function matMulNBits(bits) {
  return g => {
    const K = g.pick([16, 32, 48, 70]), N = g.pick([1, 8, 17]), block_size = g.pick([16, 32]), blocks = Math.ceil(K / block_size);
    const bytes = dims => g.constant('uint8', dims, Uint8Array.from({length: product(dims)}, () => g.integer(0, 255)));
    const kind = g.pick(zerosOf(bits)), middle = 2 ** (bits - 1);
    const zeros = kind === 'none' ? '' : kind === 'packed' ? bytes([N * Math.ceil(blocks * bits / 8)])
      : g.constant('float32', [N * blocks], Float32Array.from({length: N * blocks}, () => middle + g.pick([0, 0.25, 1.5])));
    outputs(g, ['y'], 'MatMulNBits', [input(g, [g.integer(1, 3), K]), bytes([N, blocks, block_size * bits / 8]),
      weights(g, [N * blocks]), zeros], {K, N, bits, block_size}, RUNTIME);
  };
}

const TOLERANCE = 1e-5;
const NEWEST = 23;

export const attention = {
  Attention: {make: onnxAttention, opset: NEWEST}, RotaryEmbedding: {make: g => rotary(g, false), opset: NEWEST},
  'Attention (runtime)': {make: runtimeAttention}, MultiHeadAttention: {make: multiHeadAttention},
  'RotaryEmbedding (runtime)': {make: g => rotary(g, true)}, SkipLayerNormalization: {make: skipLayerNorm},
  SkipSimplifiedLayerNormalization: {make: skipRmsNorm}, EmbedLayerNormalization: {make: embedLayerNorm},
  Gelu: {make: activation('Gelu', 1)}, FastGelu: {make: activation('FastGelu', 2)}, BiasGelu: {make: activation('BiasGelu', 2)},
  QuickGelu: {make: activation('QuickGelu', 1)}, FusedConv: {make: fusedConv}, FusedGemm: {make: fusedGemm},
  FusedMatMul: {make: fusedMatMul}, MatMulNBits: {make: matMulNBits(4)},
  'MatMulNBits of 8 bits': {make: matMulNBits(8)}, 'MatMulNBits of 2 bits': {make: matMulNBits(2)},
};
for (const entry of Object.values(attention)) entry.tolerance = TOLERANCE;
