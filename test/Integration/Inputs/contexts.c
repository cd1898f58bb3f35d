/* contexts.c: a model run with every kind of context. */
#include "digits.h"
#include "edgec_threads.h"

#include <stdio.h>
#include <string.h>

enum { PIXELS = 28 * 28, CLASSES = 10 };

static _Alignas(DIGITS_ARENA_ALIGN) unsigned char arena[DIGITS_ARENA_SIZE + 1];
static float image[PIXELS], expected[CLASSES];
static int calls;

/* A parallel_for that does the parts in an unusual order. */
static void backwards(void *pool, size_t parts,
                      void (*task)(void *data, size_t part), void *data) {
  ++*(int *)pool;
  while (parts-- > 0)
    task(data, parts);
}

static const char *run(const edgec_context *context) {
  float actual[CLASSES];
  if (digits_run(image, actual, arena, context) != EDGEC_OK)
    return "failed";
  return memcmp(actual, expected, sizeof actual) ? "different" : "same";
}

static void report(const char *what, const char *verdict) {
  printf("%s: %d calls, %s\n", what, calls, verdict);
}

int main(void) {
  edgec_context context = {0};
  edgec_threads *pool;
  int i;
  for (i = 0; i < PIXELS; ++i)
    image[i] = (float)(i % 17) / 16;
  if (digits_run(image, expected, arena, NULL) != EDGEC_OK)
    return 1;
  printf("no context: %d calls\n", calls);

  context.parallel_for = backwards;
  context.pool = &calls;
  context.threads = 3;
  context.struct_size = offsetof(edgec_context, parallel_for);
  report("short context", run(&context));

  context.struct_size = sizeof context;
  context.threads = 1;
  report("one thread", run(&context));

  context.threads = 3;
  report("backwards", run(&context));

  if (edgec_threads_create(&pool, 3) != 0)
    return 1;
  edgec_threads_lend(pool, &context);
  printf("pool: %s\n", run(&context));
  edgec_threads_destroy(pool);
  return 0;
}
