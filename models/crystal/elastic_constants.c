/* SPDX-License-Identifier: GPL-3.0-or-later
 * Elastic constants from sound velocities: which wave each is, least squares, names.
 */
#include "models/crystal/elastic_constants_inside.h"

#include "models/numerics/eigen.h"
#include "models/crystal/lattice.h"
#include "models/numerics/whiten.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- which of the three waves is seen ------------------------------------------------------- */

/* The polarization of wave j along a direction; where it shares its velocity with another, the one
 * of theirs that Q sees best. *seen: (Q . polarization)^2. */
static void polarization_of(const double modulus[3], const double vectors[9], int j,
                            const double along[3], double out[3], double *seen)
{
    double q[3] = {along[0], along[1], along[2]}, sum[3] = {0};
    ixs_elastic_unit(q);
    for (int i = 0; i < 3; i++) {
        const double *other = vectors + 3 * i;
        double part = ixs_elastic_dot(q, other);
        if (fabs(modulus[i] - modulus[j]) > 1e-6 * fabs(modulus[2]))
            continue;
        for (int k = 0; k < 3; k++)
            sum[k] += part * other[k];
    }
    *seen = ixs_elastic_dot(sum, sum);
    memcpy(out, *seen > 1e-6 ? sum : vectors + 3 * j, 3 * sizeof *out);
    ixs_elastic_unit(out);
}

static const double nearly = 1.0986; /* ln 3, of (Q . polarization)^2 */

struct seen { /* the waves of one family, by rising modulus, and which of the three they are */
    size_t n, rows[3];
    int which[3];
};

/* The next of the ways to choose n of the three in rising order. */
static bool next_choice(struct seen *seen)
{
    for (size_t i = seen->n; i-- > 0;)
        if (seen->which[i] < 3 - (int)(seen->n - i)) {
            seen->which[i]++;
            for (size_t k = i + 1; k < seen->n; k++)
                seen->which[k] = seen->which[k - 1] + 1;
            return true;
        }
    return false;
}

static void gather_family(size_t nwaves, const struct ixs_elastic_wave *waves, size_t first,
                          struct seen *out)
{
    *out = (struct seen){.which = {0, 1, 2}};
    for (size_t i = first; i < nwaves && out->n < 3; i++) {
        size_t k = out->n;
        if (waves[i].family != waves[first].family)
            continue;
        for (; k > 0 && waves[out->rows[k - 1]].modulus > waves[i].modulus; k--)
            out->rows[k] = out->rows[k - 1];
        out->rows[k] = i;
        out->n++;
    }
}

static double score_of(const struct seen *seen, const struct ixs_elastic_wave *waves,
                       const double modulus[3], const double vectors[9])
{
    double score = 0, unused[3], part;
    for (size_t i = 0; i < seen->n; i++) {
        const struct ixs_elastic_wave *wave = &waves[seen->rows[i]];
        polarization_of(modulus, vectors, seen->which[i], wave->along, unused, &part);
        score += log(part + 0.02);
    }
    return score;
}

/* Whether two choices come to the same moduli. */
static bool same_moduli(const struct seen *a, const struct seen *b, const double modulus[3])
{
    for (size_t i = 0; i < a->n; i++)
        if (fabs(modulus[a->which[i]] - modulus[b->which[i]]) > 1e-6 * fabs(modulus[2]))
            return false;
    return true;
}

/* The choice that Q sees best; false if another, of other moduli, is nearly as good. */
static bool choose(struct seen *best, const struct ixs_elastic_wave *waves, const double modulus[3],
                   const double vectors[9])
{
    struct seen seen = *best, start = *best;
    double most = -INFINITY, next = -INFINITY;
    do {
        double score = score_of(&seen, waves, modulus, vectors);
        if (score > most + 1e-9)
            *best = seen;
        most = fmax(most, score);
    } while (next_choice(&seen));
    seen = start;
    do
        if (!same_moduli(&seen, best, modulus))
            next = fmax(next, score_of(&seen, waves, modulus, vectors));
    while (next_choice(&seen));
    return most - next > nearly;
}

/* Shares of the constants in the modulus of each wave of the family that begins at `first`. */
static void share_family(const struct ixs_elastic_form *form, const double *constants,
                         size_t nwaves, struct ixs_elastic_wave *waves, size_t first)
{
    struct seen best;
    double modulus[3], vectors[9], n[3], part;
    ixs_elastic_waves(form->classes[0], constants, waves[first].direction, modulus, vectors);
    gather_family(nwaves, waves, first, &best);
    bool sure = choose(&best, waves, modulus, vectors);
    memcpy(n, waves[first].direction, sizeof n);
    ixs_elastic_unit(n);
    for (size_t i = 0; i < best.n; i++) {
        struct ixs_elastic_wave *wave = &waves[best.rows[i]];
        double e[3], gamma[9], image[3];
        polarization_of(modulus, vectors, best.which[i], wave->along, e, &part);
        wave->sure = sure;
        wave->character = pow(ixs_elastic_dot(n, e), 2);
        for (size_t k = 0; k < form->n; k++) {
            ixs_elastic_gamma(form, k, n, gamma);
            ixs_matrix_apply(gamma, e, image);
            wave->share[k] = ixs_elastic_dot(e, image);
        }
    }
}

static void share_all(const struct ixs_elastic_form *form, const double *constants, size_t nwaves,
                      struct ixs_elastic_wave *waves)
{
    for (size_t i = 0; i < nwaves; i++) {
        size_t k = 0;
        while (waves[k].family != waves[i].family)
            k++;
        if (k == i)
            share_family(form, constants, nwaves, waves, i);
    }
}

/* ---- least squares -------------------------------------------------------------------------- */

/* An isotropic body of the moduli seen: what the polarizations start from. */
static void guess(const struct ixs_elastic_form *form, size_t nwaves,
                  const struct ixs_elastic_wave *waves, double *constants)
{
    double most = 0, least = INFINITY;
    for (size_t i = 0; i < nwaves; i++) {
        most = fmax(most, waves[i].modulus);
        least = fmin(least, waves[i].modulus);
    }
    double shear = least < 0.8 * most ? least : most / 3;
    for (size_t k = 0; k < form->n; k++) {
        const char row = form->names[k][1], column = form->names[k][2];
        constants[k] = row != column ? (row <= '3' && column <= '3' ? most - 2 * shear : 0)
                       : row <= '3'  ? most
                                     : shear;
    }
}

struct normal { /* J^T W J and its parts that the data tell */
    size_t n;
    double matrix[IXS_ELASTIC_MOST * IXS_ELASTIC_MOST], right[IXS_ELASTIC_MOST];
    double inverse[IXS_ELASTIC_MOST * IXS_ELASTIC_MOST];
    bool known[IXS_ELASTIC_MOST];
    size_t rank;
};

/* Residuals of the waves and how they follow the constants, in errors, made independent: of those
 * that are used; others are 0. */
struct rows {
    double off[IXS_ELASTIC_MOST_WAVES], share[IXS_ELASTIC_MOST][IXS_ELASTIC_MOST_WAVES];
};

static void whiten(struct rows *rows, size_t n, size_t nwaves, const struct ixs_elastic_wave *waves,
                   const double *correlation)
{
    double factor[IXS_ELASTIC_MOST_WAVES * IXS_ELASTIC_MOST_WAVES];
    size_t first[IXS_ELASTIC_MOST_WAVES];
    if (correlation == NULL)
        return;
    for (size_t i = 0; i < nwaves; i++)
        for (size_t k = 0; k < nwaves; k++)
            factor[i * nwaves + k] =
                waves[i].sure && waves[k].sure ? correlation[i * nwaves + k] : 0;
    ixs_whiten_factor(nwaves, factor, first);
    ixs_whiten_apply(nwaves, factor, first, rows->off);
    for (size_t k = 0; k < n; k++)
        ixs_whiten_apply(nwaves, factor, first, rows->share[k]);
}

static void take_rows(struct rows *rows, size_t n, size_t nwaves,
                      const struct ixs_elastic_wave *waves, const double *correlation)
{
    for (size_t i = 0; i < nwaves; i++) {
        double weight = waves[i].sure ? 1 / waves[i].err : 0;
        rows->off[i] = weight * (waves[i].modulus - waves[i].fitted);
        for (size_t k = 0; k < n; k++)
            rows->share[k][i] = weight * waves[i].share[k];
    }
    whiten(rows, n, nwaves, waves, correlation);
}

static void set_up(struct normal *normal, size_t nwaves, const struct rows *rows)
{
    size_t n = normal->n;
    memset(normal->matrix, 0, sizeof normal->matrix);
    memset(normal->right, 0, sizeof normal->right);
    for (size_t i = 0; i < nwaves; i++)
        for (size_t k = 0; k < n; k++) {
            normal->right[k] += rows->share[k][i] * rows->off[i];
            for (size_t l = 0; l < n; l++)
                normal->matrix[k * n + l] += rows->share[k][i] * rows->share[l][i];
        }
}

/* Inverse over the eigenvectors that the data tell; a constant is known if it has no part in the
 * others. */
static bool pseudo_inverse(struct normal *normal)
{
    size_t n = normal->n;
    double values[IXS_ELASTIC_MOST], vectors[IXS_ELASTIC_MOST * IXS_ELASTIC_MOST], largest = 0;
    ixs_eigen(n, normal->matrix, values, vectors);
    for (size_t m = 0; m < n; m++) {
        largest = fmax(largest, values[m]);
        normal->known[m] = true;
    }
    memset(normal->inverse, 0, sizeof normal->inverse);
    normal->rank = 0;
    for (size_t m = 0; m < n; m++) {
        bool told = values[m] > 1e-10 * largest;
        normal->rank += told ? 1 : 0;
        for (size_t k = 0; k < n; k++) {
            double of_k = vectors[k * n + m];
            normal->known[k] = normal->known[k] && (told || fabs(of_k) < 1e-4);
            for (size_t l = 0; told && l < n; l++)
                normal->inverse[k * n + l] += of_k * vectors[l * n + m] / values[m];
        }
    }
    return normal->rank > 0;
}

static void evaluate(const struct ixs_elastic_form *form, const double *constants, size_t nwaves,
                     struct ixs_elastic_wave *waves)
{
    share_all(form, constants, nwaves, waves);
    for (size_t i = 0; i < nwaves; i++) {
        waves[i].fitted = 0;
        for (size_t k = 0; k < form->n; k++)
            waves[i].fitted += waves[i].share[k] * constants[k];
    }
}

static void finish(const struct ixs_elastic_form *form, size_t nwaves,
                   const struct ixs_elastic_wave *waves, const struct rows *rows,
                   const struct normal *normal, struct ixs_elastic_constants *out)
{
    size_t n = form->n;
    out->chi2 = 0;
    out->dof = -(long)normal->rank;
    for (size_t i = 0; i < nwaves; i++) {
        out->chi2 += rows->off[i] * rows->off[i];
        out->dof += waves[i].sure ? 1 : 0;
    }
    double larger = 1; /* errors, where the velocities disagree beyond them */
    if (out->dof > 0 && gsl_cdf_chisq_Q(out->chi2, (double)out->dof) < 0.05)
        larger = out->chi2 / (double)out->dof;
    for (size_t k = 0; k < n * n; k++)
        out->cov[k] = larger * normal->inverse[k];
    memcpy(out->known, normal->known, n * sizeof *out->known);
}

bool ixs_elastic_fit(const char *laue, size_t nwaves, struct ixs_elastic_wave *waves,
                     const double *correlation, struct ixs_elastic_constants *out)
{
    enum { ROUNDS = 60 };
    const struct ixs_elastic_form *form = ixs_elastic_form(laue);
    struct normal normal = {.n = form ? form->n : 0};
    *out = (struct ixs_elastic_constants){.n = normal.n, .names = form ? form->names : NULL};
    struct rows rows;
    if (form == NULL || nwaves == 0 || nwaves > IXS_ELASTIC_MOST_WAVES)
        return false;
    guess(form, nwaves, waves, out->value);
    for (int round = 0; round < ROUNDS; round++) {
        double step = 0;
        evaluate(form, out->value, nwaves, waves);
        take_rows(&rows, form->n, nwaves, waves, correlation);
        set_up(&normal, nwaves, &rows);
        if (!pseudo_inverse(&normal))
            return false;
        for (size_t k = 0; k < form->n; k++) {
            double by = 0;
            for (size_t l = 0; l < form->n; l++)
                by += normal.inverse[k * form->n + l] * normal.right[l];
            out->value[k] += by;
            step = fmax(step, fabs(by));
        }
        if (step < 1e-9)
            break;
    }
    evaluate(form, out->value, nwaves, waves);
    take_rows(&rows, form->n, nwaves, waves, correlation);
    finish(form, nwaves, waves, &rows, &normal, out);
    return true;
}

/* ---- words ---------------------------------------------------------------------------------- */

/* The least m up to 6 for which m times every share is an integer; 0 if there is none. */
static int denominator(const struct ixs_elastic_constants *constants,
                       const struct ixs_elastic_wave *wave)
{
    for (int m = 1; m <= 6; m++) {
        bool plain = true;
        for (size_t k = 0; k < constants->n; k++)
            plain = plain && fabs(m * wave->share[k] - round(m * wave->share[k])) < 0.01;
        if (plain)
            return m;
    }
    return 0;
}

void ixs_elastic_name(const struct ixs_elastic_constants *constants,
                      const struct ixs_elastic_wave *wave, size_t size, char *room)
{
    int m = denominator(constants, wave);
    size_t used = 0, terms = 0;
    char text[160] = "";
    for (size_t k = 0; m > 0 && k < constants->n; k++) {
        long times = lround(m * wave->share[k]);
        if (times == 0)
            continue;
        const char *sign = times < 0 ? "-" : terms > 0 ? "+" : "";
        char count[24] = "";
        if (labs(times) > 1)
            snprintf(count, sizeof count, "%ld", labs(times));
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s%s", sign, count,
                                 constants->names[k]);
        terms++;
    }
    if (m > 1 && terms > 1)
        snprintf(room, size, "(%s)/%d", text, m);
    else if (m > 1 && terms == 1)
        snprintf(room, size, "%s/%d", text, m);
    else
        snprintf(room, size, "%s", text);
}
