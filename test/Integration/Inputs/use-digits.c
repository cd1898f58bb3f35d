/* Uses all that the generated header declares, as C99 and as C++. */
#include "digits.h"
#include "digits.h" /* Twice does no harm. */

int use(const float *image, float *logits, void *arena);

int use(const float *image, float *logits, void *arena) {
  const edgec_model_info *info = digits_info();
  char enough[DIGITS_ARENA_SIZE > 0 && DIGITS_ARENA_ALIGN > 0 ? 1 : -1];
  enough[0] = 0;
  if (info->struct_size < sizeof(*info))
    return 1;
  return enough[0] + digits_run(image, logits, arena, 0);
}
