// sound.mjs: recordings, as models of sound take them.

// The samples of a WAV file with one channel of 16 bits, in [-1, 1).
export function readWave(bytes) {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF') throw new Error('no WAV file');
  for (let at = 12; at + 8 <= bytes.length;) {
    const kind = bytes.toString('latin1', at, at + 4), size = bytes.readUInt32LE(at + 4), start = at + 8;
    if (kind === 'fmt ' && (bytes.readUInt16LE(start + 2) !== 1 || bytes.readUInt16LE(start + 14) !== 16))
      throw new Error('one channel of 16 bits is needed');
    const length = Math.min(size, bytes.length - start) >> 1;
    if (kind === 'data') return Float32Array.from({length}, (_, i) => bytes.readInt16LE(start + 2 * i) / 32768);
    at = start + size + size % 2;
  }
  throw new Error('no samples');
}

// Pieces of `size` samples, their starts `hop` apart, with `before` zeros before the
// signal; what fills no piece is left out.
export function pieces(signal, size, hop, before) {
  const padded = new Float32Array(before + signal.length);
  padded.set(signal, before);
  const count = Math.max(0, Math.floor((padded.length - size) / hop) + 1);
  return Array.from({length: count}, (_, k) => padded.slice(k * hop, k * hop + size));
}

// Absolute values of the discrete Fourier transform, from frequency 0 to the half of
// the sampling rate.
export function magnitudes(samples) {
  const size = samples.length;
  if (magnitudes.tables?.size !== size)
    magnitudes.tables = {size, cos: Float64Array.from({length: size}, (_, i) => Math.cos(2 * Math.PI * i / size)),
                         sin: Float64Array.from({length: size}, (_, i) => Math.sin(2 * Math.PI * i / size))};
  const {cos, sin} = magnitudes.tables;
  return Float32Array.from({length: size / 2 + 1}, (_, frequency) => {
    let re = 0, im = 0;
    for (let i = 0, phase = 0; i < size; i++, phase = (phase + frequency) % size) {
      re += samples[i] * cos[phase];
      im += samples[i] * sin[phase];
    }
    return Math.hypot(re, im);
  });
}
