/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pieces of the picture of a DISPERSION: points, words.
 */
#ifndef IXS_VIEW_PLOT_DISPERSION_H
#define IXS_VIEW_PLOT_DISPERSION_H

#include "products/dispersion.h"
#include "view/page.h"

enum { IXS_MOST_BRANCHES = 64 }; /* drawn */

struct ixs_dispersion_picture { /* borrows the dispersion */
    const struct ixs_dispersion *dispersion;
    struct ixs_panel energies, widths, side;
    double q_hi, energy_hi, width_hi; /* ends of the axes: 1/Angstrom, meV, meV */
    size_t nbeyond;                   /* points that reach beyond them */
};

/* Where a point stands: along its path, or its distance from the reciprocal-lattice point. */
double ixs_dispersion_q(const struct ixs_dispersion_point *point);
bool ixs_dispersion_is_limit(const struct ixs_dispersion_point *point); /* width not resolved */
bool ixs_dispersion_is_good(const struct ixs_dispersion_point *point);
const char *ixs_dispersion_colour(int64_t branch);

/* The plot command of energies, or of widths; laws[nbranches] are data blocks of lines, or NULL. */
IXS_MUST_CHECK bool ixs_dispersion_points(struct ixs_script *script,
                                          const struct ixs_dispersion_picture *picture, bool widths,
                                          const int *laws, struct ixs_err *err);

void ixs_dispersion_heading(struct ixs_script *script,
                            const struct ixs_dispersion_picture *picture);
/* What is said of the branches (in a line each when they are many), and of the symbols. */
void ixs_dispersion_words(struct ixs_words *words, const struct ixs_dispersion_picture *picture);

#endif
