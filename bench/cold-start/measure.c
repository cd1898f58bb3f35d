/* measure.c: time and memory of a whole process.
 *
 * Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *   measure RUNS COMMAND...
 *
 * Starts COMMAND that often and prints the minimum and the median of the
 * milliseconds from before it is started until it has ended, and the largest
 * resident set in KiB. It is small itself, because a child's peak counts what
 * it has of its parent before it becomes another program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  int runs = argc > 2 ? atoi(argv[1]) : 0;
  if (runs < 1) {
    fprintf(stderr, "usage: measure RUNS COMMAND...\n");
    return 2;
  }
  double *times = malloc((size_t)runs * sizeof(double));
  if (!times)
    return 1;
  long peak = 0;
  for (int run = 0; run < runs; ++run) {
    double start = now();
    pid_t child = fork();
    if (child == 0) {
      execvp(argv[2], argv + 2);
      perror(argv[2]);
      _exit(127);
    }
    int status;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0) {
      fprintf(stderr, "measure: '%s' failed\n", argv[2]);
      return 1;
    }
    times[run] = now() - start;
    if (usage.ru_maxrss > peak)
      peak = usage.ru_maxrss;
  }
  qsort(times, (size_t)runs, sizeof(double), compare);
  printf("%.2f %.2f %ld\n", times[0], times[runs / 2], peak);
  free(times);
  return 0;
}
