/* SPDX-License-Identifier: GPL-3.0-or-later
 * Header blocks of a simulated SPEC file, in the dialect of HERIX 30-ID: #F #E #D #C #H #O of the
 * file, #S #D #T #G #Q #P #C #V of a scan. Digits and blanks are those of the real files.
 */
#include "calib/forward/spec.h"

#include "base/path.h"
#include "base/units.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <time.h>

enum { PER_LINE = 8, FIRST_ANALYZER = 4 };
static const double bohr = 0.529177;     /* Angstrom: Q_au as HERIX has it */
static const double wide_open = 95.0024; /* mm: free diameter of an open mask */

void ixs_forward_date(const struct ixs_forward *forward, double clock, size_t size, char *room)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const time_t when = (time_t)(forward->epoch + (int64_t)floor(clock));
    struct tm at = {0};
    gmtime_r(&when, &at);
    snprintf(room, size, "%s %s %02d %02d:%02d:%02d %d", days[at.tm_wday], months[at.tm_mon],
             at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec, at.tm_year + 1900);
}

static void motor_names(FILE *out)
{
    for (size_t i = 0; i < ixs_forward_nmotors; i++) {
        if (i % PER_LINE == 0)
            fprintf(out, "%s#O%zu ", i > 0 ? "\n" : "", i / PER_LINE);
        fprintf(out, "%s%8s", i % PER_LINE == 0 ? "" : "  ", ixs_forward_motors[i].name);
    }
    fputs("  \n", out);
}

void ixs_forward_file_header(const struct ixs_forward *forward, int64_t clock, FILE *out)
{
    char date[64];
    ixs_forward_date(forward, (double)clock, sizeof date, date);
    fprintf(out, "#F %s\n", clock == 0 ? forward->origin : ixs_base_name(forward->origin));
    fprintf(out, "#E %" PRId64 "\n#D %s\n", forward->epoch + clock, date);
    fprintf(out, "#C %s  User = %s\n", forward->title, forward->user);
    fputs("#H0  SR_current  SR_status  barometer_mbar\n#H1  Q_Angstrom  Q_nm  Q_au\n"
          "#H2  T_Sample  T_Control\n#H3  RV_B1  RV_B2  RV_B3\n",
          out);
    for (size_t a = 0; a < forward->nanalyzers; a++) {
        const double n = forward->analyzers[a].position;
        fprintf(out, "#H%zu  Analyzer%g_H  Analyzer%g_K  Analyzer%g_L\n", FIRST_ANALYZER + a, n, n,
                n);
    }
    fprintf(out, "#H%zu  Main_tth_analyzer\n", FIRST_ANALYZER + forward->nanalyzers);
    motor_names(out);
}

/* ---- one scan -------------------------------------------------------------------------------- */

static void orientation(const struct ixs_forward_crystal *x, FILE *out)
{
    const struct ixs_forward_reflection *or0 = &x->or0, *or1 = &x->or1;
    fprintf(out, " %.10g %.10g %.10g %.10g %.10g %.10g", or0->h, or0->k, or0->l, or1->h, or1->k,
            or1->l);
    fprintf(out, " %.10g %.10g %.10g %.10g %g %g", or0->at.tth, or0->at.th, or0->at.chi,
            or0->at.phi, x->mu, x->gam);
    fprintf(out, " %.10g %.10g %.10g %.10g %g %g", or1->at.tth, or1->at.th, or1->at.chi,
            or1->at.phi, x->mu, x->gam);
}

void ixs_forward_geometry(const struct ixs_forward_crystal *crystal,
                          const struct ixs_forward_shot *shot, FILE *out)
{
    double angles[4];
    ixs_forward_azimuth(crystal, &shot->at, angles);
    fputs("#G0 0 0 0 0 0 1 0 0 0 0 0 0 50 0 0.1 0 68 68 50 -1 1 1 3.13542 3.13542 0 463.6 838.8\n",
          out);
    fprintf(out, "#G1 %.10g %.10g %.10g %.10g %.10g %.10g", crystal->a, crystal->b, crystal->c,
            crystal->alpha, crystal->beta, crystal->gamma);
    for (int i = 0; i < 6; i++)
        fprintf(out, " %.10g", crystal->reciprocal[i]);
    orientation(crystal, out);
    fprintf(out, " %g %g 0 0\n#G3", crystal->wavelength, crystal->wavelength);
    for (int i = 0; i < 9; i++)
        fprintf(out, " %.10g", crystal->ub[i / 3][i % 3]);
    fprintf(out, "\n#G4 %.10g %.10g %.10g %g %.10g %.10g %.10g %.10g", shot->hkl[0], shot->hkl[1],
            shot->hkl[2], crystal->wavelength, angles[0], angles[1], angles[2], angles[3]);
    fputs(" 0 0 0 0 0 0 0 0 -180 -180 -180 -180 -180 -180 -180 -180 -180 0\n", out);
    fprintf(out, "#Q %g %g %g\n", shot->hkl[0], shot->hkl[1], shot->hkl[2]);
}

/* Where a motor stands: the circles and masks as simulated, all others as ever. */
static double standing(const struct ixs_forward *forward, const struct ixs_forward_shot *shot,
                       size_t motor)
{
    const char *name = ixs_forward_motors[motor].name;
    const double circles[4] = {shot->at.tth, shot->at.th, shot->at.chi, shot->at.phi};
    if (motor < 4)
        return circles[motor];
    if (strcmp(name, "HerixE") == 0)
        return 0.0;
    for (size_t a = 0; a < forward->nanalyzers; a++)
        if (strcmp(forward->analyzers[a].mask, name) == 0)
            return wide_open * sqrt(shot->sites[a].transmission);
    return ixs_forward_motors[motor].value;
}

static void positions(const struct ixs_forward *forward, const struct ixs_forward_shot *shot,
                      FILE *out)
{
    for (size_t i = 0; i < ixs_forward_nmotors; i++) {
        if (i % PER_LINE == 0)
            fprintf(out, "%s#P%zu", i > 0 ? "\n" : "", i / PER_LINE);
        fprintf(out, " %.8g", standing(forward, shot, i));
    }
    fputs(" \n", out);
}

static void metadata(const struct ixs_forward *forward, const struct ixs_forward_shot *shot,
                     FILE *out)
{
    const double q =
        4.0 * IXS_PI / forward->crystal.wavelength * sin(0.5 * shot->at.tth * IXS_DEGREE);
    fprintf(out, "#V0  %g  1  996.082\n", 102.0 + 0.2 * sin(shot->clock / 900.0));
    fprintf(out, "#V1  %g  %g  %g\n", q, 10.0 * q, bohr * q);
    fprintf(out, "#V2  %g  0\n#V3  1  2  3\n", shot->kelvin);
    for (size_t a = 0; a < forward->nanalyzers; a++) {
        const double *hkl = shot->sites[a].hkl;
        fprintf(out, "#V%zu  %g  %g  %g\n", FIRST_ANALYZER + a, hkl[0], hkl[1], hkl[2]);
    }
    fprintf(out, "#V%zu  %g\n", FIRST_ANALYZER + forward->nanalyzers,
            forward->analyzers[shot->plan->main_index].position);
}

void ixs_forward_scan_header(const struct ixs_forward *forward, const struct ixs_forward_shot *shot,
                             FILE *out)
{
    const bool alignment = strcmp(shot->plan->kind, "alignment") == 0;
    const double from = shot->plan->from + (alignment ? shot->at.phi : 0.0),
                 to = shot->plan->to + (alignment ? shot->at.phi : 0.0);
    char date[64];
    ixs_forward_date(forward, shot->clock, sizeof date, date);
    fprintf(out, "\n#S %" PRId64 "  ascan  %s %g %g  %" PRId64 " %g\n", shot->number,
            alignment ? "phi" : "herixE", from, to, shot->plan->intervals, shot->time);
    fprintf(out, "#D %s\n#T %g  (Seconds)\n", date, shot->time);
    ixs_forward_geometry(&forward->crystal, shot, out);
    positions(forward, shot, out);
    fprintf(out, "#C %s\n", forward->title);
    metadata(forward, shot, out);
}
