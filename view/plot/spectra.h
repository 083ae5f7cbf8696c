/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which spectra a picture of SPECTRA shows, and the pictures beside that of the spectra themselves.
 */
#ifndef IXS_VIEW_PLOT_SPECTRA_H
#define IXS_VIEW_PLOT_SPECTRA_H

#include "products/spectra.h"
#include "view/plot/page.h"

struct ixs_spectra_shown { /* one spectrum and whose it is */
    const struct ixs_spectra *product;
    const struct ixs_spectrum *row;
};

struct ixs_spectra_chosen { /* owns its arrays */
    size_t nproducts;
    struct ixs_spectra *products;
    size_t npanels, capacity, nleft_out;
    struct ixs_spectra_shown *panels;
    bool elastic, cell, several_scans;
};

/* "object, scan 12, 296 K" of what is shown. */
void ixs_spectra_heading(const struct ixs_spectra_chosen *chosen, size_t size, char *room);

/* Titles of one panel. */
void ixs_spectra_title(struct ixs_script *script, const struct ixs_spectra_chosen *chosen,
                       const struct ixs_spectrum *row, const struct ixs_panel *panel);

/* chi'' of each: points, and the fit with and without the response. */
IXS_MUST_CHECK bool ixs_plot_chi(struct ixs_script *script, const struct ixs_spectra_chosen *chosen,
                                 const struct ixs_plot_choice *choice, struct ixs_err *err);

/* Q against energy, intensity as colour, each spectrum a band. */
IXS_MUST_CHECK bool ixs_plot_map(struct ixs_script *script, const struct ixs_spectra_chosen *chosen,
                                 const struct ixs_plot_choice *choice, struct ixs_err *err);

#endif
