/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pieces of the picture of a DISPERSION: panels, laws, points, words.
 */
#ifndef IXS_VIEW_PLOT_DISPERSION_H
#define IXS_VIEW_PLOT_DISPERSION_H

#include "products/dispersion.h"
#include "view/plot/page.h"

enum { IXS_MOST_BRANCHES = 64, IXS_MOST_PATHS = 5 }; /* drawn */

struct ixs_dispersion_panel { /* one path: energies above, widths below */
    int64_t path;             /* 0: all points */
    const char *name;         /* "" with one panel */
    struct ixs_panel energies, widths;
    double q_hi; /* 1/Angstrom, end of its axis */
};

struct ixs_dispersion_picture { /* borrows the dispersion */
    const struct ixs_dispersion *dispersion;
    size_t npanels;
    struct ixs_dispersion_panel panels[IXS_MOST_PATHS];
    size_t nleft_out; /* paths that are not drawn */
    struct ixs_panel side;
    double energy_hi, width_hi; /* ends of the axes: meV, meV */
    size_t nbeyond;             /* points that reach beyond them */
};

/* Where a point stands: along its path, or its distance from the reciprocal-lattice point. */
double ixs_dispersion_q(const struct ixs_dispersion_point *point);
bool ixs_dispersion_is_limit(const struct ixs_dispersion_point *point); /* width not resolved */
/* Its energy is not told apart from its width: only OMEGA0_LO is meant. */
bool ixs_dispersion_is_above(const struct ixs_dispersion_point *point);
double ixs_dispersion_energy(const struct ixs_dispersion_point *point); /* value or limit, meV */
bool ixs_dispersion_is_good(const struct ixs_dispersion_point *point);
const char *ixs_dispersion_colour(int64_t branch);

struct ixs_dispersion_lines { /* data blocks of lines, 0: none */
    int laws[IXS_MOST_BRANCHES];
    int overlay;
};

/* The plot command of the energies, or of the widths, of one panel. */
IXS_MUST_CHECK bool ixs_dispersion_points(struct ixs_script *script,
                                          const struct ixs_dispersion_picture *picture,
                                          const struct ixs_dispersion_panel *panel, bool widths,
                                          const struct ixs_dispersion_lines *lines,
                                          struct ixs_err *err);

void ixs_dispersion_heading(struct ixs_script *script,
                            const struct ixs_dispersion_picture *picture);
/* What is said of the branches (in a line each when they are many), and of the symbols. */
void ixs_dispersion_words(struct ixs_words *words, const struct ixs_dispersion_picture *picture);

#endif
