/* SPDX-License-Identifier: GPL-3.0-or-later
 * For tests of the SPEC reader: text to a file, and all scans of a file at once.
 */
#ifndef IXS_TESTS_SPEC_TEXT_H
#define IXS_TESTS_SPEC_TEXT_H

#include "calib/spec/file.h"

#include "base/array.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct spec_read { /* all of a file; owns scans and notes */
    struct ixs_spec_scan *scans;
    size_t count, capacity;
    struct ixs_notes notes;
    struct ixs_err err;
    bool ok;
};

static inline struct spec_read read_spec(const char *path, const char *axis)
{
    struct spec_read read = {.err = IXS_ERR_NONE};
    struct ixs_err memory = IXS_ERR_NONE;
    struct ixs_spec *spec = NULL;
    read.ok = ixs_spec_open(&spec, path, axis, &read.notes, &read.err);
    while (read.ok) {
        assert_true(IXS_MORE(read.scans, &read.capacity, read.count, &memory));
        read.ok = ixs_spec_next(spec, &read.scans[read.count], &read.err);
        if (!read.ok || read.scans[read.count].line == 0) {
            ixs_spec_scan_dispose(&read.scans[read.count]);
            break;
        }
        read.count++;
    }
    ixs_spec_close(spec);
    return read;
}

static inline void free_spec(struct spec_read *read)
{
    for (size_t i = 0; i < read->count; i++)
        ixs_spec_scan_dispose(&read->scans[i]);
    free(read->scans);
    ixs_notes_dispose(&read->notes);
}

/* Reads `size` bytes as if they were a SPEC file called "beam.spec". */
static inline struct spec_read read_bytes(const char *bytes, size_t size, const char *axis)
{
    char folder[] = "/tmp/ixs-spec-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/beam.spec", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    struct spec_read read = read_spec(path, axis);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    return read;
}

static inline struct spec_read read_text(const char *text)
{
    return read_bytes(text, strlen(text), NULL);
}

/* Is there a note that names this line and has this text? */
static inline bool has_note(const struct spec_read *read, long line, const char *text)
{
    char place[40];
    snprintf(place, sizeof place, "beam.spec:%ld: warning: ", line);
    for (size_t i = 0; i < read->notes.count; i++)
        if (strstr(read->notes.lines[i], place) && strstr(read->notes.lines[i], text))
            return true;
    return false;
}

#endif
