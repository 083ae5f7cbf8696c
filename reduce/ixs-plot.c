/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-plot: the picture of a product.
 */
#include "reduce/stage.h"

#include "view/plot/plot.h"

#include <stdlib.h>

struct values {
    const char *analyzer, *columns, *view;
    int64_t spectrum, width, height;
    bool log;
};

static const struct values defaults = {0};

#define OPTION(member, name, argument, type, meaning, least, most)                                 \
    {                                                                                              \
        name, 0, argument, type, offsetof(struct values, member), meaning, least, most             \
    }

static const struct ixs_option options[] = {
    OPTION(analyzer, "analyzer", "NAME", IXS_OPTION_TEXT, "only this analyzer (default all)", 0, 0),
    OPTION(spectrum, "spectrum", "N", IXS_OPTION_INT, "only the spectrum of this number", 1, 1e9),
    OPTION(columns, "columns", "A,B", IXS_OPTION_TEXT,
           "labels of a RAW scan to draw (default: its analyzers)", 0, 0),
    OPTION(view, "view", "WORD", IXS_OPTION_TEXT,
           "of SPECTRA after ixs-elastic: chi (chi'' of each), map (Q against energy); of a "
           "DISPERSION: "
           "thermal (modes against temperature, --spectrum is a SERIES)",
           0, 0),
    OPTION(log, "log", NULL, IXS_OPTION_FLAG, "logarithmic intensity", 0, 0),
    OPTION(width, "width", "PIXELS", IXS_OPTION_INT, "width (default 1200, more for many panels)",
           200, 10000),
    OPTION(height, "height", "PIXELS", IXS_OPTION_INT, "height (default 800, more for many panels)",
           150, 10000),
};

static bool run(struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    struct ixs_plot_choice choice = {
        .analyzer = values->analyzer,
        .spectrum = values->spectrum,
        .columns = values->columns,
        .log = values->log,
        .width = values->width,
        .height = values->height,
        .reading = &job->reading,
    };
    char *bytes = NULL;
    size_t size = 0;
    bool ok = ixs_stage_needs(job->output, "output", err) &&
              ixs_picture_of(job->output, &choice.picture, err) &&
              ixs_view_of(values->view, &choice.view, err) &&
              ixs_plot(job->ninputs, job->inputs, &choice, &bytes, &size, err) &&
              ixs_file_commit(job->output, bytes, size, &job->commit, NULL, err);
    free(bytes);
    return ok;
}

const struct ixs_program ixs_program = {
    .name = "ixs-plot",
    .summary = "the picture of a product",
    .reads = "a product of any kind; several FIT or several SPECTRA make one picture",
    .writes = "SVG, PNG or PDF, by the ending of the name; .gp: the gnuplot script itself",
    .usage = "[options] PRODUCT... -o PICTURE",
    .example = "ixs-plot --analyzer Ana7 fit.fits -o Ana7.svg",
    .takes = IXS_TAKES_OUTPUT,
    .options = options,
    .noptions = IXS_COUNT(options),
    .defaults = &defaults,
    .values_size = sizeof defaults,
    .least_inputs = 1,
    .most_inputs = SIZE_MAX,
    .run = run,
};
