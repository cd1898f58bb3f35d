/* npy.c: reads NumPy's .npy files, as far as this example needs them.
 *
 * Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The format: "\x93NUMPY", two bytes of version, the length of the header (two
 * bytes, little-endian), the header, which is a Python dictionary as text, and
 * the numbers.
 */
#include "npy.h"

#include <stdio.h>
#include <string.h>

enum { PREAMBLE_SIZE = 10, MAX_HEADER_SIZE = 1024 };

static const char *read_numbers(FILE *file, float *values, size_t count) {
  unsigned char preamble[PREAMBLE_SIZE];
  char header[MAX_HEADER_SIZE + 1];
  size_t header_size;

  if (fread(preamble, 1, sizeof preamble, file) != sizeof preamble ||
      memcmp(preamble, "\x93NUMPY\x01", 7) != 0)
    return "is not a .npy file of version 1";
  header_size = preamble[8] + 256u * preamble[9];
  if (header_size > MAX_HEADER_SIZE ||
      fread(header, 1, header_size, file) != header_size)
    return "is cut off or has too long a header";
  header[header_size] = '\0';
  if (!strstr(header, "'<f4'"))
    return "is not float32";
  if (!strstr(header, "'fortran_order': False"))
    return "is not in row-major order";
  if (fread(values, sizeof *values, count, file) != count || fgetc(file) != EOF)
    return "has another number of elements than the model's input";
  return NULL;
}

const char *npy_read_floats(const char *path, float *values, size_t count) {
  const char *error;
  FILE *file = fopen(path, "rb");
  if (!file)
    return "cannot be opened";
  error = read_numbers(file, values, count);
  fclose(file);
  return error;
}
