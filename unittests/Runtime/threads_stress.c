/* threads_stress.c: the thread pool under ThreadSanitizer.
 *
 * Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Plain, unsynchronised memory is handed from part to part: a missing order
 * between a call and its parts is a data race that the sanitizer reports.
 */
#define _POSIX_C_SOURCE 200112L
#include "edgec_threads.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum { PARTS = 7, ROUNDS = 2000, CALLERS = 2, PAUSE_EVERY = 500 };

typedef struct table {
  edgec_threads *pool;
  long values[PARTS];
  int failed;
} table;

/* The caller reads afterwards what each part wrote. */
static void add_one(void *data, size_t part) {
  table *of = data;
  of->values[part] += 1;
}

static void check_sum(table *of, long expected) {
  size_t i;
  for (i = 0; i < PARTS; ++i)
    if (of->values[i] != expected)
      of->failed = 1;
}

/* Long enough for the workers to fall asleep. */
static void rest(void) {
  struct timespec pause = {0, 3000000};
  nanosleep(&pause, NULL);
}

static void *call(void *data) {
  table *of = data;
  long round;
  for (round = 1; round <= ROUNDS; ++round) {
    edgec_threads_for(of->pool, PARTS, add_one, of);
    check_sum(of, round);
    if (round % PAUSE_EVERY == 0)
      rest();
  }
  return NULL;
}

int main(void) {
  table tables[CALLERS] = {{NULL, {0}, 0}};
  pthread_t threads[CALLERS];
  edgec_threads *pool;
  int i, failed = 0;
  if (edgec_threads_create(&pool, 3) != 0)
    return 2;
  for (i = 0; i < CALLERS; ++i) {
    tables[i].pool = pool;
    if (pthread_create(&threads[i], NULL, call, &tables[i]) != 0)
      return 2;
  }
  for (i = 0; i < CALLERS; ++i) {
    pthread_join(threads[i], NULL);
    failed |= tables[i].failed;
  }
  edgec_threads_destroy(pool);
  if (failed)
    fprintf(stderr, "a part was lost or done twice\n");
  return failed;
}
