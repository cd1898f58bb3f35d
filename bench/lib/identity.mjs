// identity.mjs: an ONNX model that takes and gives tensors of certain types and
// shapes and computes nothing: what a call costs by itself.
import {ARRAY} from './npy.mjs';
import {onnxModel} from './onnx.mjs';

// Inputs are taken and not looked at; outputs are copies of constants: a call
// then passes what the real model's call passes, and no more.
export function identityModel(inputs, outputs) {
  const zero = ({name}) => `${name}/zero`;
  return onnxModel({
    inputs, outputs, opset: 13,
    nodes: outputs.map(output => ({op: 'Identity', inputs: [zero(output)], outputs: [output.name]})),
    constants: outputs.map(output => ({name: zero(output), type: output.type, dims: output.dims,
      data: new ARRAY[output.type](output.dims.reduce((a, b) => a * b, 1))})),
  });
}
