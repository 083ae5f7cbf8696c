/* SPDX-License-Identifier: GPL-3.0-or-later
 * Scores. For a mode of unit strength that would add c_i counts to mu_i, the slope of the log
 * likelihood is s = Sum c_i (N_i/mu_i - 1), its expected curvature I = Sum c_i^2/mu_i: the mode
 * would have strength s/I and lower the deviance by s^2/I (Rao's score test). The columns c come
 * from a table of W(u + iG/2) for two widths, interpolated: a start need not be exact.
 */
#include "models/fit/start_inside.h"

#include "base/array.h"
#include "base/units.h"

#include <math.h>
#include <stdlib.h>

enum { TABLE = IXS_START_TABLE, WIDTHS = IXS_START_WIDTHS, PLACES = 160 };

bool ixs_start_new(struct ixs_start **out, size_t most_points, struct ixs_err *err)
{
    struct ixs_start *start;
    bool ok = IXS_NEW(start, 1, err);
    if (!ok)
        return false;
    *out = start;
    start->most_points = most_points;
    for (size_t w = 0; w < WIDTHS && ok; w++)
        ok = IXS_NEW(start->re[w], TABLE, err) && IXS_NEW(start->im[w], TABLE, err);
    return ok && IXS_NEW(start->column, most_points, err) &&
           IXS_NEW(start->smooth, most_points, err) && IXS_NEW(start->noise, most_points, err) &&
           IXS_NEW(start->order, most_points, err);
}

void ixs_start_free(struct ixs_start *start)
{
    if (!start)
        return;
    for (size_t w = 0; w < WIDTHS; w++) {
        free(start->re[w]);
        free(start->im[w]);
    }
    free(start->column);
    free(start->smooth);
    free(start->noise);
    free(start->order);
    free(start);
}

static void energy_range(const struct ixs_model *model, double *lo, double *hi)
{
    *lo = INFINITY;
    *hi = -INFINITY;
    for (size_t i = 0; i < model->points.n; i++) {
        *lo = fmin(*lo, model->points.energy[i]);
        *hi = fmax(*hi, model->points.energy[i]);
    }
}

static void tabulate(struct ixs_start *start, const struct ixs_model *model, size_t w)
{
    double u[IXS_RESPONSE_ROW];
    struct ixs_response_row row;
    for (size_t first = 0; first < TABLE; first += IXS_RESPONSE_ROW) {
        for (size_t i = 0; i < IXS_RESPONSE_ROW; i++)
            u[i] = start->from + start->step * (double)(first + i);
        model->kernels->transform(model->transform, IXS_RESPONSE_ROW, u, 0.0,
                                  0.5 * start->widths[w], &row);
        for (size_t i = 0; i < IXS_RESPONSE_ROW; i++) {
            start->re[w][first + i] = row.re[i];
            start->im[w][first + i] = row.im[i];
        }
    }
}

void ixs_start_prepare(struct ixs_start *start, const struct ixs_model *model, double fwhm)
{
    double lo, hi;
    energy_range(model, &lo, &hi);
    start->fwhm = fwhm;
    start->bose = model->bose;
    /* |E - zero| and OMEGA0 are each at most the length of the scan plus what lies off 0 */
    double reach = 2.0 * (fmax(fabs(lo), fabs(hi)) + (hi - lo)) + start->fwhm;
    start->step = 2.0 * reach / (TABLE - 1);
    start->from = -reach;
    start->widths[0] = 0.3 * start->fwhm;
    start->widths[1] = 2.0 * start->fwhm;
    for (size_t w = 0; w < WIDTHS; w++)
        tabulate(start, model, w);
}

/* Mean rate of the quietest quarter of the points as background; the rest near zero is elastic. */
void ixs_start_first(const struct ixs_model *model, double zero, double *elastic,
                     double *background)
{
    const struct ixs_model_points *points = &model->points;
    double counts = 0.0, exposure = 0.0, near = 0.0, share = 0.0;
    for (size_t i = 0; i < points->n; i++) {
        double dark = points->dark ? points->dark[i] : 0.0;
        double value = ixs_transform_value(model->transform, points->energy[i] - zero);
        counts += points->counts[i] - dark;
        exposure += points->exposure[i];
        near += value * (points->counts[i] - dark);
        share += value * value * points->exposure[i];
    }
    *background = fmax(0.0, 0.3 * counts / exposure);
    *elastic = share > 0.0 ? fmax(0.0, 0.7 * near / share) : 0.0;
}

/* Re[a W(x - wd) + b W(x + wd)] from the table of width w. */
static double look_up(const struct ixs_start *start, size_t w, double u, double complex weight)
{
    double at = (u - start->from) / start->step;
    if (!(at >= 0.0 && at < TABLE - 1.0))
        return 0.0;
    size_t k = (size_t)at;
    double t = at - (double)k;
    double re = (1.0 - t) * start->re[w][k] + t * start->re[w][k + 1];
    double im = (1.0 - t) * start->im[w][k] + t * start->im[w][k + 1];
    return creal(weight) * re - cimag(weight) * im;
}

static struct ixs_start_place score(struct ixs_start *start, const struct ixs_model *model,
                                    double zero, const double *mu, double omega0, size_t w)
{
    const struct ixs_model_points *points = &model->points;
    double half = 0.5 * start->widths[w], wd = sqrt(omega0 * omega0 - half * half);
    double complex p = ixs_complex(wd, -half), q = ixs_complex(-wd, -half), a = 0.5 * omega0 / p,
                   b = 0.5 * omega0 / q;
    if (!isnan(start->bose.kt)) {
        a = ixs_bose_complex(&start->bose, p, NULL);
        b = ixs_bose_complex(&start->bose, q, NULL);
    }
    a *= omega0 / wd;
    b *= -omega0 / wd;
    double slope = 0.0, curvature = 0.0;
    for (size_t i = 0; i < points->n; i++) {
        double x = points->energy[i] - zero;
        double c =
            points->exposure[i] * (look_up(start, w, x - wd, a) + look_up(start, w, x + wd, b));
        double m = fmax(mu[i], 1e-3);
        slope += c * (points->counts[i] / m - 1.0);
        curvature += c * c / m;
    }
    struct ixs_start_place place = {.omega0 = omega0, .fwhm = start->widths[w]};
    if (slope > 0.0 && curvature > 0.0) {
        place.strength = slope / curvature;
        place.gain = slope * slope / curvature;
    }
    return place;
}

/* Puts a place into the list, best first. */
static size_t insert(struct ixs_start_place *places, size_t n, size_t most,
                     struct ixs_start_place place)
{
    if (n == most && place.gain <= places[n - 1].gain)
        return n;
    size_t k = n < most ? n++ : n - 1;
    for (; k > 0 && places[k - 1].gain < place.gain; k--)
        places[k] = places[k - 1];
    places[k] = place;
    return n;
}

size_t ixs_start_places(struct ixs_start *start, const struct ixs_model *model, double zero,
                        const double *mu, const double range[2], size_t most,
                        struct ixs_start_place *places)
{
    struct ixs_start_place all[PLACES];
    double step = fmax(0.3 * start->fwhm, (range[1] - range[0]) / (PLACES - 1));
    size_t found = 0, n = (size_t)((range[1] - range[0]) / step) + 1;
    for (size_t w = 0; w < WIDTHS; w++) {
        for (size_t k = 0; k < n; k++) {
            double omega0 = range[0] + step * (double)k;
            all[k] = (struct ixs_start_place){0};
            if (omega0 > 0.55 * start->widths[w])
                all[k] = score(start, model, zero, mu, omega0, w);
        }
        for (size_t k = 0; k < n; k++)
            if (all[k].gain > 0.0 && (k == 0 || all[k].gain >= all[k - 1].gain) &&
                (k + 1 == n || all[k].gain > all[k + 1].gain))
                found = insert(places, found, most, all[k]);
    }
    return found;
}
