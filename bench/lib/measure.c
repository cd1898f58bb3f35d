/* measure.c: time and memory of a whole process.
 *
 * Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *   measure RUNS COMMAND...
 *
 * Starts COMMAND that often, its standard output thrown away, and prints the
 * minimum and the median of the milliseconds from before it is started until it
 * has ended, and the largest resident set in KiB. It is small itself, because a
 * child's peak counts what it has of its parent before it becomes another
 * program.
 */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int compare_doubles(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static void become(char **command) {
  int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere >= 0)
    dup2(nowhere, STDOUT_FILENO);
  execvp(command[0], command);
  perror(command[0]);
  _exit(127);
}

int main(int argc, char **argv) {
  int runs = argc > 2 ? atoi(argv[1]) : 0, run;
  double *times;
  long peak = 0;
  if (runs < 1) {
    fprintf(stderr, "usage: measure RUNS COMMAND...\n");
    return 2;
  }
  times = malloc((size_t)runs * sizeof *times);
  if (!times)
    return 1;
  for (run = 0; run < runs; ++run) {
    struct rusage usage;
    int status;
    double start = milliseconds();
    pid_t child = fork();
    if (child == 0)
      become(argv + 2);
    if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0) {
      fprintf(stderr, "measure: '%s' failed\n", argv[2]);
      return 1;
    }
    times[run] = milliseconds() - start;
    if (usage.ru_maxrss > peak)
      peak = usage.ru_maxrss;
  }
  qsort(times, (size_t)runs, sizeof *times, compare_doubles);
  printf("%.2f %.2f %ld\n", times[0], times[runs / 2], peak);
  free(times);
  return 0;
}
