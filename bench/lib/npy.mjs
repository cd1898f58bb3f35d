// npy.mjs: NumPy's file format, as far as tensors of ONNX models need it.
import {readFileSync, writeFileSync} from 'node:fs';

const NUMPY = {float32: '<f4', float64: '<f8', int64: '<i8', int32: '<i4',
               int16: '<i2', uint16: '<u2', int8: '|i1', uint8: '|u1', bool: '|b1'};
export const ARRAY = {float32: Float32Array, float64: Float64Array, int64: BigInt64Array,
                      int32: Int32Array, int16: Int16Array, uint16: Uint16Array, int8: Int8Array,
                      uint8: Uint8Array, bool: Uint8Array};

export function writeNpy(path, type, dims, data) {
  const shape = dims.length === 1 ? `(${dims[0]},)` : `(${dims.join(', ')})`;
  let header = `{'descr': '${NUMPY[type]}', 'fortran_order': False, 'shape': ${shape}, }`;
  header = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + '\n';
  const prefix = Buffer.from([0x93, 78, 85, 77, 80, 89, 1, 0, header.length & 255, header.length >> 8]);
  writeFileSync(path, Buffer.concat([prefix, Buffer.from(header, 'latin1'),
    Buffer.from(data.buffer, data.byteOffset, data.byteLength)]));
}

export function readNpy(path) {
  const bytes = readFileSync(path);
  const length = bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, 10 + length);
  const descr = /'descr': '([^']+)'/.exec(header)[1];
  const dims = /'shape': \(([^)]*)\)/.exec(header)[1].split(',').filter(extent => extent.trim()).map(Number);
  const type = Object.keys(NUMPY).find(k => NUMPY[k] === descr);
  const body = bytes.buffer.slice(bytes.byteOffset + 10 + length, bytes.byteOffset + bytes.length);
  return {type, dims, data: new ARRAY[type](body)};
}
