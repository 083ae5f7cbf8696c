/* SPDX-License-Identifier: GPL-3.0-or-later
 * Spectra that are alike, but for what may differ.
 */
#include "calib/fitting/alike.h"

#include "base/array.h"
#include "models/crystal/lattice.h"
#include "models/crystal/laue.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double usual_q = 0.005; /* 1/Angstrom: 0.15 meV of sound at 5 km/s */

struct crystal { /* that all spectra are of; as far as it is known */
    bool known;
    double b[9];
    char centring[3];
    struct ixs_laue laue;
};

struct asking {
    const struct ixs_fitting_parts *parts;
    const struct crystal *crystal;
    unsigned over;
    double q, kelvin; /* tolerances */
};

static double length(const double b[9], const double hkl[3])
{
    double v[3];
    ixs_matrix_apply(b, hkl, v);
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

static bool near(double a, double b, double most)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= most;
}

/* The same Q: by its components where a crystal tells them. */
static bool same_place(const struct asking *asking, const struct ixs_spectrum *a,
                       const struct ixs_spectrum *b)
{
    const double step[3] = {a->h - b->h, a->k - b->k, a->l - b->l};
    if (asking->crystal->known && isfinite(step[0] + step[1] + step[2]))
        return length(asking->crystal->b, step) <= asking->q;
    return near(a->q, b->q, asking->q);
}

/* Whether two reduced q are the same but for a reciprocal-lattice vector, which at the edge of a
 * zone there may be. */
static bool same_reduced(const struct asking *asking, const double a[3], const double b[3])
{
    const struct crystal *crystal = asking->crystal;
    double step[3] = {a[0] - b[0], a[1] - b[1], a[2] - b[2]}, lattice[3];
    if (length(crystal->b, step) <= asking->q)
        return true;
    if (!ixs_lattice_nearest(crystal->b, crystal->centring, step, lattice))
        return false;
    for (size_t i = 0; i < 3; i++)
        step[i] -= lattice[i];
    return length(crystal->b, step) <= asking->q;
}

static bool same_star(const struct asking *asking, const struct ixs_spectrum *a,
                      const struct ixs_spectrum *b)
{
    const struct ixs_laue *laue = &asking->crystal->laue;
    const double one[3] = {a->q_h, a->q_k, a->q_l}, other[3] = {b->q_h, b->q_k, b->q_l};
    for (size_t i = 0; i < laue->n; i++) {
        const int *row = laue->operations[i];
        double image[3];
        for (size_t k = 0; k < 3; k++)
            image[k] =
                row[3 * k] * other[0] + row[3 * k + 1] * other[1] + row[3 * k + 2] * other[2];
        if (same_reduced(asking, one, image))
            return true;
    }
    return false;
}

/* Without a crystal, or where it is asked for, by length: that of q, or of Q. */
static bool same_zone(const struct asking *asking, const struct ixs_spectrum *a,
                      const struct ixs_spectrum *b)
{
    bool reduced = isfinite(a->q_reduced) && isfinite(b->q_reduced);
    if (!reduced)
        return near(a->q, b->q, asking->q);
    if (!near(a->q_reduced, b->q_reduced, asking->q))
        return false;
    return asking->parts->by_length || !asking->crystal->known || same_star(asking, a, b);
}

static bool alike(const struct asking *asking, const struct ixs_spectrum *a,
                  const struct ixs_spectrum *b)
{
    unsigned over = asking->over;
    bool other_scans = (over & (IXS_OVER_SCANS | IXS_OVER_TEMPERATURES | IXS_OVER_ZONES)) != 0;
    bool other_analyzers = (over & (IXS_OVER_ANALYZERS | IXS_OVER_ZONES)) != 0;
    if ((over & IXS_OVER_ALL) != 0)
        return true;
    if (!other_scans && strcmp(a->scans, b->scans) != 0)
        return false;
    if (!other_analyzers && strcmp(a->analyzer, b->analyzer) != 0)
        return false;
    if ((over & IXS_OVER_TEMPERATURES) == 0 &&
        !near(a->temperature, b->temperature, asking->kelvin))
        return false;
    if ((over & IXS_OVER_ZONES) != 0)
        return same_zone(asking, a, b);
    return (over & IXS_OVER_ANALYZERS) != 0 || same_place(asking, a, b);
}

static bool find_symmetry(struct crystal *crystal, const struct ixs_fitting_parts *parts,
                          struct ixs_err *err)
{
    const char *name = parts->symmetry[0] != '\0' ? ixs_laue_class(parts->symmetry) : NULL;
    if (parts->symmetry[0] == '\0') {
        ixs_laue_of_lattice(&crystal->laue, crystal->b);
        return true;
    }
    if (name == NULL)
        return ixs_fail_at(err, IXS_USAGE, parts->path, 0,
                           "found symmetry %s, expected a point group or Laue class such as m-3m",
                           parts->symmetry);
    ixs_laue_make(&crystal->laue, name);
    return ixs_laue_fits(&crystal->laue, crystal->b) ||
           ixs_fail_at(err, IXS_USAGE, parts->path, 0,
                       "found symmetry %s, expected one that the lattice has", parts->symmetry);
}

static bool find_crystal(struct crystal *crystal, const struct ixs_spectra *spectra,
                         const struct ixs_fitting_parts *parts, struct ixs_err *err)
{
    crystal->known = ixs_lattice_b(spectra->keys.lattice, crystal->b);
    ixs_copy(crystal->centring, sizeof crystal->centring, spectra->keys.centring);
    return !crystal->known || find_symmetry(crystal, parts, err);
}

bool ixs_fitting_groups(size_t *groups, size_t *ngroups, size_t n,
                        const struct ixs_fitting_member *members, unsigned over,
                        const struct ixs_fitting_parts *parts, struct ixs_err *err)
{
    struct crystal crystal = {0};
    size_t *leaders = NULL;
    const struct asking asking = {.parts = parts,
                                  .crystal = &crystal,
                                  .over = over,
                                  .q = parts->alike_q > 0.0 ? parts->alike_q : usual_q,
                                  .kelvin = ixs_fitting_same_kelvin(parts)};
    *ngroups = 0;
    bool ok =
        IXS_NEW(leaders, n, err) && (n == 0 || find_crystal(&crystal, members[0].of, parts, err));
    for (size_t i = 0; ok && i < n; i++) {
        size_t g = 0;
        while (g < *ngroups && !alike(&asking, members[leaders[g]].spectrum, members[i].spectrum))
            g++;
        if (g == *ngroups)
            leaders[(*ngroups)++] = i;
        groups[i] = g;
    }
    free(leaders);
    return ok;
}
