// statistics.mjs: of outputs and of times.

// Largest difference over the range, signal-to-noise ratio over all outputs, and
// whether the largest elements are in the same places.
export function compareOutputs(expected, actual) {
  let worst = 0, signal = 0, noise = 0, top1 = true;
  for (const name of Object.keys(expected)) {
    const a = Array.from(expected[name].data, Number), b = Array.from(actual[name].data, Number);
    if (a.length !== b.length) throw new Error(`${name}: ${b.length} elements, expected ${a.length}`);
    let low = Infinity, high = -Infinity, difference = 0, bestA = 0, bestB = 0;
    for (let i = 0; i < a.length; i++) {
      low = Math.min(low, a[i]); high = Math.max(high, a[i]);
      const d = Math.abs(a[i] - b[i]);
      difference = Number.isNaN(d) ? Infinity : Math.max(difference, d);
      signal += a[i] ** 2; noise += d ** 2;
      if (a[i] > a[bestA]) bestA = i;
      if (b[i] > b[bestB]) bestB = i;
    }
    worst = Math.max(worst, difference / (high - low || Math.abs(high) || 1));
    top1 &&= bestA === bestB;
  }
  return {error: worst, snr: noise ? 10 * Math.log10(signal / noise) : Infinity, top1};
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

export function geometricMean(values) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

// What interleaved rounds tell. theirs, ours: {minimum, median} of each round, in
// milliseconds; call: what of theirs is the call's own cost. The ratio is that of
// the minima over all rounds, lowest and highest are those of single rounds.
export function summariseRounds(theirs, ours, call) {
  const least = rounds => Math.min(...rounds.map(round => round.minimum));
  const ort = least(theirs) - call, edgec = least(ours);
  const ratios = ours.map((round, k) => round.minimum / (theirs[k].minimum - call));
  return {ort, edgec, ratio: edgec / ort, lowest: Math.min(...ratios), highest: Math.max(...ratios), call,
          ortMedian: median(theirs.map(round => round.median)) - call,
          edgecMedian: median(ours.map(round => round.median))};
}
