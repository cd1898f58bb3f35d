/* edgec.h: the interface between compiled models and their callers.
 *
 * Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Valid C99 and C++. A compiled model needs nothing of this header at link
 * time; it only describes the data that both sides share.
 */
#ifndef EDGEC_H
#define EDGEC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised when the layout of a structure below changes incompatibly. */
#define EDGEC_ABI_VERSION 2

/* What NAME_run returns. */
enum {
  EDGEC_OK = 0,
  EDGEC_ERROR_NULL = 1,      /* an input, output or the arena is NULL */
  EDGEC_ERROR_ALIGNMENT = 2, /* the arena is not aligned to NAME_ARENA_ALIGN */
  EDGEC_ERROR_BATCH = 3      /* no samples, or more than NAME_MAX_BATCH */
};

/* Element types, as in edgec_tensor_info.type. */
enum {
  EDGEC_TYPE_F32 = 1,
  EDGEC_TYPE_F64 = 2,
  EDGEC_TYPE_F16 = 3,
  EDGEC_TYPE_BF16 = 4,
  EDGEC_TYPE_I8 = 5,
  EDGEC_TYPE_I16 = 6,
  EDGEC_TYPE_I32 = 7,
  EDGEC_TYPE_I64 = 8,
  EDGEC_TYPE_U8 = 9,
  EDGEC_TYPE_U16 = 10,
  EDGEC_TYPE_U32 = 11,
  EDGEC_TYPE_U64 = 12,
  EDGEC_TYPE_BOOL = 13 /* one byte, 0 or 1 */
};

/* What a caller may lend to a run. Fields are only ever added at the end:
 * a model reads no field that lies beyond struct_size, so set it to
 * sizeof(edgec_context) and zero the rest. NULL instead of a context means
 * none of it. */
typedef struct edgec_context {
  size_t struct_size;
  /* Called before (enter = 1) and after (enter = 0) each layer, with the
   * layer's index in edgec_entry_point.layers. NULL: no tracing. */
  void (*trace)(void *trace_data, size_t layer, int enter);
  void *trace_data;
  /* Calls task(data, part) once for every part in [0, parts), in any order and
   * on any threads, and returns when all have returned. The parts of a layer
   * are independent of each other, and results do not depend on how many there
   * are. NULL: layers run on the calling thread. edgec_threads.h has one. */
  void (*parallel_for)(void *pool, size_t parts,
                       void (*task)(void *data, size_t part), void *data);
  void *pool;     /* handed to parallel_for */
  size_t threads; /* parts to divide a layer into at most; 0 and 1: serial */
  /* Called with what the observation points of an instrumented model see: the
   * point's number, and elements of its tensor, which follow each other in
   * memory. A tensor comes in one call or, in row-major order, in several.
   * NULL, as for models without such points: nobody looks. */
  void (*observe)(void *observe_data, size_t point, const void *elements,
                  size_t count);
  void *observe_data;
} edgec_context;

typedef struct edgec_tensor_info {
  const char *name; /* as in the source model */
  uint32_t type;    /* EDGEC_TYPE_* */
  uint32_t rank;
  const int64_t *shape; /* rank extents */
  size_t byte_size;     /* of the buffer that the caller provides */
} edgec_tensor_info;

typedef struct edgec_layer_info {
  const char *name;       /* the node of the source model, "a + b" when fused */
  const char *kind;       /* what the compiler made of it, e.g. "conv" */
  const char *arithmetic; /* of its products: "f32", "int8", or "" */
  uint64_t macs;          /* multiply-accumulate operations */
  uint64_t bytes;         /* of the operands that it reads and writes */
  uint32_t kernel;        /* layers with the same number share their code */
} edgec_layer_info;

typedef struct edgec_entry_point {
  size_t struct_size;
  const char *name; /* "run" */
  uint32_t num_inputs;
  uint32_t num_outputs;
  const edgec_tensor_info *inputs;
  const edgec_tensor_info *outputs;
  size_t arena_size;  /* bytes; 0: the arena may be NULL */
  size_t arena_align; /* bytes, a power of two */
  /* buffers: the inputs' addresses, then the outputs', in the order above. */
  int (*call)(void *const *buffers, void *arena, const edgec_context *context);
  uint32_t num_layers;
  const edgec_layer_info *layers;
  size_t arena_lower_bound; /* bytes in use at one time, at most */
  /* For each output the index of the output that tells its true shape, i64
   * [rank], after a run: the shape above is then the largest one, by which the
   * buffer is laid out, and what lies beyond the true one means nothing.
   * UINT32_MAX: the shape above is the true one. NULL: all are. */
  const uint32_t *shape_outputs;
  /* The most samples of a run; 0: every run has the shapes above. Where
   * is_batch, of the inputs and then the outputs, the first extent is
   * max_batch, and a run of fewer samples reads or writes the first ones of
   * the tensor. call runs max_batch samples. */
  size_t max_batch;
  const uint8_t *is_batch;
  int (*call_samples)(size_t samples, void *const *buffers, void *arena,
                      const edgec_context *context);
} edgec_entry_point;

typedef struct edgec_model_info {
  uint32_t abi_version; /* EDGEC_ABI_VERSION of the compiler */
  uint32_t struct_size; /* sizeof(edgec_model_info) of the compiler */
  const char *name;
  const char *compiler; /* "edgec 0.1.0" */
  const char *source;   /* file name of the source model */
  const char *sha256;   /* of the source model, in hexadecimal */
  const char *target;   /* e.g. "x86_64-unknown-linux-gnu" */
  const char *cpu;      /* e.g. "x86-64-v4" */
  size_t weights_size;  /* bytes of constants in the artefact */
  uint32_t num_entry_points;
  /* An array of pointers: entry points may grow without moving each other. */
  const edgec_entry_point *const *entry_points;
} edgec_model_info;

#ifdef __cplusplus
}
#endif

#endif /* EDGEC_H */
