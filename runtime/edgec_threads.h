/* edgec_threads.h: a thread pool for compiled models.
 *
 * Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Optional: a model runs without it, or with any other implementation of
 * edgec_context.parallel_for. Valid C99 and C++; edgec_threads.c needs C11 and
 * POSIX threads.
 *
 *   edgec_threads *pool;
 *   edgec_context context = {sizeof context};
 *   if (edgec_threads_create(&pool, 4) != 0)
 *     ...
 *   edgec_threads_lend(pool, &context);
 *   NAME_run(input, output, arena, &context);
 *   edgec_threads_destroy(pool);
 */
#ifndef EDGEC_THREADS_H
#define EDGEC_THREADS_H

#include "edgec.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct edgec_threads edgec_threads;

/* Starts threads - 1 threads: the one that runs a model takes part. Returns 0,
 * or an error code of <errno.h>: EINVAL for no threads, ENOMEM, EAGAIN where
 * the system gives no more threads. */
int edgec_threads_create(edgec_threads **pool, size_t threads);

/* Ends the threads. No model may be running with the pool. NULL is fine. */
void edgec_threads_destroy(edgec_threads *pool);

/* Sets the context's parallel_for, pool and threads. */
void edgec_threads_lend(edgec_threads *pool, edgec_context *context);

/* An edgec_context.parallel_for whose `pool` is an edgec_threads. Thread t runs
 * the parts t, t + threads, ...: always the same ones, so that a layer's share
 * of the weights stays in the cache of one core. Threads that wait for work
 * spin for half a millisecond before they sleep. May be called from several
 * threads, and from inside a task: while the pool is at work for one caller,
 * others run all parts themselves. */
void edgec_threads_for(void *pool, size_t parts,
                       void (*task)(void *data, size_t part), void *data);

#ifdef __cplusplus
}
#endif

#endif /* EDGEC_THREADS_H */
