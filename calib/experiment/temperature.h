/* SPDX-License-Identifier: GPL-3.0-or-later
 * The temperature of the sample: from the experiment, else from the first plausible place of the
 * instrument's list. Implausible ones, stated or read, and places that disagree are noted.
 */
#ifndef IXS_CALIB_EXPERIMENT_TEMPERATURE_H
#define IXS_CALIB_EXPERIMENT_TEMPERATURE_H

#include "base/notes.h"
#include "calib/experiment/experiment.h"
#include "products/raw.h"

struct ixs_temperature {
    double kelvin, error; /* NaN: not known */
    char from[49];        /* "experiment", "column T_sample", "metadata T_Sample", "" if none */
};

/* path: names the scan in notes. */
void ixs_temperature_find(struct ixs_temperature *out, const struct ixs_raw *raw,
                          const struct ixs_experiment *experiment, const char *path,
                          struct ixs_notes *notes);

#endif
