/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPECTRA and CALIB -> FIT: each spectrum through its own analyzer's response, on several threads,
 * the same result for any number of them.
 */
#ifndef IXS_CALIB_FITTING_FITTING_H
#define IXS_CALIB_FITTING_FITTING_H

#include "base/progress.h"
#include "calib/fitting/map.h"
#include "calib/fitting/responses.h"
#include "calib/fitting/table.h"
#include "models/fit/fit.h"
#include "products/calibration.h"
#include "products/fit.h"
#include "products/spectra.h"

/* What is done about the Q that slits let through, over which the energy of a mode changes. */
enum ixs_fitting_acceptance {
    IXS_FITTING_POINT,      /* nothing: one Q */
    IXS_FITTING_VELOCITY,   /* all modes have a given slope */
    IXS_FITTING_NEIGHBOURS, /* fitted twice, with slopes between neighbouring analyzers */
};

/* A spectrum right after its fit, on its thread; all is borrowed. */
struct ixs_fitting_seen {
    size_t index; /* of the spectrum */
    struct ixs_fit_space *space;
    struct ixs_uncertain_space *uncertain;
    const struct ixs_fitting_response *response;
    const struct ixs_fit_task *task;
};
/* What else is done with it, before the errors of the response come in; of one spectrum it may be
 * called again, and the last call counts. */
struct ixs_fitting_look {
    bool (*look)(void *context, const struct ixs_fitting_seen *seen, struct ixs_fit_answer *answer,
                 struct ixs_err *err); /* NULL: nothing */
    void *context;
};

struct ixs_fitting {            /* owns table and parts */
    int nmodes;                 /* 0 .. 6, or IXS_FIT_CHOOSE_MODES */
    int most_modes;             /* when the number is chosen */
    double from, to;            /* meV, range that is fitted, on the corrected axis; NaN: open */
    bool everything;            /* spectra of bad quality too */
    bool least_squares;         /* of counts, errors sqrt(max(N, 1)): as is often done */
    struct ixs_model_form form; /* what is fitted beside modes; its table is NULL */
    struct ixs_fitting_table table;         /* a calculated S(E); none: empty */
    double omega0_from, omega0_to, fwhm_to; /* meV, bounds of all modes; 0: from the scan */
    struct ixs_fitting_parts parts;         /* what the model file says of single parameters */
    struct ixs_fitting_map map;             /* of them; see ixs_fitting_settle */
    const bool
        *starts_only; /* [nspectra] those that are fitted in haste, for a start; NULL: none */
    enum ixs_fitting_acceptance acceptance;
    double velocity;            /* km/s, where it is given */
    bool exact_response;        /* errors of the responses stay out of those of the fit */
    enum ixs_fit_choice choice; /* when the number of modes is chosen */
    size_t bootstrap;           /* draws of each spectrum; 0: none */
    double sample;              /* effective draws of each posterior; 0: none */
    uint64_t seed;              /* of both */
    struct ixs_fitting_look look;
    bool curves; /* are recorded too */
    size_t threads;
    struct ixs_progress *progress; /* moves on with each spectrum; may be NULL */
};
#define IXS_FITTING                                                                                \
    ((struct ixs_fitting){.nmodes = IXS_FIT_CHOOSE_MODES,                                          \
                          .most_modes = 4,                                                         \
                          .from = __builtin_nan(""),                                               \
                          .to = __builtin_nan(""),                                                 \
                          .threads = 1})

/* Puts over `rules` what the model file says, or the one that the experiment names (paths, either
 * may be NULL); the model file is witnessed. */
IXS_MUST_CHECK bool ixs_fitting_model(struct ixs_fitting *rules, const char *model,
                                      const char *experiment, struct ixs_provenance *provenance,
                                      struct ixs_err *err);

/* The same for a copy of the model that is to lie in `folder` (which is there): witnessed with the
 * names of files as seen from there. *table: path of the one it names, or NULL; the caller frees.
 */
IXS_MUST_CHECK bool ixs_fitting_slice(struct ixs_fitting *rules, char **table, const char *model,
                                      const char *folder, struct ixs_provenance *provenance,
                                      struct ixs_err *err);

void ixs_fitting_dispose(struct ixs_fitting *rules);

/* Once all rules stand: refused if they cannot be meant; what the model file says of parameters is
 * found on them, or refused. */
IXS_MUST_CHECK bool ixs_fitting_settle(struct ixs_fitting *rules, const struct ixs_calib *calib,
                                       struct ixs_err *err);

/* Slopes from neighbours, or of a given velocity (km/s; 0: none); responses known exactly. */
void ixs_fitting_accept(struct ixs_fitting *rules, bool neighbours, double velocity, bool exact);

/* What a user asks for beside the model file: modes (below 0: not said), most modes (0), range
 * (NaN).
 */
void ixs_fitting_ask(struct ixs_fitting *rules, int64_t modes, int64_t most_modes, double from,
                     double to);

/* What chooses the number of modes: "evidence", "search", "aicc", "bic"; NULL: as it is. */
IXS_MUST_CHECK bool ixs_fitting_choose(struct ixs_fitting *rules, const char *word,
                                       struct ixs_err *err);

/* Draws of a bootstrap, effective draws of a posterior (0: none), seed of both. */
void ixs_fitting_draw(struct ixs_fitting *rules, int64_t bootstrap, int64_t sample, int64_t seed);

/* Rules that contradict each other are refused. */
IXS_MUST_CHECK bool ixs_fitting_check(const struct ixs_fitting *rules, struct ixs_err *err);

/* The answers of all spectra of one product, in their order; the caller frees. A spectrum that was
 * not tried (bad quality, no response) is no-data with the reason. */
IXS_MUST_CHECK bool ixs_fitting_answers(struct ixs_fit_answer **answers,
                                        const struct ixs_spectra *spectra,
                                        const struct ixs_calib *calib,
                                        const struct ixs_fitting *rules, struct ixs_err *err);
/* The same, through responses that are ready. */
IXS_MUST_CHECK bool ixs_fitting_answers_through(struct ixs_fit_answer **answers,
                                                const struct ixs_spectra *spectra,
                                                const struct ixs_fitting_responses *responses,
                                                const struct ixs_fitting *rules,
                                                struct ixs_err *err);

/* STATE of a parameter. */
const char *ixs_fitting_state_word(enum ixs_solve_state state);

#endif
