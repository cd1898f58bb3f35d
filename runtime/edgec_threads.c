/* edgec_threads.c: a thread pool for compiled models.
 *
 * Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A layer of a small model takes a few microseconds, so handing it over must
 * cost far less than one. Each worker therefore has a mailbox of its own, one
 * cache line: the caller writes the task and then the state, the worker resets
 * the state when it is done, and nothing else is shared while both are awake.
 */
#define _POSIX_C_SOURCE 200112L
#include "edgec_threads.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

enum {
  CACHE_LINE = 64,
  SPIN_NANOSECONDS = 500000,
  YIELD_NANOSECONDS = 2000, /* of spinning alone, and then yielding as well */
  SPINS_PER_CLOCK = 64 /* reading the clock costs as much as several spins */
};

/* What a mailbox is for: its owner waits for WORK or STOP, its user for IDLE.
 */
enum state { IDLE, WORK, STOP };

typedef struct worker {
  _Alignas(CACHE_LINE) atomic_int state;
  atomic_int asleep; /* the worker waits for `wake` */
  void (*task)(void *data, size_t part);
  void *data;
  size_t parts;
  /* Not needed while both sides are awake: beyond the first cache line. */
  _Alignas(CACHE_LINE) size_t index; /* of the thread, from 1 */
  struct edgec_threads *pool;
  pthread_t thread;
  pthread_cond_t wake;
} worker;

struct edgec_threads {
  size_t threads;  /* the caller's and the workers' */
  worker *workers; /* threads - 1 */
  void *memory;    /* of `workers`, as allocated */
  atomic_flag busy;
  atomic_int caller_asleep; /* the caller waits for `done` */
  pthread_mutex_t mutex;    /* for sleeping only */
  pthread_cond_t done;
};

static void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
  __asm__ volatile("yield" ::: "memory");
#endif
}

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Whether the state becomes IDLE (else: anything but IDLE) within the time for
 * which it pays to wait awake. Where both sides have been put on one core, or
 * other programs need it, spinning keeps the very thread from running that is
 * waited for: so the core is offered to others before long. */
static int spin_until(atomic_int *state, int idle) {
  int64_t start = 0, spent;
  int i;
  for (;;) {
    for (i = 0; i < SPINS_PER_CLOCK; ++i) {
      if ((atomic_load_explicit(state, memory_order_acquire) == IDLE) == idle)
        return 1;
      relax();
    }
    if (start == 0)
      start = nanoseconds();
    spent = nanoseconds() - start;
    if (spent > SPIN_NANOSECONDS)
      return 0;
    if (spent > YIELD_NANOSECONDS)
      sched_yield();
  }
}

/* Changes a state, and wakes the other side if it sleeps. Whoever goes to sleep
 * sets `asleep` before it looks at the state for the last time; a fence lies
 * between the two accesses of both sides, so one of them sees the other's.
 * Sequentially consistent accesses say the same, but QEMU lets the load of such
 * a pair pass the store when it emulates AArch64 on x86-64.
 */
static void post(worker *to, int state, atomic_int *asleep,
                 pthread_cond_t *condition) {
  atomic_store_explicit(&to->state, state, memory_order_release);
  atomic_thread_fence(memory_order_seq_cst);
  if (!atomic_load_explicit(asleep, memory_order_relaxed))
    return;
  pthread_mutex_lock(&to->pool->mutex);
  pthread_cond_signal(condition);
  pthread_mutex_unlock(&to->pool->mutex);
}

static void await(worker *of, int idle, atomic_int *asleep,
                  pthread_cond_t *condition) {
  if (spin_until(&of->state, idle))
    return;
  pthread_mutex_lock(&of->pool->mutex);
  atomic_store_explicit(asleep, 1, memory_order_relaxed);
  atomic_thread_fence(memory_order_seq_cst);
  while ((atomic_load_explicit(&of->state, memory_order_acquire) == IDLE) !=
         idle)
    pthread_cond_wait(condition, &of->pool->mutex);
  atomic_store_explicit(asleep, 0, memory_order_relaxed);
  pthread_mutex_unlock(&of->pool->mutex);
}

static void run_share(const edgec_threads *pool, size_t thread, size_t parts,
                      void (*task)(void *data, size_t part), void *data) {
  size_t part;
  for (part = thread; part < parts; part += pool->threads)
    task(data, part);
}

static void *work(void *argument) {
  worker *self = argument;
  edgec_threads *pool = self->pool;
  for (;;) {
    await(self, /*idle=*/0, &self->asleep, &self->wake);
    if (atomic_load_explicit(&self->state, memory_order_acquire) == STOP)
      return NULL;
    run_share(pool, self->index, self->parts, self->task, self->data);
    post(self, IDLE, &pool->caller_asleep, &pool->done);
  }
}

void edgec_threads_for(void *pool_pointer, size_t parts,
                       void (*task)(void *data, size_t part), void *data) {
  edgec_threads *pool = pool_pointer;
  size_t part, used, i;
  if (parts <= 1 || pool->threads == 1 ||
      atomic_flag_test_and_set_explicit(&pool->busy, memory_order_acquire)) {
    for (part = 0; part < parts; ++part)
      task(data, part);
    return;
  }
  used = (parts < pool->threads ? parts : pool->threads) - 1;
  for (i = 0; i < used; ++i) {
    worker *to = &pool->workers[i];
    to->task = task;
    to->data = data;
    to->parts = parts;
    post(to, WORK, &to->asleep, &to->wake);
  }
  run_share(pool, 0, parts, task, data);
  for (i = 0; i < used; ++i)
    await(&pool->workers[i], /*idle=*/1, &pool->caller_asleep, &pool->done);
  atomic_flag_clear_explicit(&pool->busy, memory_order_release);
}

/* Ends the first `started` workers and frees everything. */
static void release(edgec_threads *pool, size_t started) {
  size_t i;
  for (i = 0; i < started; ++i) {
    worker *to = &pool->workers[i];
    post(to, STOP, &to->asleep, &to->wake);
    pthread_join(to->thread, NULL);
    pthread_cond_destroy(&to->wake);
  }
  pthread_cond_destroy(&pool->done);
  pthread_mutex_destroy(&pool->mutex);
  free(pool->memory);
  free(pool);
}

static int start(edgec_threads *pool, size_t index) {
  worker *self = &pool->workers[index - 1];
  int error = pthread_cond_init(&self->wake, NULL);
  if (error)
    return error;
  self->index = index;
  self->pool = pool;
  atomic_init(&self->state, IDLE);
  atomic_init(&self->asleep, 0);
  error = pthread_create(&self->thread, NULL, work, self);
  if (error)
    pthread_cond_destroy(&self->wake);
  return error;
}

/* The pool without its workers. */
static int prepare(edgec_threads *pool, size_t threads) {
  int error;
  if (threads - 1 > SIZE_MAX / sizeof(worker) - 1)
    return ENOMEM;
  pool->memory = calloc(threads, sizeof(worker)); /* one more than workers */
  if (!pool->memory)
    return ENOMEM;
  pool->workers = (worker *)(((uintptr_t)pool->memory + CACHE_LINE - 1) /
                             CACHE_LINE * CACHE_LINE);
  pool->threads = threads;
  atomic_flag_clear(&pool->busy);
  atomic_init(&pool->caller_asleep, 0);
  error = pthread_mutex_init(&pool->mutex, NULL);
  if (!error) {
    error = pthread_cond_init(&pool->done, NULL);
    if (!error)
      return 0;
    pthread_mutex_destroy(&pool->mutex);
  }
  free(pool->memory);
  return error;
}

int edgec_threads_create(edgec_threads **result, size_t threads) {
  edgec_threads *pool;
  size_t index;
  int error;
  *result = NULL;
  if (threads == 0)
    return EINVAL;
  pool = calloc(1, sizeof *pool);
  if (!pool)
    return ENOMEM;
  error = prepare(pool, threads);
  if (error) {
    free(pool);
    return error;
  }
  for (index = 1; index < threads; ++index) {
    error = start(pool, index);
    if (error) {
      release(pool, index - 1);
      return error;
    }
  }
  *result = pool;
  return 0;
}

void edgec_threads_destroy(edgec_threads *pool) {
  if (pool)
    release(pool, pool->threads - 1);
}

void edgec_threads_lend(edgec_threads *pool, edgec_context *context) {
  context->parallel_for = edgec_threads_for;
  context->pool = pool;
  context->threads = pool->threads;
}
