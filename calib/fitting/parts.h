/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a model file says of single parameters and of what they have to do with each other:
 * settings (<components>), ties within a spectrum and shares across spectra (<ties>).
 */
#ifndef IXS_CALIB_FITTING_PARTS_H
#define IXS_CALIB_FITTING_PARTS_H

#include "base/config.h"
#include "models/fit/model.h"
#include "products/spectra.h"

struct ixs_fitting_name { /* of a parameter, as in PARAMETERS of a FIT */
    char component[17], name[17];
};

struct ixs_fitting_select { /* spectra to which all that is given applies; all-zero: every one */
    char analyzer[25];
    int64_t scan;
    double temperature; /* K; 0: any */
};

struct ixs_fitting_setting {
    struct ixs_fitting_name of;
    struct ixs_fitting_select at;
    double start, from, to, prior, error, fixed; /* NaN: not said */
    long line;
};

struct ixs_fitting_tie { /* of = factor x like + offset, in each spectrum */
    struct ixs_fitting_name of, like;
    double factor, offset;
    long line;
};

enum ixs_fitting_over { /* bits: in what spectra that share may differ */
                        IXS_OVER_SCANS = 1,
                        IXS_OVER_TEMPERATURES = 2,
                        IXS_OVER_ZONES = 4,
                        IXS_OVER_ANALYZERS = 8,
                        IXS_OVER_ALL = 16,
};

struct ixs_fitting_share {
    struct ixs_fitting_name of;
    unsigned over;
    long line;
};

struct ixs_fitting_adjustment { /* in some spectra: factor x what is shared + offset */
    size_t share;
    struct ixs_fitting_select at;
    double factor, offset;
    long line;
};

struct ixs_fitting_parts { /* owns its arrays; all-zero: nothing is said */
    char *path;            /* of the model file */
    size_t nmodes;         /* of <components>; 0: none is named */
    char modes[IXS_MODEL_MOST_MODES][17];
    size_t nsettings;
    struct ixs_fitting_setting *settings;
    size_t nties;
    struct ixs_fitting_tie *ties;
    size_t nshares;
    struct ixs_fitting_share *shares;
    size_t nadjustments;
    struct ixs_fitting_adjustment *adjustments;
    double alike_q, alike_kelvin; /* 1/Angstrom, K; 0: as usual */
    char symmetry[16];            /* point group or Laue class; "": the lattice's */
    bool by_length;               /* zones are alike by |q| */
    long zero_per_scan;           /* line that gives each scan side by side its zero; 0: none */
};

/* Settings, ties and shares of the model that a configuration is. */
IXS_MUST_CHECK bool ixs_fitting_parts_read(struct ixs_fitting_parts *out,
                                           const struct ixs_config *config, struct ixs_err *err);
void ixs_fitting_parts_dispose(struct ixs_fitting_parts *parts);

/* Whether a scan's number stands in a list of scans: "58,59". */
bool ixs_fitting_lists(const char *scans, int64_t scan);
double ixs_fitting_same_kelvin(const struct ixs_fitting_parts *parts); /* K, tolerance */
bool ixs_fitting_selects(const struct ixs_fitting_parts *parts, const struct ixs_fitting_select *at,
                         const struct ixs_spectrum *spectrum);

#endif
