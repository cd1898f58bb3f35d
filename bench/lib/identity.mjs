// identity.mjs: an ONNX model that takes and gives tensors of certain types and
// shapes and computes nothing: what a call costs by itself.

const ONNX_TYPE = {float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float64: 11};
const BYTES = {float32: 4, uint8: 1, int8: 1, int32: 4, int64: 8, bool: 1, float64: 8};

// Protocol Buffers: a field is a key (number and wire type), then a varint or a
// length and bytes.
function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push(value % 128 | 128);
  return Buffer.from([...bytes, value]);
}
const number = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);
function message(field, ...parts) {
  const body = Buffer.concat(parts.map(part => typeof part === 'string' ? Buffer.from(part) : part));
  return Buffer.concat([varint(field * 8 + 2), varint(body.length), body]);
}

function valueInfo(field, {name, type, dims}) {
  const shape = message(2, ...dims.map(extent => message(1, number(1, extent))));
  return message(field, message(1, name), message(2, message(1, number(1, ONNX_TYPE[type]), shape)));
}

// Inputs are taken and not looked at; outputs are copies of constants: a call
// then passes what the real model's call passes, and no more.
export function identityModel(inputs, outputs) {
  const nodes = outputs.map(output =>
    message(1, message(1, `${output.name}/zero`), message(2, output.name), message(4, 'Identity')));
  const constants = outputs.map(output => {
    const count = output.dims.reduce((a, b) => a * b, 1);
    return message(5, ...output.dims.map(extent => number(1, extent)), number(2, ONNX_TYPE[output.type]),
      message(8, `${output.name}/zero`), message(9, Buffer.alloc(count * BYTES[output.type])));
  });
  const graph = message(7, ...nodes, message(2, 'identity'), ...constants,
    ...inputs.map(input => valueInfo(11, input)), ...outputs.map(output => valueInfo(12, output)));
  return Buffer.concat([number(1, 8), message(8, number(2, 13)), graph]);
}
