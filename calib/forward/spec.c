/* SPDX-License-Identifier: GPL-3.0-or-later
 * The SPEC file that the beamline would have written: headers, labels, rows, and the comments of
 * resets and aborted scans between them.
 */
#include "calib/forward/spec.h"

#include "base/array.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

struct surrounding { /* a column that the simulation does not need */
    const char *label;
    double level, scatter;
    bool integer;
};

static const struct surrounding before[] = {
    {"fdbk_hrm", -0.0255, 0.004, false},
    {"fdbk_hhl", 0.763104, 0.0003, false},
    {"HRMTemp2", 296.849, 0.0006, false},
};
static const struct surrounding after[] = {
    {"PIN-D", 322.0, 8.0, true},
    {"Heat Stage T1", 273.15, 0.0, false},
};
static const struct surrounding ionization[] = {
    /* ratio to the monitor, and its scatter */
    {"HM_IC1", 0.165, 0.002, true},
    {"HM_IC2", 0.687, 0.002, true},
    {"HM_IC3", 0.599, 0.004, true},
};
static const double array_celsius = 24.85, hrm_per_meV = 0.4046, hrm_origin = -31392.763;

struct row { /* one line of data, as it is written */
    const struct ixs_forward *forward;
    const struct ixs_forward_shot *shot;
    size_t scan, index, column;
    FILE *out;
};

/* Even scatter of -1 .. 1, the same for the same cell. */
static double scatter(struct row *row)
{
    const int64_t cell = row->forward->seed * 1009 + (int64_t)(row->index * 257 + row->column++);
    return (double)ixs_forward_seed(cell, row->scan, IXS_STREAM_SURROUNDINGS) / 2147483648.0 - 1.0;
}

static void write_surroundings(struct row *row, size_t count, const struct surrounding *table,
                               double factor)
{
    for (size_t i = 0; i < count; i++) {
        const double value = factor * (table[i].level + table[i].scatter * scatter(row));
        if (table[i].integer)
            fprintf(row->out, " %.0f", fabs(value));
        else
            fprintf(row->out, " %.9g", 1e-7 * round(value * 1e7));
    }
}

static size_t count_labels(size_t nanalyzers)
{
    const size_t place = 7, clock = 1, monitor = 2, seconds = 2;
    return place + IXS_COUNT(before) + nanalyzers + clock + IXS_COUNT(ionization) + monitor +
           nanalyzers + IXS_COUNT(after) + seconds;
}

static void write_labels(const struct ixs_forward *forward, const struct ixs_forward_shot *shot,
                         FILE *out)
{
    const bool alignment = strcmp(shot->plan->kind, "alignment") == 0;
    const size_t n = forward->nanalyzers;
    fprintf(out, "#N %zu\n#L %s  H  K  L", count_labels(n), alignment ? "phi" : "HerixE");
    fputs("  T_control_LS340  T_sample_LS340  HRMth2", out);
    for (size_t i = 0; i < IXS_COUNT(before); i++)
        fprintf(out, "  %s", before[i].label);
    for (size_t a = n; a-- > 0;)
        fprintf(out, "  An%g_Temp", forward->analyzers[a].position);
    fputs("  Epoch", out);
    for (size_t i = 0; i < IXS_COUNT(ionization); i++)
        fprintf(out, "  %s", ionization[i].label);
    fprintf(out, "  %s  APD4", forward->monitor);
    for (size_t a = n; a-- > 0;)
        fprintf(out, "  %s", forward->analyzers[a].name);
    for (size_t i = 0; i < IXS_COUNT(after); i++)
        fprintf(out, "  %s", after[i].label);
    fprintf(out, "  Seconds  Seconds\n#U MAIN_ANALYZER %g\n",
            forward->analyzers[shot->plan->main_index].position);
}

static void write_place(struct row *row, const struct ixs_forward_point *point)
{
    struct ixs_forward_setting at = row->shot->at;
    double hkl[3];
    if (strcmp(row->shot->plan->kind, "alignment") == 0)
        at.phi = point->position;
    ixs_forward_hkl(&row->forward->crystal, at.tth, 0.0, &at, hkl);
    fprintf(row->out, "%.8g %g %g %g", point->position, hkl[0], hkl[1], hkl[2]);
    fprintf(row->out, " %.6g", row->shot->kelvin - 0.8 + 0.003 * scatter(row));
    fprintf(row->out, " %.6g", row->shot->kelvin + 0.006 * scatter(row));
    fprintf(row->out, " %.3f", hrm_origin + hrm_per_meV * point->axis);
}

static void write_row(struct row *row)
{
    const struct ixs_forward_point *point = &row->shot->points[row->index];
    const size_t n = row->forward->nanalyzers;
    write_place(row, point);
    write_surroundings(row, IXS_COUNT(before), before, 1.0);
    for (size_t a = n; a-- > 0;)
        fprintf(row->out, " %.3f", array_celsius + 0.003 * scatter(row));
    fprintf(row->out, " %.3f", point->clock - (double)row->shot->header);
    write_surroundings(row, IXS_COUNT(ionization), ionization, point->monitor);
    fprintf(row->out, " %.0f 0", point->monitor);
    for (size_t a = n; a-- > 0;)
        fprintf(row->out, " %.0f", row->shot->counts[row->index * n + a]);
    write_surroundings(row, IXS_COUNT(after), after, 1.0);
    fprintf(row->out, " %g %g\n", row->shot->time, row->shot->time);
}

static void write_comment(const struct ixs_forward *forward, double clock, FILE *out)
{
    char date[64];
    ixs_forward_date(forward, clock, sizeof date, date);
    fprintf(out, "#C %s.  ", date);
}

static void write_shot(const struct ixs_forward *forward, size_t scan,
                       const struct ixs_forward_shot *shot, FILE *out)
{
    if (!isnan(shot->reset_from)) {
        write_comment(forward, shot->reset_clock, out);
        fprintf(out, "herixE reset from %.8g to 0.\n", shot->reset_from);
    }
    if (shot->plan->header)
        ixs_forward_file_header(forward, shot->header, out);
    ixs_forward_scan_header(forward, shot, out);
    write_labels(forward, shot, out);
    for (size_t i = 0; i < shot->npoints; i++)
        write_row(&(struct row){forward, shot, scan, i, 0, out});
    if (shot->plan->abort > 0) {
        write_comment(forward, shot->clock + ixs_forward_duration(shot), out);
        fprintf(out, "Scan aborted after %zu points.\n", shot->npoints);
    }
}

void ixs_forward_spec(const struct ixs_forward_beamtime *beamtime, FILE *out)
{
    if (beamtime->forward->dialect != IXS_DIALECT_HERIX) {
        ixs_forward_dialect(beamtime, out);
        return;
    }
    ixs_forward_file_header(beamtime->forward, 0, out);
    for (size_t i = 0; i < beamtime->nshots; i++)
        write_shot(beamtime->forward, i, &beamtime->shots[i], out);
}
