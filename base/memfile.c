/* SPDX-License-Identifier: GPL-3.0-or-later
 * Printing into memory, through a stream of our own: when it cannot grow, ferror() stays true,
 * which glibc's open_memstream does not promise and does not do.
 */
#define _GNU_SOURCE /* fopencookie */
#include "base/memfile.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* Returns how many bytes were taken; fewer is a failure. */
static ssize_t append(void *cookie, const char *bytes, size_t size)
{
    struct ixs_memfile *file = cookie;
    struct ixs_err ignored = IXS_ERR_NONE; /* the stream keeps in mind that there was one */
    if (!ixs_grow(&file->text, &file->capacity, file->size + size + 1, 1, &ignored))
        return 0;
    memcpy(file->text + file->size, bytes, size);
    file->size += size;
    file->text[file->size] = '\0';
    return (ssize_t)size;
}

static bool fail_memory(struct ixs_err *err)
{
    return ixs_fail(err, IXS_OUTPUT, "no memory for a text");
}

bool ixs_memfile_begin(struct ixs_memfile *file, struct ixs_err *err)
{
    *file = (struct ixs_memfile){0};
    if (!ixs_grow(&file->text, &file->capacity, 1, 1, err))
        return false;
    file->out = fopencookie(file, "w", (cookie_io_functions_t){.write = append});
    return file->out != NULL || fail_memory(err);
}

bool ixs_memfile_end(struct ixs_memfile *file, struct ixs_err *err)
{
    bool whole = fflush(file->out) == 0 && !ferror(file->out);
    whole = fclose(file->out) == 0 && whole;
    file->out = NULL;
    return whole || fail_memory(err);
}

void ixs_memfile_dispose(struct ixs_memfile *file)
{
    if (file->out != NULL)
        fclose(file->out);
    free(file->text);
    *file = (struct ixs_memfile){0};
}
