/* SPDX-License-Identifier: GPL-3.0-or-later
 * Spectra of several products fitted together where the model file ties parameters or shares them:
 * after each has been fitted by itself, for a start.
 */
#ifndef IXS_CALIB_FITTING_TOGETHER_H
#define IXS_CALIB_FITTING_TOGETHER_H

#include "calib/fitting/fitting.h"
#include "calib/fitting/responses.h"
#include "models/together/together.h"

struct ixs_fitting_zero { /* of one of the scans that stand side by side in a spectrum */
    int64_t scan;
    double value, error; /* meV */
};

struct ixs_fitting_zeros { /* of one spectrum; none: it has one zero */
    size_t n;
    struct ixs_fitting_zero *list; /* owned */
};

struct ixs_fitting_common { /* how a spectrum's parameters vary with what it shares */
    size_t n;
    size_t *shared;     /* [n] among all shared ones; owned */
    double *covariance; /* [parameters][n]; owned */
};

struct ixs_fitting_input { /* one SPECTRA product; owns its insides */
    struct ixs_spectra spectra;
    const char *source;             /* base name, borrowed */
    struct ixs_fit_answer *answers; /* [nspectra] */
    size_t *set;                    /* [nspectra] 1 + index of its set; 0: fitted by itself */
    size_t *shared; /* [nspectra][IXS_MODEL_MOST_PARAMETERS] 1 + index of the shared one that a
                       parameter follows; 0: none */
    struct ixs_fitting_zeros *zeros;   /* [nspectra] */
    struct ixs_fitting_common *common; /* [nspectra] */
};

struct ixs_fitting_shared {
    size_t parameter; /* of the model */
    size_t set;
    struct ixs_together_source source;
};

struct ixs_fitting_set { /* spectra that hang together; owns covariance */
    size_t nspectra, nown, nshared, first_shared;
    struct ixs_together_result result;
    double *covariance; /* [nshared^2] */
};

struct ixs_fitting_together { /* owns its insides; all-zero: nothing was fitted together */
    struct ixs_fitting_responses responses; /* that all fits went through */
    size_t nsets;
    struct ixs_fitting_set *sets;
    size_t nshared;
    struct ixs_fitting_shared *shared; /* those of one set stand together */
};

/* Fits all spectra of all inputs, whose spectra are read: by themselves, then those together that
 * the rules tie. */
IXS_MUST_CHECK bool ixs_fitting_all(struct ixs_fitting_together *out, size_t ninputs,
                                    struct ixs_fitting_input *inputs, const struct ixs_calib *calib,
                                    struct ixs_fitting *rules, struct ixs_err *err);
void ixs_fitting_together_dispose(struct ixs_fitting_together *together);

/* Inputs [n] of SPECTRA products; the caller frees them, also after a failure. */
IXS_MUST_CHECK bool ixs_fitting_inputs_read(struct ixs_fitting_input **out, size_t n,
                                            const char *const *paths, const struct ixs_reading *how,
                                            struct ixs_provenance *provenance, struct ixs_err *err);
void ixs_fitting_inputs_free(size_t n, struct ixs_fitting_input *inputs); /* accepts NULL */

/* Adds the answers of one input to a FIT, with curves where the rules say so. */
IXS_MUST_CHECK bool ixs_fitting_record(struct ixs_fit *out, const struct ixs_fitting_input *input,
                                       const struct ixs_calib *calib,
                                       const struct ixs_fitting_responses *responses,
                                       const struct ixs_fitting *rules, struct ixs_err *err);

/* All of it as a FIT: what is shared first, then each input in turn, with curves where wanted. */
IXS_MUST_CHECK bool ixs_fitting_record_all(struct ixs_fit *out,
                                           const struct ixs_fitting_together *together,
                                           size_t ninputs, const struct ixs_fitting_input *inputs,
                                           const struct ixs_calib *calib,
                                           const struct ixs_fitting *rules, struct ixs_err *err);

/* How many spectra were reduced with a CALIB of their own beamtime and fitted with another's. */
size_t ixs_fitting_strangers(const struct ixs_fit *fit, size_t ninputs,
                             const struct ixs_fitting_input *inputs);

#endif
