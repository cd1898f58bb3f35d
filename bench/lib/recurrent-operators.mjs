// recurrent-operators.mjs: random layers of RNN, GRU and LSTM.
const product = dims => dims.reduce((a, b) => a * b, 1);

const GATES = {RNN: 1, GRU: 3, LSTM: 4}, FUNCTIONS = {RNN: 1, GRU: 2, LSTM: 3};

// The name, whether it has an alpha, and a beta. Gates are shares, or states would
// grow beyond all numbers.
const GATE_ACTIVATIONS = [['Sigmoid', 0, 0], ['HardSigmoid', 1, 1]];
const ACTIVATIONS = [...GATE_ACTIVATIONS, ['Tanh', 0, 0], ['Softsign', 0, 0], ['Relu', 0, 0], ['LeakyRelu', 1, 0],
  ['Elu', 1, 0], ['Softplus', 0, 0]];

const floats = (g, dims, scale = 1) => Float32Array.from({length: product(dims)}, () => scale * g.normal());
const weights = (g, dims) => g.constant('float32', dims, floats(g, dims, 0.5));

function activations(g, functions, directions) {
  if (g.integer(0, 1)) return {};
  const chosen = Array.from({length: functions * directions}, (_, i) =>
    g.pick(functions > 1 && i % functions === 0 ? GATE_ACTIVATIONS : ACTIVATIONS));
  const parameters = index => ({floats: chosen.filter(row => row[index]).map(() => 0.1 + 0.3 * g.random())});
  const attributes = {activations: {strings: chosen.map(([name]) => name)}};
  if (chosen.some(row => row[1])) attributes.activation_alpha = parameters(1);
  if (chosen.some(row => row[2])) attributes.activation_beta = parameters(2);
  return attributes;
}

const makeLayer = op => g => {
  const steps = g.pick([1, 2, 5, 9]), batch = g.pick([1, 2, 3]), inputs = g.pick([1, 4, 7]), hidden = g.pick([1, 5, 16]);
  const direction = g.pick(['forward', 'reverse', 'bidirectional']), count = direction === 'bidirectional' ? 2 : 1;
  const rows = GATES[op] * hidden, state = [count, batch, hidden];
  const attributes = {hidden_size: hidden, direction, ...activations(g, FUNCTIONS[op], count)};
  const x = [steps, batch, inputs];
  const names = [g.input('float32', x, floats(g, x)), weights(g, [count, rows, inputs]),
    weights(g, [count, rows, hidden])];
  const optional = (chance, make) => names.push(g.integer(0, 3) < chance ? make() : '');
  optional(3, () => weights(g, [count, 2 * rows]));
  optional(1, () => g.input('int32', [batch], Int32Array.from({length: batch}, () => g.integer(1, steps))));
  optional(2, () => g.input('float32', state, floats(g, state)));
  if (op === 'LSTM') {
    optional(2, () => g.input('float32', state, floats(g, state)));
    optional(2, () => weights(g, [count, 3 * hidden]));
    if (!g.integer(0, 3)) attributes.input_forget = 1;
  }
  if (op === 'GRU') attributes.linear_before_reset = g.integer(0, 1);
  if (!g.integer(0, 3)) attributes.clip = {float: 0.7};
  const outputs = op === 'LSTM' ? ['y', 'h', 'c'] : ['y', 'h'];
  for (const name of g.nodeOf(outputs, op, names, attributes)) g.output(name, 'float32');
};

// Rounding differs in the order of additions and in the approximations of
// functions; over a few steps the difference grows.
const TOLERANCE = 1e-5;

export const recurrent = Object.fromEntries(Object.keys(GATES).map(
  op => [op, {make: makeLayer(op), tolerance: TOLERANCE}]));
