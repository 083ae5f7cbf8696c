/* SPDX-License-Identifier: GPL-3.0-or-later
 * A branch and its law -> rows of BRANCHES, PARAMETERS and COVARIANCE, and what the law says at
 * each of its points.
 */
#include "calib/branching/branching.h"

#include "base/array.h"
#include "base/units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double per_km_s = 1 / IXS_MEV_A_PER_KM_S;

bool ixs_branching_parameters(struct ixs_dispersion *out,
                              const struct ixs_dispersion_parameter *like,
                              const struct ixs_branching_values *values, struct ixs_err *err)
{
    size_t n = values->n, room = out->nparameters, more = out->ncovariances;
    if (!ixs_grow(&out->parameters, &room, room + n, sizeof *out->parameters, err) ||
        !ixs_grow(&out->covariances, &more, more + n * (n + 1) / 2, sizeof *out->covariances, err))
        return false;
    int64_t first = (int64_t)out->nparameters + 1;
    for (size_t k = 0; k < n; k++) {
        struct ixs_dispersion_parameter *to = &out->parameters[out->nparameters++];
        *to = *like;
        to->parameter = first + (int64_t)k;
        to->value = values->values[k];
        to->err = sqrt(values->cov[k * n + k]);
        ixs_copy(to->name, sizeof to->name, values->names[k]);
        ixs_copy(to->unit, sizeof to->unit, values->units[k]);
        for (size_t l = 0; l <= k; l++)
            out->covariances[out->ncovariances++] = (struct ixs_dispersion_covariance){
                first + (int64_t)k, first + (int64_t)l, values->cov[k * n + l]};
    }
    return true;
}

static bool record_law(struct ixs_dispersion *out, const struct ixs_dispersion_branch *row,
                       const struct ixs_branch *law, struct ixs_err *err)
{
    static const char *const slope[] = {"velocity", "zone"};
    static const char *const slope_units[] = {"meV.Angstrom", "Angstrom**(-1)"};
    static const char *const optic[] = {"omega", "curvature"};
    static const char *const optic_units[] = {"meV", "meV.Angstrom**2"};
    static const char *const sines[] = {"sine1", "sine3", "sine5", "sine7"};
    static const char *const sine_units[] = {"meV", "meV", "meV", "meV"};
    static const char *const forces[] = {"phi1", "phi2", "phi3", "phi4"};
    static const char *const force_units[] = {"meV**2", "meV**2", "meV**2", "meV**2"};
    bool series = law->law == IXS_BRANCH_SERIES, karman = law->law == IXS_BRANCH_KARMAN;
    bool acoustic = ixs_branch_is_acoustic(law->law);
    const struct ixs_dispersion_parameter like = {
        .branch = row->branch, .temperature = row->temperature, .component = "energy"};
    const struct ixs_branching_values values = {law->nterms,
                                                series     ? sines
                                                : karman   ? forces
                                                : acoustic ? slope
                                                           : optic,
                                                series     ? sine_units
                                                : karman   ? force_units
                                                : acoustic ? slope_units
                                                           : optic_units,
                                                law->p, law->cov};
    return ixs_branching_parameters(out, &like, &values, err);
}

/* Where the law bends over, and what energy it has there. */
static double zone_of(const struct ixs_branch *law)
{
    return law->law == IXS_BRANCH_SINE ? law->p[1] : law->edge;
}

/* The energy at the zone's edge, whose error for a sine holds that of the edge itself. */
static void zone_energy(struct ixs_dispersion_branch *row, const struct ixs_branch *law)
{
    double zone = zone_of(law), a = 2 / IXS_PI;
    row->omega_zone = row->omega_zone_err = NAN;
    if (!ixs_branch_is_acoustic(law->law) || !(zone > 0))
        return;
    row->omega_zone = ixs_branch_energy(law, zone);
    row->omega_zone_err = ixs_branch_energy_error(law, zone);
    if (law->law == IXS_BRANCH_SINE)
        row->omega_zone_err = sqrt(
            fmax(0, ixs_regress_variance(2, law->cov, (const double[]){a * zone, a * law->p[0]})));
}

static void sum_up(struct ixs_dispersion_branch *row, const struct ixs_branch *law)
{
    bool acoustic = ixs_branch_is_acoustic(law->law), curved = law->law == IXS_BRANCH_CURVED;
    double err = NAN, slope = ixs_branch_slope(law, 0, &err);
    row->velocity = acoustic ? slope * per_km_s : NAN;
    row->velocity_err = acoustic ? err * per_km_s : NAN;
    row->omega_centre = acoustic ? NAN : law->p[0];
    row->omega_centre_err = acoustic ? NAN : sqrt(law->cov[0]);
    row->curvature = curved ? law->p[1] : NAN;
    row->curvature_err = curved ? sqrt(law->cov[3]) : NAN;
    zone_energy(row, law);
    row->scatter = law->scatter;
    row->chi2 = law->chi2;
    row->dof = law->dof;
    row->nlimits = (int64_t)law->nlimits;
    row->nterms = (int64_t)law->nterms;
    ixs_copy(row->law, sizeof row->law, ixs_branch_law_word(law->law));
}

/* The zones that its modes are in, in words, where the path is not one of its own. */
static void list_zones(struct ixs_dispersion_branch *row, const struct ixs_dispersion *from,
                       const struct ixs_branching_branch *branch)
{
    const struct ixs_dispersion_path *path = &from->paths[row->path_number - 1];
    size_t used = 0;
    if (isfinite(path->d_h) || isfinite(path->g_h)) {
        ixs_copy(row->path, sizeof row->path, path->name);
        return;
    }
    for (size_t k = 0; k < branch->n; k++) {
        const struct ixs_dispersion_point *point = &from->points[branch->rows[k]];
        char zone[49];
        snprintf(zone, sizeof zone, "(%g %g %g)", point->g_h, point->g_k, point->g_l);
        if (strstr(row->path, zone) == NULL && used + strlen(zone) + 2 <= sizeof row->path)
            used += (size_t)snprintf(row->path + used, sizeof row->path - used, "%s%s",
                                     used ? " " : "", zone);
    }
}

const char *ixs_branching_character(double along)
{
    return along > 0.75 ? "longitudinal" : along < 0.25 ? "transverse" : "mixed";
}

/* Longitudinal or transverse by the angle between Q and q. */
static void characterise(struct ixs_dispersion_branch *row, const struct ixs_dispersion *from,
                         const struct ixs_branching_branch *branch)
{
    double along = 0, weights = 0;
    for (size_t k = 0; k < branch->n; k++) {
        const struct ixs_dispersion_point *point = &from->points[branch->rows[k]];
        if (!isfinite(point->q_angle))
            continue;
        along += pow(cos(point->q_angle * IXS_DEGREE), 2);
        weights += 1;
    }
    if (weights > 0)
        ixs_copy(row->character, sizeof row->character, ixs_branching_character(along / weights));
}

static void describe(struct ixs_dispersion_branch *row, const struct ixs_dispersion *from,
                     const struct ixs_branching_branch *branch)
{
    bool lent = false;
    double kelvin = 0;
    row->q_lo = INFINITY;
    for (size_t k = 0; k < branch->n; k++) {
        const struct ixs_dispersion_point *point = &from->points[branch->rows[k]];
        row->q_lo = fmin(row->q_lo, point->position);
        row->q_hi = fmax(row->q_hi, point->position);
        row->scale_err = fmax(row->scale_err, point->scale_err);
        row->path_number = point->path;
        kelvin += point->temperature / (double)branch->n;
        lent = lent || strcmp(point->response, "good") != 0;
    }
    row->npoints = (int64_t)branch->n;
    row->temperature = kelvin;
    list_zones(row, from, branch);
    characterise(row, from, branch);
    bool any = !isfinite(from->paths[row->path_number - 1].d_h);
    snprintf(row->remark, sizeof row->remark, "%s%sQ acceptance not taken off the linewidths",
             lent ? "response lent or nominal: no intrinsic linewidth; " : "",
             any ? "directions of q taken as equivalent; " : "");
}

static void set_points(struct ixs_dispersion *out, const struct ixs_dispersion_branch *row,
                       const struct ixs_branching_branch *branch)
{
    for (size_t k = 0; k < branch->n; k++) {
        struct ixs_dispersion_point *point = &out->points[branch->rows[k]];
        double err = NAN, slope = ixs_branch_slope(branch->law, point->position, &err);
        point->branch = row->branch;
        point->omega_law = ixs_branch_energy(branch->law, point->position);
        point->group_velocity = slope * per_km_s;
        point->group_velocity_err = err * per_km_s;
        ixs_copy(point->used, sizeof point->used, isnan(point->omega0_err) ? "above" : "value");
    }
}

/* From q = 0 for a law that starts there, through the range that its modes cover. */
static bool add_curve(struct ixs_dispersion *out, const struct ixs_dispersion_branch *row,
                      const struct ixs_branch *law, struct ixs_err *err)
{
    enum { STEPS = 60 };
    size_t room = out->ncurves;
    double from = ixs_branch_is_acoustic(law->law) ? 0 : row->q_lo;
    if (!ixs_grow(&out->curves, &room, out->ncurves + STEPS + 1, sizeof *out->curves, err))
        return false;
    for (int i = 0; i <= STEPS; i++) {
        double q = from + (row->q_hi - from) * i / STEPS, slope_err = NAN;
        double slope = ixs_branch_slope(law, q, &slope_err);
        bool wide = q >= row->q_lo * (1 - 1e-9);
        out->curves[out->ncurves++] = (struct ixs_dispersion_curve){
            .branch = row->branch,
            .position = q,
            .energy = ixs_branch_energy(law, q),
            .energy_err = ixs_branch_energy_error(law, q),
            .group_velocity = slope * per_km_s,
            .group_velocity_err = slope_err * per_km_s,
            .fwhm = wide ? row->fwhm_scale * pow(q / row->fwhm_q, row->fwhm_power) : NAN};
    }
    return true;
}

bool ixs_branching_record(struct ixs_dispersion *out, const struct ixs_branching_branch *branch,
                          struct ixs_err *err)
{
    size_t capacity = out->nbranches;
    double density = branch->crystal->density;
    if (!IXS_MORE(out->branches, &capacity, out->nbranches, err))
        return false;
    struct ixs_dispersion_branch *row = &out->branches[out->nbranches++];
    *row = (struct ixs_dispersion_branch){.branch = (int64_t)out->nbranches, .scale_err = NAN};
    sum_up(row, branch->law);
    describe(row, out, branch);
    /* (g/cm^3) (km/s)^2 is GPa */
    row->modulus = density * row->velocity * row->velocity;
    row->modulus_err = 2 * density * row->velocity * row->velocity_err;
    set_points(out, row, branch);
    return record_law(out, row, branch->law, err) && ixs_branching_widths(out, row, branch, err) &&
           add_curve(out, row, branch->law, err);
}
