/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside calib/fitting: which spectra hang together, and what each fits.
 */
#ifndef IXS_CALIB_FITTING_SHARE_H
#define IXS_CALIB_FITTING_SHARE_H

#include "calib/fitting/alike.h"
#include "calib/fitting/together.h"

struct ixs_fitting_link { /* a spectrum that may be fitted with others; borrowed but for itself */
    struct ixs_fitting_member member;
    struct ixs_fitting_input *input;
    size_t index;  /* in its input */
    size_t set;    /* 1 + index; 0: by itself */
    bool by_scans; /* scans side by side, each with a zero of its own */
    /* 1 + number of the shared source that a root parameter follows, among all; 0: its own */
    size_t shared[IXS_MODEL_MOST_PARAMETERS];
};

struct ixs_fitting_links { /* owns its arrays */
    size_t n;
    struct ixs_fitting_link *list;
    size_t nshared;
    size_t *parameter; /* [nshared] of the model */
    size_t *set;       /* [nshared] 1 + index of its set */
    size_t nsets;
};

/* All spectra that can be fitted, who shares what with whom, and the sets that hang together.
 * Groups of one share nothing; where only ties are, each spectrum is a set. */
IXS_MUST_CHECK bool ixs_fitting_link(struct ixs_fitting_links *out, size_t ninputs,
                                     struct ixs_fitting_input *inputs,
                                     const struct ixs_fitting_responses *responses,
                                     const struct ixs_fitting *rules, struct ixs_err *err);
void ixs_fitting_links_dispose(struct ixs_fitting_links *links);

#endif
