//===- KernelOps.td - what the code generator understands -*- tablegen -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_KERNEL_KERNELOPS_TD
#define EDGEC_DIALECT_KERNEL_KERNELOPS_TD

include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/IR/OpBase.td"

def Kernel_Dialect : Dialect {
  let name = "kernel";
  let cppNamespace = "::edgec::kernel";
  let summary = "Contractions and depthwise convolutions with their epilogues";
  let description = [{
    The operations for which code is emitted directly, as register-blocked
    loops. They are in destination-passing style and exist on tensors and,
    after bufferization, on memrefs. All shapes are static. Padding has been
    made explicit before: every index that a map gives lies inside its operand.
  }];
}

class Kernel_Op<string mnemonic, list<Trait> traits = []>
    : Op<Kernel_Dialect, mnemonic, traits # [
        DeclareOpInterfaceMethods<DestinationStyleOpInterface, ["getDpsInitsMutable"]>,
        DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]>;

def Kernel_ContractOp : Kernel_Op<"contract"> {
  let summary = "C(g, i, j) = epilogue(sum over k of A(g, i, k) * B(g, k, j))";
  let description = [{
    One iteration space: `num_batch` dimensions g, `num_rows` dimensions i, one
    dimension j, then the contracted dimensions k, with `extents` in this
    order. Maps give each operand's index from it:

    - `a_map`: (g, i, k) to an element of a; for a convolution the spatial
      results are `i * stride + k * dilation`, for groups the channel is
      `g * (C / groups) + k`.
    - `b_map`: (g, k, j) to an element of b. A packed b has
      `(..., j floordiv NB, k..., j mod NB)` and is zero beyond j's extent; for
      dot product instructions the last k is `k floordiv 4`, and `k mod 4`
      comes after the column. Where NB is j's extent, which need not fill
      registers, up to a register is read past b.
    - `c_map`: (g, i, j) to an element of init; j is its last result, alone or
      as `g * extent(j) + j`.
    - `extra_maps`: (g, i, j) to an element of each extra operand.

    Sums run along k in the order of the dimensions, the last fastest, in
    `accumulator`'s type. The epilogue region maps the sum and the extras'
    elements, all scalars, to the element that is stored; it holds only
    operations that vectorise lane by lane (arith, math).

    Elements of a and b are converted to the accumulator's type before they are
    multiplied: integers by zero extension where `a_unsigned` or `b_unsigned`
    says so, else by sign extension. With `a_flipped` the sign bit of every
    element of a is inverted before that: i8 plus 128 is ui8.

    With `b_bits` the elements of b, i8, fit in so many bits. A packed b then has
    as many steps along k in a byte as fit, the first in the lowest bits; a step
    is an element of the last k, or a group of them for dot products. With
    `b_scales` every element of b is multiplied by the element of a tensor with
    b's rank, `b_group` neighbours along the last k sharing one. A packed b has
    them before each group, for the columns of the panel.

    ```mlir
    // A 3x3 convolution on NHWC with bias and relu; the input is padded.
    %r = kernel.contract ins(%x, %w : tensor<1x10x10x16xf32>, tensor<32x16x3x3xf32>)
        extras(%bias : tensor<32xf32>) outs(%init : tensor<1x8x8x32xf32>)
        attributes {num_batch = 0 : i64, num_rows = 3 : i64, extents = array<i64: 1, 8, 8, 32, 3, 3, 16>,
         a_map = affine_map<(n, y, x, j, r, s, c) -> (n, y + r, x + s, c)>,
         b_map = affine_map<(n, y, x, j, r, s, c) -> (j, c, r, s)>,
         c_map = affine_map<(n, y, x, j, r, s, c) -> (n, y, x, j)>,
         extra_maps = [affine_map<(n, y, x, j, r, s, c) -> (j)>], accumulator = f32} {
    ^bb0(%acc: f32, %b: f32):
      %s = arith.addf %acc, %b : f32
      %zero = arith.constant 0.0 : f32
      %m = arith.maximumf %s, %zero : f32
      kernel.yield %m : f32
    } -> tensor<1x8x8x32xf32>
    ```

    (C1) extents are positive and number num_batch + num_rows + 1 + contracted
         dimensions; maps have that many dimensions and no symbols, and as many
         results as their operand's rank.
    (C2) a_map uses no j, b_map no i, c_map and extra_maps no k.
    (C3) every index is inside its operand.
    (C4) the epilogue's arguments are the accumulator's type and the extras'
         element types; it yields init's element type.
    (C5) b_bits is 2, 4, or 8 with an accumulator of f32, of a b of signed
         bytes; b_group is positive and stands with b_bits, an accumulator of
         f32 and, until b is packed, b_scales of f32, which have b's shape but
         for one extent in place of last k's.
  }];
  let arguments = (ins AnyShaped:$a, AnyShaped:$b, Variadic<AnyShaped>:$extras,
      AnyShaped:$init, AffineMapAttr:$a_map, AffineMapAttr:$b_map,
      AffineMapAttr:$c_map, AffineMapArrayAttr:$extra_maps,
      DenseI64ArrayAttr:$extents, I64Attr:$num_batch, I64Attr:$num_rows,
      TypeAttr:$accumulator, UnitAttr:$a_unsigned, UnitAttr:$b_unsigned,
      UnitAttr:$a_flipped, OptionalAttr<I64Attr>:$b_bits,
      OptionalAttr<ElementsAttr>:$b_scales, OptionalAttr<I64Attr>:$b_group);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region SizedRegion<1>:$epilogue);
  let assemblyFormat = [{
    `ins` `(` $a `,` $b `:` type($a) `,` type($b) `)`
    (`extras` `(` $extras^ `:` type($extras) `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict-with-keyword $epilogue (`->` type($results)^)?
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    int64_t getNumContracted() {
      return getExtents().size() - getNumBatch() - getNumRows() - 1;
    }
    /// Position of dimension j in `extents` and in the maps.
    int64_t getColumnDim() { return getNumBatch() + getNumRows(); }
    int64_t getColumns() { return getExtents()[getColumnDim()]; }
    /// Whether every element of init is written: its old value is not needed.
    bool coversInit();
    /// The axis of an unpacked b along which the last contracted dimension, and
    /// it alone, walks; nothing where there is none.
    ::std::optional<unsigned> getGroupAxis();
  }];
}

def Kernel_DepthwiseOp : Kernel_Op<"depthwise"> {
  let summary = "C(n, i, c) = epilogue(sum over k of X(n, i * stride + k * dilation, c) * W(k, c))";
  let description = [{
    Convolution of each channel on its own, channels last, any number of
    spatial dimensions. `extra_maps` are over (n, i..., c). Sums run along k in
    the order of the dimensions, the last fastest. `input_unsigned` and
    `filter_unsigned` choose zero extension to an integer accumulator.

    | operand | shape |
    |---|---|
    | input | [N, d..., C], padded |
    | filter | [k..., C]; packed: [C / L rounded up, or 1, groups, 4 L] |
    | init | [N, e..., C] |

    A packed filter is for instructions that add four products of bytes to each
    of L sums. `window` gives k then. A group has four neighbouring rows of taps
    for each of L channels, for one output row of a tile of `tile_rows` rows:
    all its output rows read the same four input rows, with zeros for those
    that are not theirs. Where four input rows are all that a tile reads, the
    groups of the first output row stand for those of the others too; and one
    block of L channels stands for all if all have the same taps. With `input_flipped` the sign bit of every element of
    the input is inverted before it is multiplied.

    (C1) ranks agree; strides and dilations have one positive entry a spatial
         dimension.
    (C2) (e - 1) * stride + (k - 1) * dilation < d.
    (C3) as (C4) of kernel.contract.
    (C4) `window` and `tile_rows` stand together, with positive entries, one or
         two of them in `window`; the filter has three dimensions then, and as
         many groups as that window and stride have.
  }];
  let arguments = (ins AnyShaped:$input, AnyShaped:$filter, Variadic<AnyShaped>:$extras,
      AnyShaped:$init, DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$dilations,
      AffineMapArrayAttr:$extra_maps, TypeAttr:$accumulator,
      UnitAttr:$input_unsigned, UnitAttr:$filter_unsigned,
      OptionalAttr<DenseI64ArrayAttr>:$window, OptionalAttr<I64Attr>:$tile_rows,
      UnitAttr:$input_flipped);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region SizedRegion<1>:$epilogue);
  let assemblyFormat = [{
    `ins` `(` $input `,` $filter `:` type($input) `,` type($filter) `)`
    (`extras` `(` $extras^ `:` type($extras) `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict-with-keyword $epilogue (`->` type($results)^)?
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The filter's extents along the spatial dimensions.
    ::llvm::SmallVector<int64_t> getTapExtents();
    /// Where the filter is packed: the order of its groups.
    ::std::optional<TapGroups> getTapGroups();
  }];
}

def Kernel_RowwiseOp : Kernel_Op<"rowwise"> {
  let summary = "reductions of each row, then a map over it";
  let description = [{
    Softmax, layer normalisation and the like: each row is reduced once or
    several times to a number, and then mapped to the elements that are stored.
    The row stays in the first level of the cache between the passes.

    The dimensions of `extents` are those of the rows, then the column. Maps
    give each operand's index from them; where init's and an input's element
    follow each other along the column, they are read as vectors.

    `combiners` has one entry a reduction, `add` or `max`; so many regions come
    first. Region r maps the inputs' elements and the results of the reductions
    before it, all scalars, to the value that reduction r takes in. The last
    region maps the inputs' elements, the results of all reductions, and the
    value that the last reduction took in for this element, to the element that
    is stored. Regions hold only operations that vectorise lane by lane.

    Sums have the canonical order: 16 lanes along the column, then a tree.
    `max` passes over NaN.

    ```mlir
    // Softmax.
    %r = kernel.rowwise ins(%x : tensor<8x100xf32>) outs(%init : tensor<8x100xf32>)
        attributes {extents = array<i64: 8, 100>, combiners = ["max", "add"],
         input_maps = [affine_map<(i, j) -> (i, j)>], init_map = affine_map<(i, j) -> (i, j)>} {
    ^bb0(%x0: f32):
      kernel.yield %x0 : f32
    }, {
    ^bb0(%x1: f32, %max: f32):
      %d = arith.subf %x1, %max : f32
      %e = math.exp %d : f32
      kernel.yield %e : f32
    }, {
    ^bb0(%x2: f32, %max1: f32, %sum: f32, %e2: f32):
      %y = arith.divf %e2, %sum : f32
      kernel.yield %y : f32
    } -> tensor<8x100xf32>
    ```

    (C1) extents are positive, maps have so many dimensions and no symbols, and
         as many results as their operand's rank; there is a map for each input.
    (C2) every index is inside its operand, and init_map is a permutation.
    (C3) combiners are `add` or `max`, at least one, and there is one region
         more than combiners.
    (C4) the regions' arguments are as described, and the last one yields init's
         element type; reductions are of floats.
  }];
  let arguments = (ins Variadic<AnyShaped>:$inputs, AnyShaped:$init,
      AffineMapArrayAttr:$input_maps, AffineMapAttr:$init_map,
      DenseI64ArrayAttr:$extents, StrArrayAttr:$combiners);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region VariadicRegion<SizedRegion<1>>:$bodies);
  let assemblyFormat = [{
    `ins` `(` $inputs `:` type($inputs) `)` `outs` `(` $init `:` type($init) `)`
    attr-dict-with-keyword $bodies (`->` type($results)^)?
  }];
  let hasVerifier = 1;
}

def Kernel_AttentionOp : Kernel_Op<"attention"> {
  let summary = "O(g, i, c) = epilogue(sum over j of P(g, i, j) * V(g, j, c)), P from scores by rows";
  let description = [{
    A contraction, a reduction of its rows and another contraction, for a few
    rows after the other, so that what stands between them stays in the first
    level of the cache and has no buffer:

    ```
    S(g, i, j) = score(sum over k of Q(g, i, k) * K(g, k, j))
    P(g, i, :) = bodies(S(g, i, :))                       as kernel.rowwise
    O(g, i, c) = epilogue(sum over j of P(g, i, j) * V(g, j, c))
    ```

    One iteration space: `num_batch` dimensions g (heads), then i (queries), j
    (keys), k and c, with `extents` in this order. The maps give each operand's
    index from it. The regions are those of the three operations: the first maps
    a sum and the elements of the extra operands (a mask) to the score, the
    second maps a sum to the element that is stored, and the others, with
    `combiners`, are those of a kernel.rowwise whose one input is the scores.

    Sums run along k and along j in the order of the dimension, in the type of
    their region's first argument: results are those of the three operations, to
    the last bit. Sums of i32 are of bytes, whose signs the attributes tell, as
    those of a kernel.contract do; keys or values are packed for dot products
    then. The rows end in probabilities that the second sum multiplies.

    ```mlir
    %r = kernel.attention ins(%q, %k, %v : tensor<3x50x64xf32>, tensor<3x64x50xf32>, tensor<3x50x64xf32>)
        outs(%init : tensor<3x50x64xf32>)
        attributes {num_batch = 1 : i64, extents = array<i64: 3, 50, 50, 64, 64>,
         query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>,
         key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
         value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>,
         init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
         extra_maps = [], combiners = ["max", "add"]} {
    ^bb0(%sum: f32):
      %scale = arith.constant 0.125 : f32
      %s = arith.mulf %sum, %scale : f32
      kernel.yield %s : f32
    }, {
    ^bb0(%sum: f32):
      kernel.yield %sum : f32
    }, {
    ^bb0(%s: f32):
      kernel.yield %s : f32
    }, {
    ^bb0(%s: f32, %max: f32):
      %d = arith.subf %s, %max : f32
      %e = math.exp %d : f32
      kernel.yield %e : f32
    }, {
    ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
      %p = arith.divf %e, %total : f32
      kernel.yield %p : f32
    } -> tensor<3x50x64xf32>
    ```

    (C1) extents are positive and number num_batch + 4; maps have that many
         dimensions and no symbols, and as many results as their operand's rank.
    (C2) query_map uses neither j nor c, key_map neither i nor c, value_map
         neither i nor k, init_map neither j nor k, extra_maps neither k nor c.
    (C3) every index is inside its operand.
    (C4) the first region takes a sum and the extras' elements and yields a
         float, the second one takes a sum and yields init's element type. Sums
         are of floats, or of i32 where the elements that they are of are bytes.
    (C5) combiners and the other regions are those of a kernel.rowwise; they
         yield the type of the scores, the last one bytes where the second sum
         is of i32.
  }];
  let arguments = (ins AnyShaped:$query, AnyShaped:$key, AnyShaped:$value,
      Variadic<AnyShaped>:$extras, AnyShaped:$init, AffineMapAttr:$query_map,
      AffineMapAttr:$key_map, AffineMapAttr:$value_map, AffineMapAttr:$init_map,
      AffineMapArrayAttr:$extra_maps, DenseI64ArrayAttr:$extents,
      I64Attr:$num_batch, StrArrayAttr:$combiners, UnitAttr:$query_unsigned,
      UnitAttr:$key_unsigned, UnitAttr:$probability_unsigned,
      UnitAttr:$value_unsigned);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region SizedRegion<1>:$score, SizedRegion<1>:$epilogue,
      VariadicRegion<SizedRegion<1>>:$bodies);
  let assemblyFormat = [{
    `ins` `(` $query `,` $key `,` $value `:` type($query) `,` type($key) `,` type($value) `)`
    (`extras` `(` $extras^ `:` type($extras) `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict-with-keyword $score `,` $epilogue `,` $bodies
    (`->` type($results)^)?
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    // Positions in `extents` and in the maps.
    unsigned getQueryDim() { return getNumBatch(); }
    unsigned getKeyDim() { return getNumBatch() + 1; }
    unsigned getDepthDim() { return getNumBatch() + 2; }
    unsigned getColumnDim() { return getNumBatch() + 3; }
    /// Whether every element of init is written: its old value is not needed.
    bool coversInit();
  }];
}

def Kernel_LookupOp : Op<Kernel_Dialect, "lookup",
    [Pure, AllTypesMatch<["input", "result"]>] # ElementwiseMappable.traits> {
  let summary = "the entry of a table for every byte";
  let description = [{
    In bodies of elementwise operations, on bytes and vectors of them. `table`
    has 256 entries, that of byte 0 first.

    ```mlir
    %y = kernel.lookup %x {table = array<i8: ...>} : vector<64xi8>
    ```
  }];
  let arguments = (ins AnyTypeOf<[I8, VectorOfAnyRankOf<[I8]>]>:$input,
                       DenseI8ArrayAttr:$table);
  let results = (outs AnyTypeOf<[I8, VectorOfAnyRankOf<[I8]>]>:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
  let hasVerifier = 1;
}

def Kernel_ObserveOp : Op<Kernel_Dialect, "observe", [
    MemoryEffects<[MemRead<DefaultResource>, MemWrite<DefaultResource>]>]> {
  let summary = "shows a tensor to the context's hook";
  let description = [{
    `point` is the number that the hook is given. Becomes calls of
    `@edgec_observe` with what lies together in memory.
  }];
  let arguments = (ins AnyShaped:$input, I64Attr:$point);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

def Kernel_YieldOp : Op<Kernel_Dialect, "yield", [Pure, Terminator,
    ParentOneOf<["AttentionOp", "ContractOp", "DepthwiseOp", "RowwiseOp"]>]> {
  let summary = "gives the value of a region: what an epilogue stores";
  let arguments = (ins AnyType:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

#endif
