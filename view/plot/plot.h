/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pictures: products as gnuplot scripts, and gnuplot as a child that turns a script into a picture
 * in memory. The same products give the same bytes (a PDF too: its date is taken out).
 */
#ifndef IXS_VIEW_PLOT_PLOT_H
#define IXS_VIEW_PLOT_PLOT_H

#include "base/product.h"

enum ixs_picture {
    IXS_PICTURE_SVG,
    IXS_PICTURE_PNG,
    IXS_PICTURE_PDF,
    IXS_PICTURE_SCRIPT, /* the gnuplot script itself, with its data, for changes by hand */
};

enum ixs_view {
    IXS_VIEW_PLAIN,
    IXS_VIEW_CHI,     /* chi'' of SPECTRA */
    IXS_VIEW_MAP,     /* of SPECTRA: Q against energy */
    IXS_VIEW_THERMAL, /* of a DISPERSION: modes against temperature */
};

struct ixs_plot_choice {
    enum ixs_picture picture;
    const char *analyzer; /* NULL: all */
    int64_t spectrum;     /* 0: all */
    const char *columns;  /* "A,B" of a RAW scan; NULL: those that look like analyzers */
    bool log;             /* logarithmic intensity */
    enum ixs_view view;
    int64_t width, height; /* pixels; 0: 1200 x 800, more for many panels */
    const struct ixs_reading *reading;
};

/* The format that the ending of a name asks for: .svg, .png, .pdf, .gp. */
IXS_MUST_CHECK bool ixs_picture_of(const char *name, enum ixs_picture *picture,
                                   struct ixs_err *err);

/* The view of that name: NULL, "chi", "map", "thermal". */
IXS_MUST_CHECK bool ixs_view_of(const char *name, enum ixs_view *view, struct ixs_err *err);

/* The picture of products of one kind (one product, or several FIT or several SPECTRA). The caller
 * frees *bytes. */
IXS_MUST_CHECK bool ixs_plot(size_t npaths, const char *const *paths,
                             const struct ixs_plot_choice *choice, char **bytes, size_t *size,
                             struct ixs_err *err);

/* Fails for an analyzer or a number that none of n spectra has. analyzers: the name of the first
 * one's; the others follow every `stride` bytes. */
bool ixs_plot_none(const struct ixs_plot_choice *choice, const char *path, size_t n,
                   const char *analyzers, size_t stride, struct ixs_err *err);

/* Runs gnuplot on a script. *bytes holds what it put out (the caller frees it); a failure is
 * IXS_OUTPUT with gnuplot's own words, or with the package to install when there is no gnuplot. */
IXS_MUST_CHECK bool ixs_gnuplot(const char *script, size_t length, char **bytes, size_t *size,
                                struct ixs_err *err);

/* One kind each: the script of the picture, written to `script`. */
struct ixs_script;
IXS_MUST_CHECK bool ixs_plot_raw(struct ixs_script *script, size_t npaths, const char *const *paths,
                                 const struct ixs_plot_choice *choice, struct ixs_err *err);
IXS_MUST_CHECK bool ixs_plot_calib(struct ixs_script *script, size_t npaths,
                                   const char *const *paths, const struct ixs_plot_choice *choice,
                                   struct ixs_err *err);
IXS_MUST_CHECK bool ixs_plot_spectra(struct ixs_script *script, size_t npaths,
                                     const char *const *paths, const struct ixs_plot_choice *choice,
                                     struct ixs_err *err);
IXS_MUST_CHECK bool ixs_plot_fit(struct ixs_script *script, size_t npaths, const char *const *paths,
                                 const struct ixs_plot_choice *choice, struct ixs_err *err);
IXS_MUST_CHECK bool ixs_plot_dispersion(struct ixs_script *script, size_t npaths,
                                        const char *const *paths,
                                        const struct ixs_plot_choice *choice, struct ixs_err *err);

#endif
