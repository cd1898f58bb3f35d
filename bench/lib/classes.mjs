// classes.mjs: what classifiers say of stored samples, as `edgec eval` reads them.

// The first of the largest; a NaN is none.
export function argmax(values) {
  let best = -1;
  values.forEach((value, i) => {
    if (!Number.isNaN(value) && (best < 0 || value > values[best])) best = i;
  });
  return Math.max(best, 0);
}

// Sample k of data {dims, data} as a model's input: (value * scale - mean) / std in
// single precision, one rounding a step; mean and std have one value, or one for
// each channel, axis 1.
export function preprocess({dims, data}, k, {scale, mean, std}) {
  const size = data.length / dims[0], channelSize = size / (dims.length > 1 ? dims[1] : 1), single = Math.fround;
  const ofChannel = (values, i) => single(values.length === 1 ? values[0] : values[Math.floor(i / channelSize)]);
  return Float32Array.from({length: size}, (_, i) => {
    const scaled = single(single(Number(data[k * size + i])) * single(scale));
    return single(single(scaled - ofChannel(mean, i)) / ofChannel(std, i));
  });
}

// In per cent.
export function percentEqual(a, b) {
  if (a.length !== b.length) throw new Error(`${b.length} classes, expected ${a.length}`);
  return 100 * a.filter((value, i) => value === b[i]).length / a.length;
}
