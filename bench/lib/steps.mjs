// steps.mjs: how far apart two tensors of the same type are, in units of their
// representation.

// Neighbouring numbers of single precision have neighbouring orders.
function orders({buffer, byteOffset, length}) {
  return Int32Array.from(new Int32Array(buffer, byteOffset, length), bits => bits < 0 ? -(bits & 0x7fffffff) : bits);
}

// count: of elements; differing: how many are not the same; steps: the largest
// difference, of integers, or of numbers of single precision counted between both.
export function compareSteps(expected, actual) {
  if (expected.length !== actual.length) throw new Error(`${actual.length} elements, expected ${expected.length}`);
  const isFloat = expected instanceof Float32Array;
  const [a, b] = isFloat ? [orders(expected), orders(actual)] : [expected, actual];
  let steps = 0, differing = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(Number(a[i]) - Number(b[i]));
    steps = Math.max(steps, difference);
    differing += difference > 0;
  }
  return {count: a.length, differing, steps};
}

export const noDifference = () => ({count: 0, differing: 0, steps: 0});

export function addSteps(sum, {count, differing, steps}) {
  sum.count += count;
  sum.differing += differing;
  sum.steps = Math.max(sum.steps, steps);
}
