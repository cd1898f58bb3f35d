/* edgec_runner.c: loads a compiled model and runs it.
 *
 * Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * For machines without the compiler: a device, or an emulator. C99, needs
 * nothing but the C library, and shows how little it takes to run a model that
 * is known only at run time.
 */
#define _POSIX_C_SOURCE 200112L
#include "edgec_threads.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char usage[] =
    "usage: edgec-runner MODEL.so [--name=NAME] [--entry=ENTRY] [--threads=N]\n"
    "                    [--samples=N] [--bench N] [IN.raw ...] [-o OUT.raw "
    "...]\n"
    "\n"
    "Runs a compiled model once on raw little-endian tensors: one file for "
    "each\n"
    "input, in the model's order, and one for each output after -o. Without\n"
    "files it prints what the model takes and gives; with --bench and no "
    "inputs,\n"
    "inputs are zero.\n"
    "  --name=NAME    the model's name, where MODEL.so is not libNAME.so\n"
    "  --entry=ENTRY  the function to run (default: the first)\n"
    "  --threads=N    run on so many threads (default: 1)\n"
    "  --samples=N    run so many samples of a batch (default: the most)\n"
    "  --bench N      run N times more, print the least and the median time\n"
    "Example: edgec-runner libdigits.so image.raw -o scores.raw\n";

enum { EXIT_USAGE = 2 };

typedef struct options {
  const char *library;
  const char *name;
  const char *entry;
  long bench;
  long threads;
  long samples;
  char **inputs;
  int num_inputs;
  char **outputs;
  int num_outputs;
} options;

static void fail(const char *what, const char *which) {
  fprintf(stderr, "edgec-runner: error: %s%s%s\n", what, which ? ": " : "",
          which ? which : "");
  exit(EXIT_FAILURE);
}

static void fail_usage(const char *what, const char *which) {
  fprintf(stderr, "edgec-runner: error: %s%s%s\n\n%s", what, which ? ": " : "",
          which ? which : "", usage);
  exit(EXIT_USAGE);
}

static void *allocate(size_t size) {
  void *memory = malloc(size ? size : 1);
  if (!memory)
    fail("not enough memory", NULL);
  return memory;
}

static options parse_options(int argc, char **argv) {
  options result;
  int in_outputs = 0, i;
  memset(&result, 0, sizeof result);
  result.threads = 1;
  result.inputs = allocate((size_t)argc * sizeof(char *));
  result.outputs = allocate((size_t)argc * sizeof(char *));
  for (i = 1; i < argc; ++i) {
    const char *argument = argv[i];
    if (!strcmp(argument, "--help")) {
      fputs(usage, stdout);
      exit(EXIT_SUCCESS);
    } else if (!strncmp(argument, "--name=", 7)) {
      result.name = argument + 7;
    } else if (!strncmp(argument, "--entry=", 8)) {
      result.entry = argument + 8;
    } else if (!strncmp(argument, "--threads=", 10)) {
      result.threads = strtol(argument + 10, NULL, 10);
      if (result.threads < 1)
        fail_usage("--threads needs a positive number", argument + 10);
    } else if (!strncmp(argument, "--samples=", 10)) {
      result.samples = strtol(argument + 10, NULL, 10);
      if (result.samples < 1)
        fail_usage("--samples needs a positive number", argument + 10);
    } else if (!strcmp(argument, "--bench") && i + 1 < argc) {
      result.bench = strtol(argv[++i], NULL, 10);
      if (result.bench < 1)
        fail_usage("--bench needs a positive number", argv[i]);
    } else if (!strcmp(argument, "-o")) {
      in_outputs = 1;
    } else if (argument[0] == '-') {
      fail_usage("unknown option", argument);
    } else if (!result.library) {
      result.library = argument;
    } else if (in_outputs) {
      result.outputs[result.num_outputs++] = argv[i];
    } else {
      result.inputs[result.num_inputs++] = argv[i];
    }
  }
  if (!result.library)
    fail_usage("no model given", NULL);
  return result;
}

/* "dir/libNAME.so" -> "NAME", newly allocated. */
static char *model_name(const char *path) {
  const char *slash = strrchr(path, '/');
  const char *base = slash ? slash + 1 : path;
  char *name, *dot;
  if (!strncmp(base, "lib", 3))
    base += 3;
  name = allocate(strlen(base) + 1);
  strcpy(name, base);
  dot = strchr(name, '.');
  if (dot)
    *dot = '\0';
  return name;
}

static const edgec_model_info *load_model(const options *given) {
  const edgec_model_info *(*get_info)(void);
  const edgec_model_info *info;
  char *name, *symbol, *path;
  void *library, *address;

  /* dlopen searches the library path for a name without a slash. */
  path = allocate(strlen(given->library) + 3);
  sprintf(path, "%s%s", strchr(given->library, '/') ? "" : "./",
          given->library);
  library = dlopen(path, RTLD_NOW);
  if (!library)
    fail("cannot load the model", dlerror());
  name = model_name(given->name ? given->name : given->library);
  symbol = allocate(strlen(name) + sizeof "_info");
  sprintf(symbol, "%s_info", name);
  address = dlsym(library, symbol);
  if (!address)
    fail("not a compiled model, or not of this --name: it lacks", symbol);
  /* ISO C has no cast from an object to a function pointer; POSIX does. */
  memcpy(&get_info, &address, sizeof get_info);
  info = get_info();
  if (info->abi_version != EDGEC_ABI_VERSION)
    fail("the model was compiled for another version of edgec.h", name);
  free(path);
  free(name);
  free(symbol);
  return info;
}

static const edgec_entry_point *find_entry(const edgec_model_info *info,
                                           const char *name) {
  uint32_t i;
  for (i = 0; i < info->num_entry_points; ++i)
    if (!name || !strcmp(info->entry_points[i]->name, name))
      return info->entry_points[i];
  fail("the model has no such entry point", name);
  return NULL;
}

static const char *type_name(uint32_t type) {
  static const char *const names[] = {
      "?",     "float32", "float64", "float16", "bfloat16", "int8",   "int16",
      "int32", "int64",   "uint8",   "uint16",  "uint32",   "uint64", "bool"};
  return names[type < sizeof names / sizeof *names ? type : 0];
}

static void print_tensors(const char *kind, const edgec_tensor_info *tensors,
                          uint32_t count) {
  uint32_t i, axis;
  for (i = 0; i < count; ++i) {
    printf("%s %s: %s [", kind, tensors[i].name, type_name(tensors[i].type));
    for (axis = 0; axis < tensors[i].rank; ++axis)
      printf("%s%lld", axis ? "," : "", (long long)tensors[i].shape[axis]);
    printf("], %lu bytes\n", (unsigned long)tensors[i].byte_size);
  }
}

static void describe(const edgec_model_info *info,
                     const edgec_entry_point *entry) {
  printf("%s: compiled by %s from %s for %s (%s)\n", info->name, info->compiler,
         info->source, info->cpu, info->target);
  print_tensors("input", entry->inputs, entry->num_inputs);
  print_tensors("output", entry->outputs, entry->num_outputs);
  printf("arena: %lu bytes; weights: %lu bytes; layers: %lu\n",
         (unsigned long)entry->arena_size, (unsigned long)info->weights_size,
         (unsigned long)entry->num_layers);
}

static void *allocate_arena(const edgec_entry_point *entry) {
  void *arena = NULL;
  size_t align = entry->arena_align;
  if (align < sizeof(void *))
    align = sizeof(void *); /* posix_memalign takes no less */
  if (entry->arena_size != 0 &&
      posix_memalign(&arena, align, entry->arena_size) != 0)
    fail("not enough memory for the arena", NULL);
  return arena;
}

static void read_tensor(const char *path, void *buffer, size_t size) {
  FILE *file = fopen(path, "rb");
  if (!file)
    fail("cannot open", path);
  if (fread(buffer, 1, size, file) != size || fgetc(file) != EOF)
    fail("the file's size is not the input's", path);
  fclose(file);
}

static void write_tensor(const char *path, const void *buffer, size_t size) {
  FILE *file = fopen(path, "wb");
  if (!file || fwrite(buffer, 1, size, file) != size || fclose(file) != 0)
    fail("cannot write", path);
}

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

static int compare_doubles(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/* The most samples of a run; 0: the model has no batches. */
static size_t max_batch(const edgec_entry_point *entry) {
  return entry->struct_size < sizeof *entry ? 0 : entry->max_batch;
}

/* Of input or output number `index` in a run of `samples`. */
static size_t byte_size(const edgec_entry_point *entry, uint32_t index,
                        size_t samples) {
  size_t size = index < entry->num_inputs
                    ? entry->inputs[index].byte_size
                    : entry->outputs[index - entry->num_inputs].byte_size;
  if (max_batch(entry) == 0 || !entry->is_batch[index])
    return size;
  return size / max_batch(entry) * samples;
}

static void run_once(const edgec_entry_point *entry, size_t samples,
                     void *const *buffers, void *arena,
                     const edgec_context *context) {
  int code = max_batch(entry) == 0
                 ? entry->call(buffers, arena, context)
                 : entry->call_samples(samples, buffers, arena, context);
  if (code != EDGEC_OK) {
    fprintf(stderr, "edgec-runner: error: %s returned %d\n", entry->name, code);
    exit(EXIT_FAILURE);
  }
}

static void benchmark(const edgec_entry_point *entry, size_t samples,
                      void *const *buffers, void *arena,
                      const edgec_context *context, long runs) {
  double *times = allocate((size_t)runs * sizeof(double));
  long i;
  for (i = 0; i < runs; ++i) {
    double start = milliseconds();
    run_once(entry, samples, buffers, arena, context);
    times[i] = milliseconds() - start;
  }
  qsort(times, (size_t)runs, sizeof *times, compare_doubles);
  printf("min %.3f ms, median %.3f ms (%ld runs)\n", times[0], times[runs / 2],
         runs);
  free(times);
}

int main(int argc, char **argv) {
  options given = parse_options(argc, argv);
  const edgec_model_info *info = load_model(&given);
  const edgec_entry_point *entry = find_entry(info, given.entry);
  uint32_t num_inputs = entry->num_inputs, i;
  size_t samples = max_batch(entry);
  void **buffers, *arena;
  edgec_threads *pool;
  edgec_context context;

  if (given.num_inputs == 0 && given.num_outputs == 0 && given.bench == 0 &&
      num_inputs != 0) {
    describe(info, entry);
    return EXIT_SUCCESS;
  }
  if ((uint32_t)given.num_inputs != num_inputs &&
      !(given.num_inputs == 0 && given.bench != 0))
    fail("give one file for each input; without files the inputs are listed",
         NULL);
  if ((uint32_t)given.num_outputs > entry->num_outputs)
    fail("more files after -o than the model has outputs", NULL);

  if ((size_t)given.samples > samples)
    fail("the model runs fewer samples than --samples says", NULL);
  if (given.samples != 0)
    samples = (size_t)given.samples;

  buffers = allocate((num_inputs + entry->num_outputs) * sizeof(void *));
  for (i = 0; i < num_inputs; ++i) {
    size_t size = byte_size(entry, i, samples);
    buffers[i] = allocate(size);
    if (given.num_inputs != 0)
      read_tensor(given.inputs[i], buffers[i], size);
    else
      memset(buffers[i], 0, size);
  }
  for (i = 0; i < entry->num_outputs; ++i)
    buffers[num_inputs + i] =
        allocate(byte_size(entry, num_inputs + i, samples));
  arena = allocate_arena(entry);

  memset(&context, 0, sizeof context);
  context.struct_size = sizeof context;
  if (edgec_threads_create(&pool, (size_t)given.threads) != 0)
    fail("cannot start so many threads", NULL);
  edgec_threads_lend(pool, &context);
  run_once(entry, samples, buffers, arena, &context);
  for (i = 0; i < (uint32_t)given.num_outputs; ++i)
    write_tensor(given.outputs[i], buffers[num_inputs + i],
                 byte_size(entry, num_inputs + i, samples));
  if (given.bench != 0)
    benchmark(entry, samples, buffers, arena, &context, given.bench);
  edgec_threads_destroy(pool);
  return EXIT_SUCCESS;
}
