//===- Passes.td - from kernels on tensors to vector code -*- tablegen -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A line `@example FILE` in a description stands for that test, which the
// reference pages in docs/generated quote.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_CODEGEN_PASSES_TD
#define EDGEC_CODEGEN_PASSES_TD

include "mlir/Pass/PassBase.td"

// Passes that choose tiles or instructions take the target as the command line
// does, so that each can be tested on its own.
class TargetPass<string mnemonic, string operation>
    : Pass<mnemonic, operation> {
  let options = [
    Option<"target", "target", "std::string", "\"x86-64-v3\"",
           "Alias or LLVM triple of the machine to generate code for">,
    Option<"cpu", "cpu", "std::string", "\"\"", "LLVM's name of the CPU">,
    Option<"features", "features", "std::string", "\"\"",
           "LLVM's features on top of the CPU's">,
  ];
}

def ShortenRequantization
    : TargetPass<"edgec-shorten-requantization", "::mlir::func::FuncOp"> {
  let summary = "Make bytes of floats in fewer steps, with the same bits";
  let description = [{
    A float is clamped before it is rounded to a byte, since machines differ on
    integers that are out of range. Where the scales are constants that keep it
    within 2^30, integers are clamped instead: instructions that narrow do that
    on the way.

    A value that is quantized and dequantized at once stays in 32 bits. And the
    quantized sum of two scaled bytes, a residual addition, becomes two fused
    multiplications where they lead to the same byte for each of the 65536
    pairs, which are all tried.

    @example test/Codegen/example-shorten-requantization.mlir
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}

def KernelPack : TargetPass<"kernel-pack", "::mlir::ModuleOp"> {
  let summary = "Lay out the second operand of contractions in panels";
  let description = [{
    A contraction reads `b` as rows of NB neighbouring columns, one row after the
    other along k. A constant b is permuted into `[g][j / NB][k][NB]` here, zero
    beyond j's extent, and the old constant's memory is released when nothing
    else uses it. A b that is computed at run time stays as it is where j is
    contiguous; else a `linalg.generic` packs it.

    Where the target multiplies groups of bytes (VNNI, dot products, pairs in
    vpmaddwd) and a's elements are neighbours along the last k, a constant b of
    bytes is packed in groups of four along it, the last of them filled with
    zeros. Channels that do not fill groups (an image's three) become one
    dimension with the taps along a line, whose elements are neighbours too.
    An instruction that takes a with the other sign gets it with flipped
    sign bits (`a_flipped`), and an operand of the epilogue takes back what that
    adds to every sum.

    Bytes that are computed at run time are packed in the same groups, by a
    `linalg.generic`, where at least four rows are multiplied by them. VNNI, which
    takes signed ones only, gets unsigned ones with flipped sign bits. The sums
    that make up for flipped bits are computed at run time too.

    @example test/Codegen/example-kernel-pack.mlir
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def FuseAttention : TargetPass<"kernel-fuse-attention", "::mlir::func::FuncOp"> {
  let summary = "Keep the scores of attention in the cache";
  let description = [{
    A `kernel.contract` (of queries and keys), a `kernel.rowwise` (softmax) and a
    `kernel.contract` (with the values), each the only reader of the one before,
    become one `kernel.attention`, which needs no buffer for the scores of all
    queries. Results stay the same to the last bit.

    They stay apart unless both products are of floats with a `b` that is
    computed at run time, or of bytes that are packed for dot products, there is
    one dimension each of queries, keys and what is contracted, and the scores
    of a few queries are not more than 64 KiB, which the operation's code keeps
    on its stack.

    @example test/Codegen/example-fuse-attention.mlir
  }];
}

def PlaceDestinations : Pass<"edgec-place-destinations", "::mlir::func::FuncOp"> {
  let summary = "Let producers write where pads and concatenations will read";
  let description = [{
    `tensor.pad` becomes a filled border with the source inserted, and chains of
    `tensor.insert_slice` move up to their sources' definitions, so that
    empty-tensor elimination can give the producers a place inside the larger
    tensor and nothing is copied. Loop-carried tensors that the body
    computes anew are copied into the carried buffer at its end, because a
    buffer that the body allocates is the same in every iteration; those of
    which it replaces elements stay where they are. Arguments of public functions
    are marked as not writable: a loop that starts with one carries a copy.
    Results of `scf.if` are copied into the tensors that they become part of.

    @example test/Codegen/example-place-destinations.mlir
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def PlaceResults : Pass<"edgec-place-results", "::mlir::func::FuncOp"> {
  let summary = "Return results through trailing memref arguments";
  let description = [{
    After bufferization: a returned buffer that the function allocates for that
    purpose becomes the argument itself; any other is copied at the end.

    Only public functions are changed; they have one block, and results of
    static shapes.

    @example test/Codegen/example-place-results.mlir
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

def CoalesceBuffers : Pass<"edgec-coalesce-buffers", "::mlir::func::FuncOp"> {
  let summary = "Let what is copied, or replaced element by element, share memory";
  let description = [{
    A copy disappears where the source can be computed in the part of the target
    that it would be copied to (a concatenation, the inside of a padded tensor),
    or where the target is only read while the source stays as it is. All views
    of the buffer that moves become views of the other: a reader without padding
    reads the inside of a padded buffer, and of a chain of concatenations each
    is a part of the next.

    Then an elementwise operation, or the epilogue of a kernel, writes its
    result over an operand that it reads element by element and that nobody
    reads afterwards.

    Buffers share memory only if no operation writes to one while the other's
    value is still needed; parts of static position that do not overlap do not
    conflict, nor does the fill of a border with what it surrounds. A buffer
    that a branch, a loop or a call passes on keeps its place, and so does one
    whose dimensions are merged where they would no longer lie side by side.

    @example test/Codegen/example-coalesce-buffers.mlir
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

def WidenBooleans : Pass<"edgec-widen-booleans", "::mlir::ModuleOp"> {
  let summary = "Keep booleans in memory as bytes";
  let description = [{
    A `memref` of i1 becomes one of i8 with elements 0 and 1, because a vector of
    i1 in memory would be packed to bits.

    @example test/Codegen/example-widen-booleans.mlir
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def PlaceConstants : Pass<"edgec-place-constants", "::mlir::ModuleOp"> {
  let summary = "Collect constants in one weights section";
  let description = [{
    Every `memref.global` with a value becomes a range of bytes of the external
    global `@edgec_weights`; equal ones share it. The module attribute
    `edgec.weights` lists offsets and values.
    `edgec.weights_size` is the section's size. Values must be dense or
    dense resources.

    @example test/Codegen/example-place-constants.mlir
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def PlanArena : Pass<"edgec-plan-arena", "::mlir::ModuleOp"> {
  let summary = "Replace allocations by offsets in one arena";
  let description = [{
    Lifetimes are counted in operations of the entry block; an operation with
    regions is one step. Public functions become `@edgec_entry_NAME` and get two
    trailing arguments: the arena and the caller's context.

    The attributes `edgec.arena_size` and `edgec.arena_lower_bound` are the
    bytes planned and the most that are in use at one time, which no plan can be
    below; `edgec.arena_logical_bound` is that without the borders of padded
    buffers and without alignment. Allocations need static shapes.

    @example test/Codegen/example-plan-arena.mlir
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def FoldFills : Pass<"edgec-fold-fills", "::mlir::func::FuncOp"> {
  let summary = "Start reductions with a value instead of a filled buffer";
  let description = [{
    A `linalg.fill` with a constant, followed by a reduction into the same whole
    buffer, becomes the reduction's attribute `edgec.initial`: an array with an
    entry for each output, a unit attribute where the buffer's elements are what
    the reduction starts with. The buffer is then written once. It runs behind
    the plan of the arena, for which the filled buffer is in use from the fill on.

    @example test/Codegen/example-fold-fills.mlir
  }];
}

def SimplifyQuantization
    : TargetPass<"edgec-simplify-quantization", "::mlir::func::FuncOp"> {
  let summary = "Take fewer steps between integers";
  let description = [{
    A quantized value that is dequantized at once stays a float: what rounding by
    addition of a constant left is taken off by a subtraction, without an integer
    in between.

    Divisions by a constant that are marked with `edgec.rounded_quotient` become a
    product and its correction by two fused multiplications, where the nearest
    integer is the same for every dividend, on targets that have them.

    Results keep their bits. It runs before layers are outlined, for then layers
    that differ in scales and zero points still are one kernel.

    @example test/Codegen/example-simplify-quantization.mlir
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}

def CallObservers : Pass<"edgec-call-observers", "::mlir::ModuleOp"> {
  let summary = "Hand the tensors of observation points to the context's hook";
  let description = [{
    Every `kernel.observe` becomes calls of `@edgec_observe` with the context, the
    point's number, an address and the number of elements there; dimensions that
    do not lie together in memory become loops around the call. The body is added
    with the model's interface. It runs behind the plan of the arena, which gives
    functions their context.

    @example test/Codegen/example-call-observers.mlir
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect"];
}

def OutlineLayers : Pass<"edgec-outline-layers", "::mlir::ModuleOp"> {
  let summary = "Give each distinct layer a function of its own";
  let description = [{
    Kernel and linalg operations become private functions; identical ones share
    one, which keeps code and compile times small. Scalar constants of their
    regions in which layers differ (scales, zero points, bounds) are arguments. Every call stands between two
    calls of `@edgec_trace`, and the function attribute `edgec.layers` names the
    layers.

    A layer that takes long enough gets two more arguments: the part to do and the
    number of parts. The attribute `edgec.max_parts` says into how many it pays to
    divide it at most. It is called through a function that takes the caller's
    context first, whose body is added with the model's interface.

    @example test/Codegen/example-outline-layers.mlir
  }];
  let options = [
    Option<"grain", "grain", "int64_t", "1000",
           "The least time that a part of a layer is to take, in nanoseconds of "
           "a fast core; 0 divides every layer">,
  ];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::memref::MemRefDialect"];
}

def Vectorize : TargetPass<"edgec-vectorize", "::mlir::func::FuncOp"> {
  let summary = "Emit loops and vector operations for kernels and linalg";
  let description = [{
    Contractions become register-blocked loops: a tile of rows times a few
    vectors of columns is kept in registers along k, and the epilogue is
    computed on it before it is stored. Depthwise convolutions are vectorised
    over channels, `linalg.generic` over its innermost contiguous parallel
    dimension, in 16 lanes of 32 bits whatever the target. Sums along a
    contiguous dimension use 16 lanes and one fixed tree.

    Weights of 4 or 2 bits that many rows of floats are multiplied by are
    unpacked once for all rows, a block of a panel at a time, into memory on the
    stack; for few rows that happens in registers. Sums keep the order of k
    either way.

    Operations must be on memrefs of static shapes and strides; for empty ones
    nothing is emitted.

    @example test/Codegen/example-vectorize.mlir
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect", "::mlir::affine::AffineDialect",
    "::mlir::LLVM::LLVMDialect"];
}

def ApproximateMath : TargetPass<"edgec-approximate-math", "::mlir::func::FuncOp"> {
  let summary = "Expand f32 functions into polynomials";
  let description = [{
    No f32 function of the math dialect may become a call of the C library:
    exp, tanh, erf, log and the like are computed by polynomials with a relative
    error below 1e-6, the same on every target. The first three are those of the
    reference interpreter, to the last bit.

    Tables of bytes (`kernel.lookup`) are read by permutations of registers.

    @example test/Codegen/example-approximate-math.mlir
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::LLVM::LLVMDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::vector::VectorDialect"];
}

#endif
