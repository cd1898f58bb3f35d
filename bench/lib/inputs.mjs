// inputs.mjs: random inputs for a model, the same everywhere.
import {ARRAY} from './npy.mjs';

// Numbers from 0 to 1.
export function randomSource(seed) {
  let state = BigInt(seed) * 0x9E3779B97F4A7C15n & 0xFFFFFFFFFFFFFFFFn;
  return () => {
    state = state + 0x9E3779B97F4A7C15n & 0xFFFFFFFFFFFFFFFFn;
    let z = state;
    z = (z ^ z >> 30n) * 0xBF58476D1CE4E5B9n & 0xFFFFFFFFFFFFFFFFn;
    z = (z ^ z >> 27n) * 0x94D049BB133111EBn & 0xFFFFFFFFFFFFFFFFn;
    return Number((z ^ z >> 31n) >> 11n) / 2 ** 53;
  };
}

// metadata: {name, type, shape}; a dimension without a size becomes 1. Floats are
// normally distributed, masks mostly 1, other integers small enough to be indices.
export function makeInputs(metadata, seed) {
  const random = randomSource(seed);
  return metadata.map(({name, type, shape}) => {
    if (!ARRAY[type]) throw new Error(`input '${name}' has the type ${type}, which cannot be made up`);
    const dims = shape.map(d => typeof d === 'number' && d > 0 ? d : 1);
    const count = dims.reduce((a, b) => a * b, 1);
    const data = new ARRAY[type](count);
    for (let i = 0; i < count; i++) {
      const u = random();
      if (type === 'int64') data[i] = name.includes('mask') ? BigInt(u < 0.9) : BigInt(Math.floor(u * 1000));
      else if (type.startsWith('float')) data[i] = Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * random());
      else data[i] = Math.floor(u * 100);
    }
    return {name, type, dims, data};
  });
}
