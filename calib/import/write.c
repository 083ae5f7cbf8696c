/* SPDX-License-Identifier: GPL-3.0-or-later
 * RAW products of scans, written by a thread of their own while the scans behind are read: the one
 * takes as long as the other. Two scans wait at most. What is written, and what fails, is what
 * would be if each product were written before the next scan is read.
 */
#include "calib/import/write.h"

#include "base/array.h"
#include "base/relay.h"

#include <stdlib.h>
#include <string.h>

enum { AHEAD = 2 };

struct waiting { /* a scan to be written; owns it */
    const char *path;
    struct ixs_spec_scan scan;
    size_t nnotes; /* when it was whole */
};

struct ixs_import_writer { /* owns what waits */
    const struct ixs_import *import;
    struct ixs_notes *notes;
    pthread_t thread;
    bool threaded;
    struct ixs_relay relay;
    struct waiting ring[AHEAD];
    struct ixs_err err; /* of the first product that could not be written */
    size_t nnotes;      /* when its scan was whole */
};

/* ---- one product ----------------------------------------------------------------------------- */

/* The history of one scan. Options that only say which scans are written do not enter it: a scan
 * gives the same product however it was chosen. */
static bool make_history(struct ixs_provenance *history, const struct ixs_import *import,
                         const struct ixs_spec_scan *scan, struct ixs_err *err)
{
    const struct ixs_provenance *program = import->program;
    ixs_copy(history->program, sizeof history->program, program->program);
    ixs_copy(history->version, sizeof history->version, program->version);
    if (import->energy_axis != NULL)
        snprintf(history->options, sizeof history->options, "--energy-axis=%s",
                 import->energy_axis);
    if (import->keep_mca) {
        size_t used = strlen(history->options);
        snprintf(history->options + used, sizeof history->options - used, "%s--mca",
                 used > 0 ? " " : "");
    }
    return ixs_provenance_input(history, "spec", scan->raw.keys.source, scan->digest, "", "", err);
}

static bool write_product(const struct ixs_import *import, const char *path,
                          const struct ixs_spec_scan *scan, struct ixs_err *err)
{
    const struct ixs_raw_keys *keys = &scan->raw.keys;
    struct ixs_provenance history = {0};
    char *product = ixs_import_product(import->folder, path, keys->scan, keys->order, err);
    bool changed, ok = product != NULL && make_history(&history, import, scan, err) &&
                       ixs_raw_write(&scan->raw, product, &history, &import->commit, &changed, err);
    ixs_provenance_dispose(&history);
    free(product);
    return ok;
}

/* ---- the thread ------------------------------------------------------------------------------ */

static void *work(void *argument)
{
    struct ixs_import_writer *writer = argument;
    bool ok = true;
    for (size_t place; ok && ixs_relay_wait_made(&writer->relay, &place);) {
        struct waiting *waiting = &writer->ring[place];
        ok = write_product(writer->import, waiting->path, &waiting->scan, &writer->err);
        writer->nnotes = waiting->nnotes;
        ixs_spec_scan_dispose(&waiting->scan);
        ixs_relay_give_back(&writer->relay);
    }
    ixs_relay_stop(&writer->relay);
    return NULL;
}

bool ixs_import_writer_begin(struct ixs_import_writer **out, const struct ixs_import *import,
                             struct ixs_notes *notes, struct ixs_err *err)
{
    struct ixs_import_writer *writer;
    if (!IXS_NEW(writer, 1, err))
        return false;
    *out = writer;
    writer->import = import;
    writer->notes = notes;
    ixs_relay_begin(&writer->relay, AHEAD);
    writer->threaded = pthread_create(&writer->thread, NULL, work, writer) == 0;
    return true;
}

bool ixs_import_writer_add(struct ixs_import_writer *writer, const char *path,
                           struct ixs_spec_scan *scan, struct ixs_err *err)
{
    size_t place;
    if (!writer->threaded)
        return write_product(writer->import, path, scan, err);
    if (!ixs_relay_wait_free(&writer->relay, &place))
        return false;
    writer->ring[place] = (struct waiting){path, *scan, ixs_notes_told(writer->notes)};
    *scan = (struct ixs_spec_scan){0};
    ixs_relay_hand_over(&writer->relay);
    return true;
}

bool ixs_import_writer_end(struct ixs_import_writer *writer, struct ixs_err *err)
{
    if (writer == NULL)
        return true;
    ixs_relay_stop(&writer->relay);
    if (writer->threaded)
        pthread_join(writer->thread, NULL);
    ixs_relay_end(&writer->relay);
    bool ok = writer->err.code == IXS_OK;
    if (!ok) {
        *err = writer->err;
        ixs_notes_cut(writer->notes, writer->nnotes);
    }
    for (size_t i = 0; i < AHEAD; i++)
        ixs_spec_scan_dispose(&writer->ring[i].scan);
    free(writer);
    return ok;
}
