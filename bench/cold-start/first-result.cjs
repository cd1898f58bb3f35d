// first-result.cjs MODEL.onnx: one inference with ONNX Runtime on one thread,
// inputs zero. ORT_NODE_PATH: the folder that has node_modules.
const {createRequire} = require('node:module');
const {join} = require('node:path');
const ort = createRequire(join(process.env.ORT_NODE_PATH ?? __dirname, 'x.js'))('onnxruntime-node');

const ARRAY = {float32: Float32Array, int64: BigInt64Array, int32: Int32Array, int8: Int8Array, uint8: Uint8Array};

(async () => {
  const session = await ort.InferenceSession.create(process.argv[2], {intraOpNumThreads: 1, interOpNumThreads: 1});
  const feeds = {};
  for (const {name, type, shape} of session.inputMetadata) {
    const dims = shape.map(extent => typeof extent === 'number' && extent > 0 ? extent : 1);
    feeds[name] = new ort.Tensor(type, new ARRAY[type](dims.reduce((a, b) => a * b, 1)), dims);
  }
  const outputs = await session.run(feeds);
  console.log(Object.values(outputs)[0].data[0]);
})();
