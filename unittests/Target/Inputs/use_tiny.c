/* Calls the model "tiny" of the unit tests in every way its interface has.
 * Exits with the number of the first line that finds something wrong. */
#include "tiny.h"
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                       \
  do {                                                                         \
    if (!(condition))                                                          \
      exit(__LINE__);                                                          \
  } while (0)

static union {
  char bytes[TINY_ARENA_SIZE + TINY_ARENA_ALIGN];
  double align;
} memory;
static const float image[4] = {1, 10, 100, 1000};
static float logits[4];

static void expect_logits(void) {
  CHECK(logits[0] == 2 && logits[1] == 30);
  CHECK(logits[2] == 500 && logits[3] == 7000);
  memset(logits, 0, sizeof logits);
}

static void count_calls(void *data, size_t layer, int enter) {
  int *calls = (int *)data;
  CHECK(layer == 0);
  calls[enter] += 1;
}

static void check_errors(char *arena) {
  CHECK(tiny_run(NULL, logits, arena, NULL) == EDGEC_ERROR_NULL);
  CHECK(tiny_run(image, NULL, arena, NULL) == EDGEC_ERROR_NULL);
  CHECK(tiny_run(image, logits, NULL, NULL) == EDGEC_ERROR_NULL);
  CHECK(tiny_run(image, logits, arena + 4, NULL) == EDGEC_ERROR_ALIGNMENT);
  CHECK(logits[0] == 0);
}

static void check_trace(char *arena) {
  int calls[2] = {0, 0};
  edgec_context context;
  memset(&context, 0, sizeof context);
  context.struct_size = sizeof context;
  CHECK(tiny_run(image, logits, arena, &context) == EDGEC_OK);
  context.trace = count_calls;
  context.trace_data = calls;
  CHECK(tiny_run(image, logits, arena, &context) == EDGEC_OK);
  CHECK(calls[0] == 1 && calls[1] == 1);
  /* A caller from before tracing: its context ends before the fields. */
  context.struct_size = sizeof(size_t);
  CHECK(tiny_run(image, logits, arena, &context) == EDGEC_OK);
  context.struct_size = offsetof(edgec_context, trace_data);
  CHECK(tiny_run(image, logits, arena, &context) == EDGEC_OK);
  CHECK(calls[0] == 1 && calls[1] == 1);
}

static void check_info(char *arena) {
  const edgec_model_info *info = tiny_info();
  const edgec_entry_point *entry;
  void *buffers[2];
  CHECK(info->abi_version == EDGEC_ABI_VERSION);
  CHECK(info->struct_size == sizeof *info);
  CHECK(!strcmp(info->name, "tiny") && !strcmp(info->source, "tiny.onnx"));
  CHECK(!strcmp(info->sha256, "00ff") && !strncmp(info->compiler, "edgec ", 6));
  CHECK(info->weights_size >= 16 && info->num_entry_points == 1);
  entry = info->entry_points[0];
  CHECK(entry->struct_size == sizeof *entry && !strcmp(entry->name, "run"));
  CHECK(entry->num_inputs == 1 && entry->num_outputs == 1);
  CHECK(!strcmp(entry->inputs[0].name, "image:0"));
  CHECK(entry->inputs[0].type == EDGEC_TYPE_F32 && entry->inputs[0].rank == 2);
  CHECK(entry->inputs[0].shape[0] == 1 && entry->inputs[0].shape[1] == 4);
  CHECK(entry->outputs[0].byte_size == sizeof logits);
  CHECK(entry->arena_size == TINY_ARENA_SIZE);
  CHECK(entry->arena_align == TINY_ARENA_ALIGN);
  CHECK(entry->num_layers == 1 && !strcmp(entry->layers[0].name, "conv1"));
  CHECK(!strcmp(entry->layers[0].kind, "contract"));
  CHECK(entry->layers[0].macs == 16);

  buffers[0] = (void *)image;
  buffers[1] = logits;
  CHECK(entry->call(buffers, arena, NULL) == EDGEC_OK);
  expect_logits();
  CHECK(entry->call(NULL, arena, NULL) == EDGEC_ERROR_NULL);
}

int main(void) {
  size_t address = (size_t)memory.bytes;
  char *arena = memory.bytes + (TINY_ARENA_ALIGN - address % TINY_ARENA_ALIGN) %
                                   TINY_ARENA_ALIGN;
  CHECK(tiny_run(image, logits, arena, NULL) == EDGEC_OK);
  expect_logits();
  check_errors(arena);
  check_trace(arena);
  memset(logits, 0, sizeof logits);
  check_info(arena);
  return 0;
}
