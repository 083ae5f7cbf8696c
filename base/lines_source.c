/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bytes of a text file. A gzip file (RFC 1952, of any number of members) is unpacked by a thread
 * that is ahead by a few blocks: unpacking takes longer than all that is done with the text.
 */
#include "base/lines_inside.h"

#include "base/array.h"
#include "base/relay.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { AHEAD = 4, LEAST_BLOCK = 1 << 12, BLOCK = 1 << 18, PACKED_BLOCK = 1 << 16 };

struct block { /* of unpacked bytes; owns them */
    char *bytes;
    size_t size; /* 0: the end of the file, or a failure */
};

struct unpacking { /* what the thread works with; owns all but file */
    int file;
    z_stream stream;
    unsigned char *packed; /* [PACKED_BLOCK] */
    bool ready, inside;    /* zlib is set up; a member has begun and not ended */
    bool finished;
    struct ixs_err err;
    pthread_t thread;
    bool threaded;
    struct ixs_relay relay;
    struct block ring[AHEAD];
};

struct ixs_source { /* owns all */
    int file;       /* open, or -1 */
    size_t block;
    struct unpacking *unpacking; /* NULL: a plain file */
};

/* ---- unpacking ------------------------------------------------------------------------------- */

static bool read_bytes(int file, void *room, size_t size, size_t *got, struct ixs_err *err)
{
    ssize_t count;
    do
        count = read(file, room, size);
    while (count < 0 && errno == EINTR);
    *got = count > 0 ? (size_t)count : 0;
    return count >= 0 || ixs_fail(err, IXS_INPUT, "cannot be read: %s", strerror(errno));
}

static bool fail_unpack(const struct unpacking *unpacking, int code, struct ixs_err *err)
{
    const char *words = unpacking->stream.msg;
    if (code == Z_MEM_ERROR)
        return ixs_fail(err, IXS_OUTPUT, "no memory to unpack a file");
    return ixs_fail(err, IXS_INPUT, "cannot be read: %s", words ? words : "no gzip data");
}

/* More packed bytes, if there are none; *end: there are no more. */
static bool feed(struct unpacking *unpacking, bool *end, struct ixs_err *err)
{
    size_t got = unpacking->stream.avail_in;
    if (got > 0)
        return true;
    if (!read_bytes(unpacking->file, unpacking->packed, PACKED_BLOCK, &got, err))
        return false;
    unpacking->stream.next_in = unpacking->packed;
    unpacking->stream.avail_in = (uInt)got;
    *end = got == 0;
    if (*end && unpacking->inside)
        return ixs_fail(err, IXS_INPUT, "the compressed file is cut short");
    return true;
}

/* Behind a member another may follow; what does not begin as one is padding, as gzip has it. */
static bool begin_member(struct unpacking *unpacking, bool *end, struct ixs_err *err)
{
    if (!feed(unpacking, end, err) || *end)
        return !*end || err->code == IXS_OK;
    if (unpacking->ready && *unpacking->stream.next_in != 0x1f) {
        *end = true;
        return true;
    }
    int code = unpacking->ready ? inflateReset(&unpacking->stream)
                                : inflateInit2(&unpacking->stream, MAX_WBITS + 16);
    unpacking->ready = unpacking->inside = code == Z_OK;
    return code == Z_OK || fail_unpack(unpacking, code, err);
}

/* Fills a block; one that stays empty is the end. */
static bool unpack(struct unpacking *unpacking, struct block *block, struct ixs_err *err)
{
    z_stream *stream = &unpacking->stream;
    bool end = unpacking->finished;
    stream->next_out = (unsigned char *)block->bytes;
    stream->avail_out = BLOCK;
    while (!end && stream->avail_out > 0) {
        if (!unpacking->inside && (!begin_member(unpacking, &end, err) || end))
            break;
        if (!feed(unpacking, &end, err))
            break;
        int code = inflate(stream, Z_NO_FLUSH);
        unpacking->inside = code != Z_STREAM_END;
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
            fail_unpack(unpacking, code, err);
            break;
        }
    }
    block->size = BLOCK - stream->avail_out;
    unpacking->finished = end || err->code != IXS_OK;
    return err->code == IXS_OK;
}

/* ---- the thread ------------------------------------------------------------------------------ */

static void *work(void *argument)
{
    struct unpacking *unpacking = argument;
    size_t place, size = 1;
    while (size > 0 && ixs_relay_wait_free(&unpacking->relay, &place)) {
        struct block *block = &unpacking->ring[place];
        (void)unpack(unpacking, block, &unpacking->err);
        size = block->size;
        ixs_relay_hand_over(&unpacking->relay);
    }
    return NULL;
}

/* The block that is empty stays where it is: whoever asks again is told the same. */
static bool read_unpacked(struct unpacking *unpacking, char *room, size_t *got, struct ixs_err *err)
{
    size_t place = 0;
    if (!unpacking->threaded)
        (void)unpack(unpacking, &unpacking->ring[0], &unpacking->err);
    else
        (void)ixs_relay_wait_made(&unpacking->relay, &place);
    const struct block *block = &unpacking->ring[place];
    *got = block->size;
    memcpy(room, block->bytes, block->size);
    if (block->size == 0 && unpacking->err.code != IXS_OK)
        return ixs_fail(err, unpacking->err.code, "%s", unpacking->err.text);
    if (unpacking->threaded && block->size > 0)
        ixs_relay_give_back(&unpacking->relay);
    return true;
}

static bool begin_unpacking(struct unpacking **out, int file, struct ixs_err *err)
{
    struct unpacking *unpacking;
    if (!IXS_NEW(unpacking, 1, err))
        return false;
    *out = unpacking;
    unpacking->file = file;
    ixs_relay_begin(&unpacking->relay, AHEAD);
    for (size_t i = 0; i < AHEAD; i++)
        if (!IXS_NEW(unpacking->ring[i].bytes, BLOCK, err))
            return false;
    if (!IXS_NEW(unpacking->packed, PACKED_BLOCK, err))
        return false;
    unpacking->threaded = pthread_create(&unpacking->thread, NULL, work, unpacking) == 0;
    return true;
}

static void end_unpacking(struct unpacking *unpacking)
{
    if (unpacking == NULL)
        return;
    ixs_relay_stop(&unpacking->relay);
    if (unpacking->threaded)
        pthread_join(unpacking->thread, NULL);
    ixs_relay_end(&unpacking->relay);
    if (unpacking->ready)
        inflateEnd(&unpacking->stream);
    for (size_t i = 0; i < AHEAD; i++)
        free(unpacking->ring[i].bytes);
    free(unpacking->packed);
    free(unpacking);
}

/* ---- the file -------------------------------------------------------------------------------- */

static bool check_regular(const char *path, size_t *block, struct ixs_err *err)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return ixs_fail_at(err, IXS_INPUT, path, 0, "cannot be opened: %s", strerror(errno));
    const char *other = ixs_path_other(&about);
    if (other != NULL)
        return ixs_fail_at(err, IXS_INPUT, path, 0, "found %s, expected a text file", other);
    if (about.st_size == 0)
        return ixs_fail_at(err, IXS_INPUT, path, 0, "found an empty file, expected text");
    *block = about.st_size < BLOCK ? (size_t)about.st_size + 1 : BLOCK;
    if (*block < LEAST_BLOCK)
        *block = LEAST_BLOCK;
    return true;
}

static bool is_gzip(int file)
{
    unsigned char start[2];
    return pread(file, start, 2, 0) == 2 && start[0] == 0x1f && start[1] == 0x8b;
}

bool ixs_source_open(struct ixs_source **out, const char *path, struct ixs_err *err)
{
    struct ixs_source *source;
    size_t block = 0;
    if (!check_regular(path, &block, err) || !IXS_NEW(source, 1, err))
        return false;
    *out = source;
    source->block = block;
    source->file = open(path, O_RDONLY | O_CLOEXEC);
    if (source->file < 0)
        return ixs_fail_at(err, IXS_INPUT, path, 0, "cannot be opened: %s", strerror(errno));
    if (!is_gzip(source->file))
        return true;
    source->block = BLOCK;
    return begin_unpacking(&source->unpacking, source->file, err);
}

size_t ixs_source_block(const struct ixs_source *source)
{
    return source->block;
}

bool ixs_source_read(struct ixs_source *source, char *room, size_t *got, struct ixs_err *err)
{
    if (source->unpacking != NULL)
        return read_unpacked(source->unpacking, room, got, err);
    return read_bytes(source->file, room, source->block, got, err);
}

double ixs_source_share(const struct ixs_source *source)
{
    struct stat about;
    off_t at = lseek(source->file, 0, SEEK_CUR);
    bool known = at >= 0 && fstat(source->file, &about) == 0 && about.st_size > 0;
    double share = known ? (double)at / (double)about.st_size : 0;
    return share < 1 ? share : 1; /* a file may grow */
}

void ixs_source_close(struct ixs_source *source)
{
    if (source == NULL)
        return;
    end_unpacking(source->unpacking);
    if (source->file >= 0)
        close(source->file);
    free(source);
}
