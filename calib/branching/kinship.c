/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the modes of FIT products have to do with each other.
 */
#include "calib/branching/kinship.h"

#include "base/array.h"
#include "models/numerics/cholesky.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double independent = 1e-9; /* pivot of a correlation: below it, one tells the other */

enum kind { NOTHING, FIGURE, SHARED };

struct slot { /* where a row of PARAMETERS goes */
    enum kind kind;
    size_t owner; /* the spectrum, or the set */
    size_t place; /* in it */
};

struct adding { /* one product; owns its arrays */
    const struct ixs_fit *fit;
    struct ixs_kinship *to;
    size_t first_mode;
    struct slot *slots;  /* [nparameters] */
    size_t *spectrum_of; /* [nparameters + 1] 1 + spectrum of that number; no FIT has more */
};

/* ---- what there is --------------------------------------------------------------------------- */

static bool add_mode(struct adding *adding, const struct ixs_fit_mode *mode, struct ixs_err *err)
{
    struct ixs_kinship *to = adding->to;
    int64_t number = mode->id.spectrum;
    bool numbered = number >= 1 && number <= (int64_t)adding->fit->nparameters;
    if (!IXS_MORE(to->modes, &to->modes_room, to->nmodes, err))
        return false;
    size_t *known = numbered ? &adding->spectrum_of[number] : NULL;
    if (known == NULL || *known == 0) {
        if (!IXS_MORE(to->spectra, &to->spectra_room, to->nspectra, err))
            return false;
        to->spectra[to->nspectra++] = (struct ixs_kin_spectrum){0};
    }
    size_t spectrum = known == NULL || *known == 0 ? to->nspectra - 1 : *known - 1;
    if (known != NULL)
        *known = spectrum + 1;
    size_t place = to->spectra[spectrum].nfigures;
    to->spectra[spectrum].nfigures += IXS_KIN_FIGURES;
    long own = (long)(IXS_KIN_FIGURES * to->nmodes);
    to->modes[to->nmodes++] = (struct ixs_kin_mode){spectrum, place, {own, own + 1}};
    return true;
}

static bool add_sets(struct adding *adding, struct ixs_err *err)
{
    const struct ixs_fit *fit = adding->fit;
    struct ixs_kinship *to = adding->to;
    size_t first = to->nsets;
    int64_t last = 0;
    for (size_t i = 0; i < fit->nparameters && fit->parameters[i].spectrum == 0; i++) {
        int64_t set = fit->parameters[i].set;
        if (i == 0 || set != last) {
            if (!IXS_MORE(to->sets, &to->sets_room, to->nsets, err))
                return false;
            to->sets[to->nsets++] = (struct ixs_kin_set){0};
        }
        last = set;
        adding->slots[i] = (struct slot){SHARED, to->nsets - 1, to->sets[to->nsets - 1].nshared++};
    }
    for (size_t s = first; s < to->nsets; s++)
        if (!IXS_NEW(to->sets[s].covariance, to->sets[s].nshared * to->sets[s].nshared, err))
            return false;
    return true;
}

/* The figure that a row is of, below the number of figures; else that number. */
static int figure_of(const struct ixs_fit_parameter *row)
{
    if (strncmp(row->component, "dho", 3) != 0)
        return IXS_KIN_FIGURES;
    return strcmp(row->name, "omega0") == 0 ? IXS_KIN_OMEGA0
           : strcmp(row->name, "fwhm") == 0 ? IXS_KIN_FWHM
                                            : IXS_KIN_FIGURES;
}

/* The mode of its spectrum that a row is of, among those of the product; their number: none. */
static size_t mode_of(const struct adding *adding, const struct ixs_fit_parameter *row, size_t *at)
{
    const struct ixs_fit *fit = adding->fit;
    long number = strtol(row->component + 3, NULL, 10);
    for (size_t k = 0; k < fit->nmodes; k++, *at = (*at + 1) % fit->nmodes)
        if (fit->modes[*at].id.spectrum == row->spectrum && fit->modes[*at].mode == number)
            return *at;
    return fit->nmodes;
}

static void find_slots(struct adding *adding)
{
    const struct ixs_fit *fit = adding->fit;
    struct ixs_kinship *to = adding->to;
    size_t shared = to->nshared;
    for (size_t i = 0, at = 0; i < fit->nparameters; i++) {
        const struct ixs_fit_parameter *row = &fit->parameters[i];
        int figure = figure_of(row);
        bool numbered = row->spectrum >= 1 && row->spectrum <= (int64_t)fit->nparameters &&
                        adding->spectrum_of[row->spectrum] > 0;
        to->nshared += adding->slots[i].kind == SHARED;
        size_t mode =
            numbered && figure < IXS_KIN_FIGURES ? mode_of(adding, row, &at) : fit->nmodes;
        if (mode == fit->nmodes)
            continue;
        struct ixs_kin_mode *kin = &to->modes[adding->first_mode + mode];
        adding->slots[i] = (struct slot){FIGURE, kin->spectrum, kin->place + (size_t)figure};
        bool follows = row->like >= 1 && row->like <= (int64_t)fit->nparameters &&
                       fit->parameters[row->like - 1].spectrum == 0;
        if (follows)
            kin->datum[figure] = -(long)shared - (long)row->like;
    }
}

/* ---- covariances ----------------------------------------------------------------------------- */

/* Where the covariances of a spectrum with a shared one stand, made if there is none. */
static bool use_of(struct ixs_kin_spectrum *spectrum, size_t shared, double **row,
                   struct ixs_err *err)
{
    size_t n = spectrum->nfigures, j = 0;
    while (j < spectrum->nuses && spectrum->uses[j] != shared)
        j++;
    size_t uses = spectrum->nuses, weights = spectrum->nuses * n;
    if (j == spectrum->nuses) {
        if (!ixs_grow(&spectrum->uses, &uses, j + 1, sizeof *spectrum->uses, err) ||
            !ixs_grow(&spectrum->weights, &weights, (j + 1) * n, sizeof *spectrum->weights, err))
            return false;
        spectrum->uses[j] = shared;
        memset(spectrum->weights + j * n, 0, n * sizeof *spectrum->weights);
        spectrum->nuses++;
    }
    *row = spectrum->weights + j * n;
    return true;
}

static void put(double *matrix, size_t n, size_t i, size_t k, double value)
{
    matrix[i * n + k] = matrix[k * n + i] = isfinite(value) ? value : 0;
}

static bool add_covariance(struct adding *adding, const struct ixs_fit_covariance *row,
                           struct ixs_err *err)
{
    struct ixs_kinship *to = adding->to;
    int64_t n = (int64_t)adding->fit->nparameters;
    if (row->row < 1 || row->column < 1 || row->row > n || row->column > n)
        return true;
    const struct slot *one = &adding->slots[row->row - 1], *other = &adding->slots[row->column - 1];
    bool mates = one->kind == other->kind && one->owner == other->owner;
    if (mates && one->kind == FIGURE) {
        struct ixs_kin_spectrum *spectrum = &to->spectra[one->owner];
        put(spectrum->covariance, spectrum->nfigures, one->place, other->place, row->covariance);
    } else if (mates && one->kind == SHARED) {
        struct ixs_kin_set *set = &to->sets[one->owner];
        put(set->covariance, set->nshared, one->place, other->place, row->covariance);
    } else if (one->kind == FIGURE && other->kind == SHARED) {
        double *weights = NULL;
        struct ixs_kin_spectrum *spectrum = &to->spectra[one->owner];
        if (!use_of(spectrum, other->place, &weights, err))
            return false;
        spectrum->set = other->owner;
        weights[one->place] = isfinite(row->covariance) ? row->covariance : 0;
    }
    return true;
}

/* Uses of which something is known, in front. */
static size_t known_uses(const struct ixs_kin_set *set, struct ixs_kin_spectrum *spectrum)
{
    size_t kept = 0, n = spectrum->nfigures;
    for (size_t j = 0; j < spectrum->nuses; j++) {
        size_t at = spectrum->uses[j];
        if (!(set->covariance[at * (set->nshared + 1)] > 0))
            continue;
        spectrum->uses[kept] = at;
        memmove(spectrum->weights + kept * n, spectrum->weights + j * n,
                n * sizeof *spectrum->weights);
        kept++;
    }
    return kept;
}

/* C_sa -> C_ss^-1 C_sa; none where C_ss is not one that can be. room: [nuses (nuses + 1)]. */
static bool weigh(const struct ixs_kin_set *set, struct ixs_kin_spectrum *spectrum,
                  struct ixs_err *err)
{
    size_t m = spectrum->nuses = known_uses(set, spectrum), n = spectrum->nfigures;
    double *factor = NULL, *x = NULL;
    bool ok = IXS_NEW(factor, m * m, err) && IXS_NEW(x, 2 * m, err);
    double *scale = x + m;
    for (size_t i = 0; ok && i < m; i++)
        scale[i] = sqrt(set->covariance[spectrum->uses[i] * (set->nshared + 1)]);
    for (size_t i = 0; ok && i < m; i++)
        for (size_t k = 0; k <= i; k++)
            factor[i * m + k] =
                set->covariance[spectrum->uses[i] * set->nshared + spectrum->uses[k]] /
                (scale[i] * scale[k]);
    if (ok && ixs_cholesky(m, factor, independent) < m)
        spectrum->nuses = 0;
    for (size_t a = 0; ok && spectrum->nuses > 0 && a < n; a++) {
        for (size_t i = 0; i < m; i++)
            x[i] = spectrum->weights[i * n + a] / scale[i];
        ixs_cholesky_solve(m, factor, x);
        for (size_t i = 0; i < m; i++)
            spectrum->weights[i * n + a] = x[i] / scale[i];
    }
    free(factor);
    free(x);
    return ok;
}

bool ixs_kinship_add(struct ixs_kinship *kinship, const struct ixs_fit *fit, struct ixs_err *err)
{
    struct adding adding = {.fit = fit, .to = kinship, .first_mode = kinship->nmodes};
    size_t first = kinship->nspectra;
    bool ok = IXS_NEW(adding.slots, fit->nparameters, err) &&
              IXS_NEW(adding.spectrum_of, fit->nparameters + 1, err) && add_sets(&adding, err);
    for (size_t i = 0; ok && i < fit->nmodes; i++)
        ok = add_mode(&adding, &fit->modes[i], err);
    for (size_t s = first; ok && s < kinship->nspectra; s++) {
        struct ixs_kin_spectrum *spectrum = &kinship->spectra[s];
        ok = IXS_NEW(spectrum->covariance, spectrum->nfigures * spectrum->nfigures, err);
    }
    if (ok)
        find_slots(&adding);
    for (size_t i = 0; ok && i < fit->ncovariances; i++)
        ok = add_covariance(&adding, &fit->covariances[i], err);
    for (size_t s = first; ok && s < kinship->nspectra; s++)
        if (kinship->spectra[s].nuses > 0)
            ok = weigh(&kinship->sets[kinship->spectra[s].set], &kinship->spectra[s], err);
    free(adding.slots);
    free(adding.spectrum_of);
    return ok;
}

void ixs_kinship_dispose(struct ixs_kinship *kinship)
{
    for (size_t s = 0; s < kinship->nspectra; s++) {
        free(kinship->spectra[s].covariance);
        free(kinship->spectra[s].uses);
        free(kinship->spectra[s].weights);
    }
    for (size_t s = 0; s < kinship->nsets; s++)
        free(kinship->sets[s].covariance);
    free(kinship->modes);
    free(kinship->spectra);
    free(kinship->sets);
    *kinship = (struct ixs_kinship){0};
}

/* ---- what it says ---------------------------------------------------------------------------- */

bool ixs_kinship_any(const struct ixs_kinship *kinship)
{
    return kinship != NULL && kinship->nsets > 0;
}

bool ixs_kinship_same(const struct ixs_kinship *kinship, size_t one, size_t other,
                      enum ixs_kin_figure figure)
{
    return kinship->modes[one].datum[figure] == kinship->modes[other].datum[figure];
}

double ixs_kinship_covariance(const struct ixs_kinship *kinship, size_t one,
                              enum ixs_kin_figure figure, size_t other,
                              enum ixs_kin_figure its_figure)
{
    const struct ixs_kin_mode *a = &kinship->modes[one], *b = &kinship->modes[other];
    const struct ixs_kin_spectrum *from = &kinship->spectra[a->spectrum],
                                  *to = &kinship->spectra[b->spectrum];
    size_t i = a->place + (size_t)figure, k = b->place + (size_t)its_figure;
    double sum = 0;
    if (from == to)
        return from->covariance[i * from->nfigures + k];
    if (from->nuses == 0 || to->nuses == 0 || from->set != to->set)
        return 0;
    const struct ixs_kin_set *set = &kinship->sets[from->set];
    for (size_t s = 0; s < from->nuses; s++)
        for (size_t t = 0; t < to->nuses; t++)
            sum += from->weights[s * from->nfigures + i] * to->weights[t * to->nfigures + k] *
                   set->covariance[from->uses[s] * set->nshared + to->uses[t]];
    return sum;
}

double ixs_kinship_correlation(const struct ixs_kinship *kinship, size_t one,
                               enum ixs_kin_figure figure, size_t other,
                               enum ixs_kin_figure its_figure)
{
    const double most = 0.999;
    if (figure == its_figure && ixs_kinship_same(kinship, one, other, figure))
        return 1;
    double a = ixs_kinship_covariance(kinship, one, figure, one, figure);
    double b = ixs_kinship_covariance(kinship, other, its_figure, other, its_figure);
    double of = ixs_kinship_covariance(kinship, one, figure, other, its_figure) / sqrt(a * b);
    return a > 0 && b > 0 && isfinite(of) ? fmin(fmax(of, -most), most) : 0;
}
