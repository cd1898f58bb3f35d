// case-builder.mjs: models of random parts, with inputs for them.
import {ARRAY} from './npy.mjs';
import {randomSource} from './inputs.mjs';
import {onnxModel} from './onnx.mjs';

const RANGE = {uint8: [0, 255], int8: [-128, 127], uint16: [0, 65535], int16: [-32768, 32767], uint4: [0, 15],
               int4: [-8, 7], int32: [-1000000, 1000000]};

// The newest operator set that models are exported in as well; it has everything
// that most parts use.
const OPSET = 21;

export class CaseBuilder {
  constructor(seed, opset = OPSET) {
    this.opset = opset;
    this.random = randomSource(seed);
    this.parts = {nodes: [], constants: [], inputs: [], outputs: []};
    this.names = 0;
  }

  integer(low, high) { return low + Math.floor(this.random() * (high - low + 1)); }
  pick(values) { return values[this.integer(0, values.length - 1)]; }
  list(length, low, high) { return Array.from({length}, () => this.integer(low, high)); }
  normal() { return Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random()); }
  scales(count) { return Float32Array.from({length: count}, () => (1 + this.random()) * 2 ** -this.integer(1, 8)); }

  array(type, count, element) { return (ARRAY[type] ?? Int8Array).from({length: count}, element); }
  // Over the whole range, its ends more often than others.
  elements(type, count) {
    const [low, high] = RANGE[type];
    return this.array(type, count, () => this.integer(0, 15) ? this.integer(low, high) : this.pick([low, high]));
  }

  name(kind) { return `${kind}${this.names++}`; }
  add(kind, list, type, dims, data) {
    const name = this.name(kind);
    list.push({name, type, dims, data: data ?? this.elements(type, dims.reduce((a, b) => a * b, 1))});
    return name;
  }
  input(type, dims, data) { return this.add('x', this.parts.inputs, type, dims, data); }
  constant(type, dims, data) { return this.add('w', this.parts.constants, type, dims, data); }
  scalar(type, value) { return this.constant(type, [], this.array(type, 1, () => value)); }

  // With these outputs; returns their names.
  nodeOf(outputs, op, inputs, attributes = {}, domain = '') {
    const names = outputs.map(name => this.name(name));
    this.parts.nodes.push({op, inputs, outputs: names, attributes, domain});
    return names;
  }
  node(op, inputs, attributes, domain) { return this.nodeOf(['y'], op, inputs, attributes, domain)[0]; }
  output(name, type) { this.parts.outputs.push({name, type}); }

  get inputs() { return this.parts.inputs; }
  get outputs() { return this.parts.outputs.map(({name}) => name); }
  bytes() { return onnxModel({...this.parts, opset: this.opset, domains: ['com.microsoft']}); }
}
