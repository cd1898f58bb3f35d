// onnx.mjs: writes ONNX models, as far as the comparisons make some up.

export const ONNX_TYPE = {float32: 1, uint8: 2, int8: 3, uint16: 4, int16: 5, int32: 6, int64: 7, bool: 9, float64: 11,
                          uint4: 21, int4: 22};

// Protocol Buffers: a field is a key (number and wire type), then a varint, four
// bytes, or a length and bytes.
function varint(value) {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes = [];
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}
const number = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);
function single(field, value) {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint(field * 8 + 5), bytes]);
}
function message(field, ...parts) {
  const body = Buffer.concat(parts.map(part => typeof part === 'string' ? Buffer.from(part) : part));
  return Buffer.concat([varint(field * 8 + 2), varint(body.length), body]);
}

function valueInfo(field, {name, type, dims}) {
  const shape = dims ? [message(2, ...dims.map(extent => message(1, number(1, extent))))] : [];
  return message(field, message(1, name), message(2, message(1, number(1, ONNX_TYPE[type]), ...shape)));
}

// Two elements a byte, the first in the low half.
function packFourBits(data) {
  const bytes = Buffer.alloc(Math.ceil(data.length / 2));
  data.forEach((value, i) => { bytes[i >> 1] |= (value & 15) << i % 2 * 4; });
  return bytes;
}

function initializer({name, type, dims, data}) {
  const raw = type.endsWith('int4') ? packFourBits(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return message(5, ...dims.map(extent => number(1, extent)), number(2, ONNX_TYPE[type]), message(8, name),
    message(9, raw));
}

// An integer, integers, a string, {float} for a real number, {floats} for several,
// {strings}, or {graph} with what onnxModel takes.
function attribute([name, value]) {
  const INT = 2, FLOAT = 1, STRING = 3, GRAPH = 5, FLOATS = 6, INTS = 7, STRINGS = 8;
  if (Array.isArray(value))
    return message(5, message(1, name), ...value.map(item => number(8, item)), number(20, INTS));
  if (typeof value === 'string') return message(5, message(1, name), message(4, value), number(20, STRING));
  if (value.floats) return message(5, message(1, name), ...value.floats.map(item => single(7, item)), number(20, FLOATS));
  if (value.graph) return message(5, message(1, name), graphMessage(6, value.graph), number(20, GRAPH));
  if (value.strings)
    return message(5, message(1, name), ...value.strings.map(item => message(9, item)), number(20, STRINGS));
  if (typeof value === 'object') return message(5, message(1, name), single(2, value.float), number(20, FLOAT));
  return message(5, message(1, name), number(3, value), number(20, INT));
}

function nodeMessage({op, inputs = [], outputs, attributes = {}, domain}) {
  return message(1, ...inputs.map(name => message(1, name)), ...outputs.map(name => message(2, name)),
    message(4, op), ...Object.entries(attributes).map(attribute), ...(domain ? [message(7, domain)] : []));
}

const graphMessage = (field, {nodes, constants = [], inputs, outputs}) => message(field, ...nodes.map(nodeMessage),
  message(2, 'graph'), ...constants.map(initializer), ...inputs.map(input => valueInfo(11, input)),
  ...outputs.map(output => valueInfo(12, output)));

// nodes: {op, inputs, outputs, attributes, domain}; constants: {name, type, dims,
// data}; inputs, outputs: {name, type, dims}, without dims a tensor of any shape;
// opset: ONNX's own; domains: others, of version 1.
export function onnxModel({nodes, constants = [], inputs, outputs, opset, domains = []}) {
  const irVersion = opset >= 23 ? 11 : opset >= 21 ? 10 : 8;
  const graph = graphMessage(7, {nodes, constants, inputs, outputs});
  return Buffer.concat([number(1, irVersion), message(8, number(2, opset)),
    ...domains.map(domain => message(8, message(1, domain), number(2, 1))), graph]);
}
