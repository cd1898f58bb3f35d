/* npy.h: reads NumPy's .npy files, as far as this example needs them.
 *
 * Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */
#ifndef NPY_H
#define NPY_H

#include <stddef.h>

/* Reads `count` numbers of type float32 in row-major order. Returns NULL, or
 * what is wrong with the file. */
const char *npy_read_floats(const char *path, float *values, size_t count);

#endif /* NPY_H */
