/* batches.c: a model run with every number of samples that it takes. */
#include "digits.h"

#include <stdio.h>
#include <string.h>

enum { PIXELS = 28 * 28, CLASSES = 10, MOST = DIGITS_MAX_BATCH };

static _Alignas(DIGITS_ARENA_ALIGN) unsigned char arena[DIGITS_ARENA_SIZE + 1];
static float images[MOST + 1][PIXELS], single[MOST][CLASSES],
    batch[MOST + 1][CLASSES];
static size_t traced, last;

static void trace(void *data, size_t layer, int enter) {
  (void)data;
  traced += (size_t)enter;
  if (layer > last)
    last = layer;
}

/* Whether a run of `samples` gives what single runs gave, and no more. */
static int is_right(size_t samples, const edgec_context *context) {
  size_t i, j;
  memset(batch, 0, sizeof batch);
  if (digits_run(samples, images[0], batch[0], arena, context) != EDGEC_OK)
    return 0;
  for (i = 0; i < samples; ++i)
    for (j = 0; j < CLASSES; ++j)
      if (batch[i][j] - single[i][j] > 1e-6f ||
          single[i][j] - batch[i][j] > 1e-6f)
        return 0;
  for (j = 0; j < CLASSES; ++j)
    if (batch[samples][j] != 0)
      return 0;
  return 1;
}

int main(void) {
  const edgec_entry_point *entry = digits_info()->entry_points[0];
  edgec_context context = {0};
  size_t i, j, right = 0;
  for (i = 0; i <= MOST; ++i)
    for (j = 0; j < PIXELS; ++j)
      images[i][j] = (float)((i * 7 + j) % 17) / 16;
  for (i = 0; i < MOST; ++i)
    if (digits_run(1, images[i], single[i], arena, NULL) != EDGEC_OK)
      return 1;
  for (i = 1; i <= MOST; ++i)
    right += (size_t)is_right(i, NULL);
  printf("%d of %d numbers of samples are right\n", (int)right, MOST);

  context.struct_size = sizeof context;
  context.trace = trace;
  is_right(MOST - 1, &context);
  printf("layers traced: %s\n",
         traced > 1 && last < entry->num_layers ? "yes" : "no");
  printf("none: %d, too many: %d\n",
         digits_run(0, images[0], batch[0], arena, NULL),
         digits_run(MOST + 1, images[0], batch[0], arena, NULL));
  printf("info: %d, input %d, output %d\n", (int)entry->max_batch,
         entry->is_batch[0], entry->is_batch[1]);
  return 0;
}
