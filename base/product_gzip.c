/* SPDX-License-Identifier: GPL-3.0-or-later
 * A file as bytes in memory, plain or gzip (RFC 1952), never more than a product may have.
 */
#include "base/product_parts.h"

#include "base/array.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { STEP = 1 << 20, GZIP_WINDOW = 15 + 16 };

static bool fail_big(const char *path, struct ixs_err *err)
{
    return ixs_fail_at(err, IXS_INPUT, path, 0, "found more than %zu bytes, expected a product",
                       IXS_MOST_BYTES);
}

static bool check_regular(int file, const char *path, size_t *size, struct ixs_err *err)
{
    struct stat about;
    if (fstat(file, &about) != 0)
        return ixs_fail_at(err, IXS_INPUT, path, 0, "cannot be read: %s", strerror(errno));
    const char *other = ixs_path_other(&about);
    if (other == NULL && about.st_size == 0)
        other = "an empty file";
    if (other != NULL)
        return ixs_fail_at(err, IXS_INPUT, path, 0, "found %s, expected a product", other);
    if ((uint64_t)about.st_size > IXS_MOST_BYTES)
        return fail_big(path, err);
    *size = (size_t)about.st_size;
    return true;
}

/* Reads what is there now: a file may have grown or shrunk since it was looked at. */
static bool read_all(int file, const char *path, size_t hint, unsigned char **bytes, size_t *size,
                     struct ixs_err *err)
{
    size_t capacity = 0, used = 0;
    for (size_t room = hint + 1;; room = used < capacity ? capacity : used + STEP) {
        if (!ixs_grow(bytes, &capacity, room, 1, err))
            return false;
        ssize_t got = read(file, *bytes + used, capacity - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return ixs_fail_at(err, IXS_INPUT, path, 0, "cannot be read: %s", strerror(errno));
        used += (size_t)got;
        *size = used;
        if (used > IXS_MOST_BYTES)
            return fail_big(path, err);
        if (got == 0)
            return true;
    }
}

/* What the file says of its unpacked size (RFC 1952 section 2.3.1), if deflate could hold that
 * much: it never packs better than 1032 to 1. */
static size_t unpacked_hint(const unsigned char *bytes, size_t size)
{
    const unsigned char *told = bytes + size - 4;
    size_t hint = size < 18 ? 0
                            : (size_t)told[0] | (size_t)told[1] << 8 | (size_t)told[2] << 16 |
                                  (size_t)told[3] << 24;
    return hint / 1032 <= size ? hint : 0;
}

static bool inflate_all(z_stream *stream, const char *path, size_t hint, unsigned char **bytes,
                        size_t *size, struct ixs_err *err)
{
    size_t capacity = 0;
    int status = Z_OK;
    for (size_t room = hint + 1; status == Z_OK; room = *size + STEP) {
        if (!ixs_grow(bytes, &capacity, room <= IXS_MOST_BYTES ? room : IXS_MOST_BYTES + 1, 1, err))
            return false;
        size_t most = capacity <= IXS_MOST_BYTES ? capacity : IXS_MOST_BYTES + 1;
        stream->next_out = *bytes + *size;
        stream->avail_out = (uInt)(most - *size);
        status = inflate(stream, Z_NO_FLUSH);
        *size = most - stream->avail_out;
        if (*size > IXS_MOST_BYTES)
            return fail_big(path, err);
    }
    if (status == Z_MEM_ERROR)
        return ixs_fail(err, IXS_OUTPUT, "no memory to unpack %s", path);
    if (status != Z_STREAM_END || stream->avail_in != 0)
        return ixs_fail_at(err, IXS_INPUT, path, 0,
                           "found a gzip file that is %s, expected a whole one",
                           status == Z_STREAM_END  ? "followed by other bytes"
                           : status == Z_BUF_ERROR ? "cut short"
                                                   : "damaged");
    return true;
}

static bool unpack(unsigned char **bytes, size_t *size, const char *path, struct ixs_err *err)
{
    unsigned char *plain = NULL;
    size_t nplain = 0;
    z_stream stream = {.next_in = *bytes, .avail_in = (uInt)*size};
    if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
        return ixs_fail(err, IXS_OUTPUT, "no memory to unpack %s", path);
    bool ok = inflate_all(&stream, path, unpacked_hint(*bytes, *size), &plain, &nplain, err);
    inflateEnd(&stream);
    free(*bytes);
    *bytes = plain;
    *size = nplain;
    return ok;
}

bool ixs_file_read(unsigned char **bytes, size_t *size, const char *path, struct ixs_err *err)
{
    size_t hint = 0;
    *bytes = NULL;
    *size = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return ixs_fail_at(err, IXS_INPUT, path, 0, "cannot be opened: %s", strerror(errno));
    bool ok = check_regular(file, path, &hint, err) && read_all(file, path, hint, bytes, size, err);
    close(file);
    if (ok && *size >= 2 && (*bytes)[0] == 0x1f && (*bytes)[1] == 0x8b)
        ok = unpack(bytes, size, path, err);
    return ok;
}

bool ixs_gzip(unsigned char **packed, size_t *npacked, const void *bytes, size_t size,
              struct ixs_err *err)
{
    z_stream stream = {.avail_in = (uInt)size};
    *packed = NULL;
    if (size > IXS_MOST_BYTES)
        return ixs_fail(err, IXS_OUTPUT, "found %zu bytes to pack, expected at most %zu", size,
                        IXS_MOST_BYTES);
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return ixs_fail(err, IXS_OUTPUT, "no memory to pack %zu bytes", size);
    size_t room = deflateBound(&stream, size);
    bool ok = IXS_NEW(*packed, room, err);
    if (ok) {
        memcpy(&stream.next_in, &bytes, sizeof bytes);
        stream.next_out = *packed;
        stream.avail_out = (uInt)room;
        ok = deflate(&stream, Z_FINISH) == Z_STREAM_END ||
             ixs_fail(err, IXS_BUG, "zlib did not pack %zu bytes into %zu", size, room);
    }
    *npacked = stream.total_out;
    deflateEnd(&stream);
    return ok;
}
