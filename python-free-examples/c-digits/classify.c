/* classify.c: which digit is in the picture?
 *
 * Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The model is linked into this program: no file is loaded, and it allocates
 * nothing. A pool of threads is lent to it for the time it runs.
 */
#define _POSIX_C_SOURCE 199309L
#include "digits.h"
#include "edgec_threads.h"
#include "npy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PIXELS = 28 * 28, CLASSES = 10, RUNS = 1000 };

/* The caller owns all memory. A static arena is aligned with GNU C's attribute
 * here; C11 has alignas, and a heap has aligned_alloc. */
static unsigned char arena[DIGITS_ARENA_SIZE + 1]
    __attribute__((aligned(DIGITS_ARENA_ALIGN)));

static double microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec * 1e-3;
}

int main(int argc, char **argv) {
  float image[PIXELS], probabilities[CLASSES];
  edgec_context context = {sizeof context, NULL, NULL, NULL, NULL, 0};
  edgec_threads *pool;
  const char *error;
  double start;
  int best = 0, code, i;

  if (argc != 2 && argc != 3) {
    fprintf(stderr, "usage: classify IMAGE.npy [THREADS]\n"
                    "IMAGE.npy: float32, 28x28, 0 to 1\n");
    return 2;
  }
  error = npy_read_floats(argv[1], image, PIXELS);
  if (error) {
    fprintf(stderr, "classify: %s %s\n", argv[1], error);
    return EXIT_FAILURE;
  }

  code = edgec_threads_create(&pool, argc == 3 ? (size_t)atoi(argv[2]) : 1);
  if (code != 0) {
    fprintf(stderr, "classify: %s threads: %s\n", argv[2], strerror(code));
    return EXIT_FAILURE;
  }
  edgec_threads_lend(pool, &context);
  code = digits_run(image, probabilities, arena, &context);
  if (code != EDGEC_OK) {
    fprintf(stderr, "classify: digits_run failed with code %d\n", code);
    return EXIT_FAILURE;
  }
  for (i = 0; i < CLASSES; ++i)
    if (probabilities[i] > probabilities[best])
      best = i;
  printf("it is a %d (%.1f %%)\n", best, 100.0 * probabilities[best]);

  start = microseconds();
  for (i = 0; i < RUNS; ++i)
    digits_run(image, probabilities, arena, &context);
  printf("%.1f us a run, %lu bytes of arena\n", (microseconds() - start) / RUNS,
         (unsigned long)DIGITS_ARENA_SIZE);
  edgec_threads_destroy(pool);
  return EXIT_SUCCESS;
}
