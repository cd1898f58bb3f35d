/* first-result.c: a program whose whole life is one inference.
 *
 * Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Linked with a model that was compiled with --name=model. Inputs are zero;
 * the first output's first byte is printed, so that it is computed.
 */
#include "edgec.h"
#include <stdio.h>
#include <stdlib.h>

const edgec_model_info *model_info(void);

static void *allocate(size_t bytes) {
  return calloc(bytes == 0 ? 1 : bytes, 1);
}

int main(void) {
  const edgec_entry_point *entry = model_info()->entry_points[0];
  uint32_t inputs = entry->num_inputs, outputs = entry->num_outputs;
  void **buffers = calloc(inputs + outputs, sizeof(void *));
  size_t align = entry->arena_align;
  size_t size = (entry->arena_size + align - 1) / align * align;
  void *arena = size == 0 ? NULL : aligned_alloc(align, size);
  if (!buffers || (size != 0 && !arena))
    return 1;
  for (uint32_t i = 0; i < inputs; ++i)
    buffers[i] = allocate(entry->inputs[i].byte_size);
  for (uint32_t i = 0; i < outputs; ++i)
    buffers[inputs + i] = allocate(entry->outputs[i].byte_size);
  int code = entry->call(buffers, arena, NULL);
  if (code == EDGEC_OK && outputs != 0 && entry->outputs[0].byte_size != 0)
    printf("%d\n", *(const unsigned char *)buffers[inputs]);
  return code;
}
