/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-background: an empty cell or a bare substrate carried along with the spectra it is in.
 */
#include "calib/background/background.h"
#include "reduce/stage.h"

#include <stdlib.h>

static const struct ixs_background_rules defaults = IXS_BACKGROUND_RULES;

#define OPTION(member) offsetof(struct ixs_background_rules, member)
static const struct ixs_option options[] = {
    {"transmission", 0, "SHARE", IXS_OPTION_REAL, OPTION(transmission),
     "of the sample: how much of the cell's light is left (default: <cell>, then <slab>)", 0, 1},
    {"transmission-error", 0, "SHARE", IXS_OPTION_REAL, OPTION(error),
     "its error, which enters those of the fit", 0, 1e6},
    {"momentum", 0, "1/ANGSTROM", IXS_OPTION_REAL, OPTION(momentum),
     "spectra as near in |Q| as this belong together (default: half of Q_WIDTH, else 0.05)", 0,
     100},
    {"temperature", 0, "K", IXS_OPTION_REAL, OPTION(temperature),
     "tell of cells that differ by more (default 5)", 0, 1e6},
};

struct cells { /* owns both */
    struct ixs_spectra *spectra;
    struct ixs_background_input *list;
};

static bool read_cells(struct cells *cells, struct ixs_job *job, struct ixs_err *err)
{
    size_t n = job->ninputs - 1;
    bool ok = IXS_NEW(cells->spectra, n, err) && IXS_NEW(cells->list, n, err);
    for (size_t i = 0; ok && i < n; i++) {
        const char *path = job->inputs[i + 1];
        ok = ixs_spectra_read_as(&cells->spectra[i], path, "cell", &job->reading, &job->provenance,
                                 err);
        cells->list[i] = (struct ixs_background_input){path, &cells->spectra[i]};
    }
    return ok;
}

static void dispose_cells(struct cells *cells, size_t n)
{
    for (size_t i = 0; cells->spectra != NULL && i < n; i++)
        ixs_spectra_dispose(&cells->spectra[i]);
    free(cells->spectra);
    free(cells->list);
}

static bool join(struct ixs_spectra *sample, const struct cells *cells,
                 const struct ixs_background_rules *rules, struct ixs_job *job, size_t *without,
                 struct ixs_err *err)
{
    const struct ixs_background_job all = {.sample = sample,
                                           .path = job->inputs[0],
                                           .ncells = job->ninputs - 1,
                                           .cells = cells->list,
                                           .rules = rules,
                                           .notes = &job->notes};
    return ixs_background_join(&all, without, err);
}

static bool run(struct ixs_job *job, struct ixs_err *err)
{
    struct ixs_background_rules rules = *(const struct ixs_background_rules *)job->values;
    struct ixs_spectra sample = {0};
    struct cells cells = {NULL, NULL};
    size_t n = job->ninputs - 1, without = 0;
    bool ok = ixs_stage_needs(job->output, "output", err) &&
              ixs_background_experiment(&rules, job->experiment, &job->provenance, err) &&
              ixs_spectra_read(&sample, job->inputs[0], &job->reading, &job->provenance, err) &&
              read_cells(&cells, job, err) && join(&sample, &cells, &rules, job, &without, err) &&
              (without == 0 || ixs_stage_doubt(job, err,
                                               "%zu of %zu spectra found no cell: no scan of it "
                                               "by their analyzer at their |Q|",
                                               without, sample.nspectra)) &&
              ixs_spectra_write(&sample, job->output, &job->provenance, &job->commit, NULL, err);
    dispose_cells(&cells, n);
    ixs_spectra_dispose(&sample);
    return ok;
}

const struct ixs_program ixs_program = {
    .name = "ixs-background",
    .summary = "carry the counts of an empty cell or a bare substrate along, for the fit",
    .reads = "a SPECTRA product; SPECTRA products of the cell alone",
    .writes = "the SPECTRA product with BACKGROUND and SUBTRACTED",
    .usage = "[options] SPECTRA.fits CELL.fits ... -o SPECTRA.fits",
    .example = "ixs-background --transmission 0.8 spectra.fits cell.fits -o both.fits",
    .takes = IXS_TAKES_OUTPUT | IXS_TAKES_EXPERIMENT | IXS_TAKES_STRICT,
    .options = options,
    .noptions = IXS_COUNT(options),
    .defaults = &defaults,
    .values_size = sizeof defaults,
    .least_inputs = 2,
    .most_inputs = 10000,
    .run = run,
};
