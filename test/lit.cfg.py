# lit's configuration (lit, LLVM's test runner, reads Python; nothing else of
# the project does).
import os

import lit.formats
import lit.util

config.name = "edgec"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test", ".td", ".onnxtxt"]
config.excludes = ["Inputs", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = config.edgec_test_dir

config.environment["PATH"] = os.pathsep.join(
    [config.edgec_tools_dir, config.llvm_tools_dir, config.environment["PATH"]])
config.environment["FILECHECK_OPTS"] = "-enable-var-scope --allow-unused-prefixes=false"
config.substitutions.append(("%inputs", os.path.join(config.test_source_root, "Inputs")))
config.substitutions.append(("%source", config.edgec_source_dir))
config.substitutions.append(("%edgec-tools", config.edgec_tools_dir))

# ONNX files are written from protobuf's text format.
for name, message in (("%encode-model", "ModelProto"), ("%encode-tensor", "TensorProto")):
    config.substitutions.append((name, "%s --encode=onnx.%s -I %s onnx/onnx.proto" % (
        config.protoc, message, config.onnx_proto_dir)))

# Images that this build can read.
for image in ("png", "jpeg"):
    if image in config.edgec_images:
        config.available_features.add(image)

# Freed memory is kept for a while: measurements of it say nothing.
if config.edgec_sanitize:
    config.available_features.add("sanitizers")

# Trained models with labelled data, which the project does not ship.
models = os.environ.get("EDGEC_MODELS",
                        os.path.join(config.edgec_source_dir, "..", "shared", "models"))
config.substitutions.append(("%models", models))
if os.path.exists(os.path.join(models, "manifest.json")):
    config.available_features.add("real-models")

# Models that benchmarks run, made by a script: too large to be shipped.
bench_models = os.environ.get("EDGEC_BENCH_MODELS",
                              os.path.join(config.edgec_source_dir, "..", "bench", "models"))
config.substitutions.append(("%bench-models", bench_models))
if os.path.exists(os.path.join(bench_models, "resnet50.onnx")):
    config.available_features.add("bench-models")

# ONNX's own test suite, as Debian's libonnx-testdata installs it.
onnx_testdata = os.environ.get("EDGEC_ONNX_TESTDATA", "/usr/share/libonnx-testdata/data")
config.substitutions.append(("%onnx-testdata", onnx_testdata))
if os.path.exists(os.path.join(onnx_testdata, "node")):
    config.available_features.add("onnx-testdata")

# The levels of x86-64 that this machine can run.
x86_levels = {"v2": ["sse4_2", "popcnt"], "v3": ["avx2", "bmi2", "fma", "f16c"],
              "v4": ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]}
try:
    with open("/proc/cpuinfo") as file:
        cpu_flags = set(next((line for line in file if line.startswith("flags")), "").split())
except OSError:
    cpu_flags = set()
for level, needed in x86_levels.items():
    if cpu_flags.issuperset(needed):
        config.available_features.add("run-x86-64-" + level)

# AArch64 artefacts run under user-mode emulation.
if lit.util.which("qemu-aarch64") and os.path.exists(
        os.path.join(config.edgec_tools_dir, "edgec-runner-aarch64")):
    config.available_features.add("run-aarch64")

# The comparisons with ONNX Runtime are scripts of Node.js. The folder that has its
# package in node_modules, as the scripts take it.
if lit.util.which("node"):
    config.available_features.add("node")
    ort_path = os.environ.get("ORT_NODE_PATH", os.path.join(config.edgec_source_dir, "bench"))
    if os.path.exists(os.path.join(ort_path, "node_modules", "onnxruntime-node")):
        config.available_features.add("onnxruntime")
        config.environment["ORT_NODE_PATH"] = ort_path
