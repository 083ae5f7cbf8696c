/* SPDX-License-Identifier: GPL-3.0-or-later
 * The SPEC files of ID28, SPring-8 and NSLS-II 10-ID, as far as public files and codes tell how
 * they look: names come from the instrument, the rest from the tables here. HERIX: forward_spec.c.
 */
#include "calib/forward/spec.h"

#include "base/array.h"
#include "base/path.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { PER_LINE = 8, MOST_MOTORS = 24 };

struct dialect {
    const char *geometry;    /* in the first #C; NULL: Bluesky's own */
    const char *motor;       /* that scans the energy; NULL: as its label */
    double misread;          /* K, that all thermometers beside the axis are off */
    const char *warmth_unit; /* of the comment that states the analyzers' temperature; or NULL */
    bool hkl, bluesky;       /* columns H K L; Epoch_float, exit_status, #MD */
    struct ixs_forward_motor motors[8];  /* beside circles and axis; "" ends */
    struct ixs_forward_motor columns[4]; /* that the simulation does not need; "" ends */
};

static const struct dialect dialects[] = {
    [IXS_DIALECT_ID28] =
        {.geometry = "fourc",
         .motor = "monot",
         .misread = -5.9, /* as the file of 2009 has it */
         .warmth_unit = "degC",
         .hkl = true,
         .motors = {{"u32m", 11.4665},
                    {"u32d", 11.185},
                    {"u32u", 15.924},
                    {"Mono", 6.22265},
                    {"premono screen", 65},
                    {"DeltaE", 0},
                    {"Cryostat", 200},
                    {"", 0}},
         .columns = {{"Ione/Izero", 1.42}, {"Sec", 0}, {"SR Current", 182.4}, {"", 0}}},
    [IXS_DIALECT_SPRING8] = {.geometry = "sixc",
                             .hkl = true,
                             .motors = {{"agaph", 60}, {"agapv", 60}, {"", 0}},
                             .columns = {{"ring", 99.5}, {"", 0}}},
    [IXS_DIALECT_NSLS2] = {.bluesky = true,
                           .motors = {{"whl", 0},
                                      {"anapd", 25},
                                      {"hrm2_ux", 0},
                                      {"hrm2_dx", 0},
                                      {"mcm_x", -0.941},
                                      {"", 0}},
                           .columns = {{"sr_curr", 400.1}, {"", 0}}},
};

struct file { /* being written */
    const struct ixs_forward *forward;
    const struct dialect *dialect;
    FILE *out;
};

static bool is_alignment(const struct ixs_forward_shot *shot)
{
    return strcmp(shot->plan->kind, "alignment") == 0;
}

/* ---- motors ---------------------------------------------------------------------------------- */

/* All motors, with the positions at the start of a scan; NULL: only the names matter. */
static size_t list_motors(const struct file *file, const struct ixs_forward_shot *shot,
                          struct ixs_forward_motor *list)
{
    const struct ixs_forward *forward = file->forward;
    const struct ixs_forward_setting at = shot ? shot->at : (struct ixs_forward_setting){0};
    const double stand[] = {
        at.tth, at.th, at.chi, at.phi, forward->crystal.mu, forward->crystal.gam};
    size_t n = 0;
    for (int i = 0; i < 6; i++)
        if (forward->circles[i][0] != '\0')
            list[n++] = (struct ixs_forward_motor){forward->circles[i], stand[i]};
    for (size_t i = 0; file->dialect->motors[i].name[0] != '\0'; i++)
        list[n++] = file->dialect->motors[i];
    list[n++] = (struct ixs_forward_motor){
        forward->axis, shot && !is_alignment(shot) ? shot->points[0].position : 0.0};
    return n;
}

static void motor_lines(const struct file *file, const char *key,
                        const struct ixs_forward_shot *shot)
{
    struct ixs_forward_motor list[MOST_MOTORS];
    const size_t n = list_motors(file, shot, list);
    for (size_t i = 0; i < n; i++) {
        if (i % PER_LINE == 0)
            fprintf(file->out, "%s#%s%zu", i > 0 ? "\n" : "", key, i / PER_LINE);
        if (shot != NULL)
            fprintf(file->out, " %.10g", list[i].value);
        else
            fprintf(file->out, "%s%s", i % PER_LINE == 0 ? " " : "  ", list[i].name);
    }
    fputc('\n', file->out);
}

static void file_header(const struct file *file, int64_t clock)
{
    const struct ixs_forward *forward = file->forward;
    char date[64];
    ixs_forward_date(forward, (double)clock, sizeof date, date);
    fprintf(file->out, "#F %s\n#E %" PRId64 "\n#D %s\n",
            file->dialect->bluesky ? ixs_base_name(forward->origin) : forward->origin,
            forward->epoch + clock, date);
    if (file->dialect->bluesky)
        fprintf(file->out, "#C Bluesky  user = %s  host = simulated\n", forward->user);
    else
        fprintf(file->out, "#C %s  User = %s\n", file->dialect->geometry, forward->user);
    motor_lines(file, "O", NULL);
    if (file->dialect->bluesky)
        motor_lines(file, "o", NULL);
}

/* ---- the header of a scan -------------------------------------------------------------------- */

/* startup/utils/CustomSpecWriter.py: #G0 LAMBDA alpha beta omega mu gam sa azimuth; #G1 lattice,
 * reciprocal lattice, and hkl with the six angles of both reflections. */
static void bluesky_geometry(const struct file *file, const struct ixs_forward_shot *shot)
{
    const struct ixs_forward_crystal *x = &file->forward->crystal;
    const struct ixs_forward_reflection *const found[] = {&x->or0, &x->or1};
    double angles[4];
    ixs_forward_azimuth(x, &shot->at, angles);
    fprintf(file->out, "#G0 %.12g %.12g %.12g %.12g %.12g %.12g %.12g %.12g\n", x->wavelength,
            angles[0], angles[1], angles[2], x->mu, x->gam, shot->at.tth, angles[3]);
    fprintf(file->out, "#G1 %.12g %.12g %.12g %.12g %.12g %.12g", x->a, x->b, x->c, x->alpha,
            x->beta, x->gamma);
    for (int i = 0; i < 6; i++)
        fprintf(file->out, " %.12g", x->reciprocal[i]);
    for (int i = 0; i < 2; i++)
        fprintf(file->out, " %.12g %.12g %.12g %.12g %.12g %.12g %.12g %.12g %.12g", found[i]->h,
                found[i]->k, found[i]->l, found[i]->at.tth, found[i]->at.th, found[i]->at.chi,
                found[i]->at.phi, x->mu, x->gam);
    fprintf(file->out, "\n#Q %.12g %.12g %.12g\n", shot->hkl[0], shot->hkl[1], shot->hkl[2]);
}

static void command(const struct file *file, const struct ixs_forward_shot *shot, double ends[2])
{
    const struct ixs_forward *forward = file->forward;
    const struct ixs_forward_scan *plan = shot->plan;
    const char *motor = file->dialect->motor ? file->dialect->motor : forward->axis;
    if (is_alignment(shot))
        motor = forward->circles[3];
    if (file->dialect->bluesky)
        fprintf(file->out, "\n#S %" PRId64 " scan %s %g %g %" PRId64 " %g\n", shot->number, motor,
                ends[0], ends[1], plan->intervals + 1, shot->time);
    else
        fprintf(file->out, "\n#S %" PRId64 "  ascan  %s %g %g  %" PRId64 " %g\n", shot->number,
                motor, ends[0], ends[1], plan->intervals, shot->time);
}

static void scan_header(const struct file *file, const struct ixs_forward_shot *shot)
{
    const struct ixs_forward *forward = file->forward;
    const struct ixs_forward_scan *plan = shot->plan;
    double ends[2] = {shot->at.phi + plan->from, shot->at.phi + plan->to};
    char date[64];
    if (!is_alignment(shot)) {
        ends[0] = ixs_forward_reading(forward, plan->from, shot->e_origin);
        ends[1] = ixs_forward_reading(forward, plan->to, shot->e_origin);
    }
    ixs_forward_date(forward, shot->clock, sizeof date, date);
    command(file, shot, ends);
    fprintf(file->out, "#D %s\n#T %g  (Seconds)\n", date, shot->time);
    if (file->dialect->bluesky) {
        bluesky_geometry(file, shot);
        fprintf(file->out, "#C %s.  uid = %08x-simulated\n#MD num_points = %" PRId64 "\n", date,
                ixs_forward_seed(forward->seed, (size_t)shot->number, IXS_STREAM_SURROUNDINGS),
                plan->intervals + 1);
    } else {
        ixs_forward_geometry(&forward->crystal, shot, file->out);
    }
    motor_lines(file, "P", shot);
    if (file->dialect->warmth_unit != NULL)
        fprintf(file->out, "#C LAMBDA %g T0 %g\n", forward->crystal.wavelength,
                forward->thermal.kelvin - 273.15);
}

/* ---- columns --------------------------------------------------------------------------------- */

struct row { /* labels, or the values of a point, in the same order */
    const struct file *file;
    const struct ixs_forward_shot *shot;
    const struct ixs_forward_point *point; /* NULL: labels */
    const double *counts;                  /* [nanalyzers] */
    FILE *out;                             /* NULL: they are counted only */
    size_t count;
};

static void column(struct row *row, const char *label, const char *format, double value)
{
    const char *gap = row->point ? " " : "  ";
    if (row->out != NULL && row->count > 0)
        fputs(gap, row->out);
    if (row->out != NULL && row->point == NULL)
        fputs(label, row->out);
    else if (row->out != NULL)
        fprintf(row->out, strcmp(format, "ohm") == 0 ? "%.6f" : "%.10g", value);
    row->count++;
}

/* Resistance of a thermistor, by bisection. */
static double resistance(const double steinhart[3], double kelvin)
{
    double lo = 0.0, hi = 20.0;
    for (int round = 0; round < 60; round++) {
        const double middle = 0.5 * (lo + hi);
        if (steinhart[0] + steinhart[1] * middle + steinhart[2] * pow(middle, 3.0) < 1.0 / kelvin)
            lo = middle;
        else
            hi = middle;
    }
    return exp(0.5 * (lo + hi));
}

static void thermometer(struct row *row, const char *label, double kelvin)
{
    const struct ixs_forward *forward = row->file->forward;
    const double reads = kelvin + row->file->dialect->misread;
    if (strcmp(forward->thermometer_unit, "ohm") == 0)
        column(row, label, "ohm", resistance(forward->steinhart, reads));
    else
        column(row, label, "", reads - (strcmp(forward->thermometer_unit, "K") == 0 ? 0 : 273.15));
}

static void thermometers(struct row *row)
{
    const struct ixs_forward *forward = row->file->forward;
    const double analyzers = forward->thermal.kelvin;
    const double difference = row->point ? row->point->difference : 0.0;
    if (forward->thermometer[0] != '\0')
        thermometer(row, forward->thermometer, analyzers - difference);
    for (size_t a = 0; a < forward->nanalyzers; a++)
        if (forward->analyzers[a].thermometer[0] != '\0')
            thermometer(row, forward->analyzers[a].thermometer,
                        analyzers + forward->analyzers[a].warmer);
}

/* Where the scan stands: the motor, and what follows from it. */
static void place(struct row *row)
{
    const struct ixs_forward *forward = row->file->forward;
    struct ixs_forward_setting at = row->shot->at;
    double hkl[3];
    bool alignment = is_alignment(row->shot);
    column(row, alignment ? forward->circles[3] : forward->axis, "",
           row->point ? row->point->position : 0.0);
    if (!row->file->dialect->hkl)
        return;
    if (alignment && row->point)
        at.phi = row->point->position;
    ixs_forward_hkl(&forward->crystal, at.tth, forward->crystal.gam, &at, hkl);
    column(row, "H", "", hkl[0]);
    column(row, "K", "", hkl[1]);
    column(row, "L", "", hkl[2]);
}

static void columns(struct row *row)
{
    const struct ixs_forward *forward = row->file->forward;
    const double clock = row->point ? row->point->clock : 0.0;
    place(row);
    if (row->file->dialect->bluesky)
        column(row, "Epoch_float", "", (double)forward->epoch + clock);
    column(row, "Epoch", "",
           floor(row->file->dialect->bluesky ? (double)forward->epoch + clock
                                             : clock - (double)row->shot->header));
    column(row, forward->time, "", row->shot->time);
    for (size_t i = 0; row->file->dialect->columns[i].name[0] != '\0'; i++)
        column(row, row->file->dialect->columns[i].name, "", row->file->dialect->columns[i].value);
    thermometers(row);
    if (forward->warmth[0] != '\0')
        column(row, forward->warmth, "", row->shot->kelvin);
    column(row, forward->monitor, "", row->point ? row->point->monitor : 0.0);
    for (size_t a = 0; a < forward->nanalyzers; a++)
        column(row, forward->analyzers[a].name, "", row->point ? row->counts[a] : 0.0);
}

/* ---- the file -------------------------------------------------------------------------------- */

static void scan_end(const struct file *file, const struct ixs_forward_shot *shot)
{
    const bool aborted = shot->plan->abort > 0;
    char date[64];
    ixs_forward_date(file->forward, shot->clock + ixs_forward_duration(shot), sizeof date, date);
    if (file->dialect->bluesky)
        fprintf(file->out, "#C %s.  exit_status = %s\n", date, aborted ? "abort" : "success");
    if (aborted && file->dialect->bluesky)
        fprintf(file->out, "#C %s.  reason = stopped\n", date);
    else if (aborted)
        fprintf(file->out, "#C %s.  Scan aborted after %zu points.\n", date, shot->npoints);
}

static void write_shot(const struct file *file, const struct ixs_forward_shot *shot)
{
    struct row row = {.file = file, .shot = shot};
    if (shot->plan->header)
        file_header(file, shot->header);
    scan_header(file, shot);
    columns(&row);
    fprintf(file->out, "#N %zu\n#L ", row.count);
    row.out = file->out;
    row.count = 0;
    columns(&row);
    fputc('\n', file->out);
    for (size_t i = 0; i < shot->npoints; i++) {
        row.point = &shot->points[i];
        row.counts = shot->counts + i * file->forward->nanalyzers;
        row.count = 0;
        columns(&row);
        fputc('\n', file->out);
    }
    scan_end(file, shot);
}

void ixs_forward_dialect(const struct ixs_forward_beamtime *beamtime, FILE *out)
{
    const struct file file = {beamtime->forward, &dialects[beamtime->forward->dialect], out};
    file_header(&file, 0);
    for (size_t i = 0; i < beamtime->nshots; i++)
        write_shot(&file, &beamtime->shots[i]);
}
