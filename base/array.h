/* SPDX-License-Identifier: GPL-3.0-or-later
 * Checked allocation. Memory comes zeroed, sizes cannot overflow, a failure is IXS_OUTPUT.
 */
#ifndef IXS_BASE_ARRAY_H
#define IXS_BASE_ARRAY_H

#include "base/err.h"

#include <stdint.h>

/* count x size zeroed bytes (at least one), or NULL. The caller frees. */
IXS_MUST_CHECK void *ixs_array(size_t count, size_t size, struct ixs_err *err);

/* `IXS_NEW(row, n, err)`: makes `row` point to n zeroed elements; false when there is no memory. */
#define IXS_NEW(pointer, count, err)                                                               \
    (((pointer) = ixs_array((count), sizeof *(pointer), (err))) != NULL)

/* Makes room for `need` elements of `size` bytes in *pointer, which holds *capacity of them. New
 * elements are zero. On failure *pointer stays as it was. Pass the address of the pointer. */
IXS_MUST_CHECK bool ixs_grow(void *pointer, size_t *capacity, size_t need, size_t size,
                             struct ixs_err *err);

/* Room for one more: `IXS_MORE(list, &capacity, count, err)`. */
#define IXS_MORE(list, capacity, count, err)                                                       \
    ixs_grow(&(list), (capacity), (count) + 1, sizeof *(list), (err))

/* A printed string of any length, or NULL. The caller frees. */
IXS_MUST_CHECK IXS_PRINTF(2, 3) char *ixs_text(struct ixs_err *err, const char *format, ...);

/* Elements of an array, where its size is known. */
#define IXS_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Copies text into room[size], cut to fit and ended by NUL; true if all of it fitted. */
bool ixs_copy(char *room, size_t size, const char *text);

#endif
