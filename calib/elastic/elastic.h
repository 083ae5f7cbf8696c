/* SPDX-License-Identifier: GPL-3.0-or-later
 * The elastic line of each spectrum, found by the full fit (so that low-lying modes do not count as
 * elastic), and what remains when it is taken off: S(Q,E), chi'', moments, detailed balance. For
 * looking and export; ixs-fit refits it.
 */
#ifndef IXS_CALIB_ELASTIC_ELASTIC_H
#define IXS_CALIB_ELASTIC_ELASTIC_H

#include "calib/experiment/experiment.h"
#include "calib/fitting/fitting.h"
#include "models/crystal/mass.h"

struct ixs_elastic_views { /* of one product; it borrows the spectra, whose tables it fills */
    struct ixs_spectra *spectra;
    double mass;        /* u, of the scatterers; NaN: by the list of them */
    size_t nscatterers; /* none: no absolute scale */
    struct ixs_scatterer scatterers[IXS_MOST_SCATTERERS];
};

/* Makes room for SQW and MOMENTS and forgets what an earlier run left. */
IXS_MUST_CHECK bool ixs_elastic_begin(struct ixs_elastic_views *views, struct ixs_spectra *spectra,
                                      double mass, struct ixs_err *err);

/* Where no mass was stated, the atoms of <form_factor> in the experiment (path; NULL: none), which
 * is then witnessed. */
IXS_MUST_CHECK bool ixs_elastic_sample(struct ixs_elastic_views *views, const char *experiment,
                                       struct ixs_provenance *provenance, struct ixs_err *err);

/* The look of the fits (calib/fitting/fitting.h); context is the views. */
IXS_MUST_CHECK bool ixs_elastic_look(void *context, const struct ixs_fitting_seen *seen,
                                     struct ixs_fit_answer *answer, struct ixs_err *err);

/* Closes the gaps that spectra without a fit left. */
void ixs_elastic_end(struct ixs_elastic_views *views);

#endif
