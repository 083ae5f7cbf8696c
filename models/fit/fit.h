/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fit of one spectrum: elastic line, N damped oscillators, background, zero and what else the
 * model's form asks for; from a start that is given or from starts of its own, the same every time.
 * Modes come ordered by energy.
 */
#ifndef IXS_MODELS_FIT_FIT_H
#define IXS_MODELS_FIT_FIT_H

#include "models/fit/cell.h"
#include "models/fit/solve.h"

enum ixs_fit_status {
    IXS_FIT_GOOD,
    IXS_FIT_BOUND,        /* a parameter other than a width at 0 sits on a bound */
    IXS_FIT_UNDETERMINED, /* the data do not determine a parameter */
    IXS_FIT_NOT_CONVERGED,
    IXS_FIT_POOR,    /* the model does not describe the data: p value below 1e-4 */
    IXS_FIT_NO_DATA, /* no usable point or not a single count */
};
enum ixs_fit_regime { IXS_FIT_UNDERDAMPED, IXS_FIT_OVERDAMPED, IXS_FIT_UNRESOLVED };

/* The words of the FIT product. */
const char *ixs_fit_status_word(enum ixs_fit_status status);
const char *ixs_fit_regime_word(enum ixs_fit_regime regime);

enum { IXS_FIT_CHOOSE_MODES = -1 };

struct ixs_fit_given {   /* of a parameter; NaN: as the fit would have it */
    double lower, upper; /* equal: fixed there */
    double mean, sigma;  /* Gaussian prior */
};
#define IXS_FIT_GIVEN                                                                              \
    ((struct ixs_fit_given){__builtin_nan(""), __builtin_nan(""), __builtin_nan(""),               \
                            __builtin_nan("")})
enum ixs_fit_choice { /* what chooses the number of modes (models/evidence/select.h,
                         models/evidence/evidence.h) */
                      IXS_FIT_BY_EVIDENCE,
                      IXS_FIT_BY_SEARCH, /* AICc and a price for each place where a mode was looked
                                            for */
                      IXS_FIT_BY_AICC,
                      IXS_FIT_BY_BIC,
};

struct ixs_fit_task {
    struct ixs_model_points points; /* points not to be used are left out by the caller */
    const double
        *sigma; /* NULL: points.counts are counts. Else [n] Gaussian errors of them: they may
                   be any numbers, and deviance, p_value and status speak of chi squared */
    struct ixs_response response;
    const struct ixs_transforms
        *transforms;             /* of that response, where many fits share it; or NULL */
    struct ixs_model_form form;  /* what there is beside modes; ncell: 0, or that of an answer
                                   where `start` has the parameters of its cell too */
    const struct ixs_cell *cell; /* background data, fitted with the spectrum; NULL: none */
    const double *start;   /* NULL: looked for in the data. Else all parameters in the order of
                              models/fit/model.h, nmodes being given; areas need not be right */
    double kelvin;         /* NaN: no detailed balance */
    double zero, zero_err; /* meV: Gaussian prior of the zero; zero_err NaN: flat over the scan */
    int nmodes;            /* 0 .. 6, or IXS_FIT_CHOOSE_MODES: from 0 .. most_modes */
    int most_modes;        /* 1 .. 6 */
    enum ixs_fit_choice choice;
    double omega0_lo, omega0_hi; /* meV, bounds of OMEGA0; both 0: from the scan */
    double fwhm_hi;              /* meV, bound of FWHM; 0: four times the upper bound of OMEGA0 */
    bool quick; /* curvature errors only: no profile intervals, upper limits, evidence */
    const struct ixs_fit_given *given; /* NULL, or one of each parameter (models/fit/model.h) but
                                          those of the cell, nmodes being given */
    bool keep_order; /* with a start: modes stay in its order, not by energy, and none is moved */
};
#define IXS_FIT_TASK                                                                               \
    ((struct ixs_fit_task){.kelvin = __builtin_nan(""),                                            \
                           .zero_err = __builtin_nan(""),                                          \
                           .nmodes = IXS_FIT_CHOOSE_MODES,                                         \
                           .most_modes = 4})

/* One mode; units as in the FIT product. `fwhm` is the maximum-likelihood width (which stands in
 * `parameters`) less the first-order bias of its median, a few hundredths to two tenths of its
 * error: as often too large as too small. Intervals _lo .. _hi (68 %) and fwhm_ul90 are from the
 * profile likelihood (models/fit/limit.c, models/fit/limit_relaxation.c); errors _err are from the
 * curvature, parameters at a bound held there, but those of relaxation and susceptibility half
 * their interval. Unresolved: the 90 % interval of the width begins at 0. Inseparable: it has no
 * upper end, and omega0, fwhm and strength are not told apart: no errors of theirs, but relaxation
 * and susceptibility. */
struct ixs_fit_line {
    double omega0, omega0_err, omega0_lo, omega0_hi;
    double fwhm, fwhm_err, fwhm_lo, fwhm_hi, fwhm_ul90;
    double strength, strength_err;
    double relaxation, relaxation_err; /* omega0^2/fwhm */
    double relaxation_lo, relaxation_hi;
    double susceptibility, susceptibility_err; /* 2 strength/omega0 */
    double susceptibility_lo, susceptibility_hi;
    double area, omega_damped;
    double lifetime, lifetime_err; /* ps */
    enum ixs_fit_regime regime;
    bool inseparable;
};

struct ixs_fit_number { /* what speaks for a number of modes */
    double deviance, aicc, bic, log_evidence;
    double probability; /* of all numbers tried; before, each half as probable as one less */
};

struct ixs_fit_numbers {
    size_t n; /* of 0 modes first; none where the number was given */
    struct ixs_fit_number list[IXS_MODEL_MOST_MODES + 1];
};

struct ixs_sample_figure { /* one parameter; NaN: the chains do not tell */
    double mean, sd;
    double lo, median, hi; /* quantiles 15.9, 50, 84.1 % */
    double r_hat;          /* 1: two ensembles and their halves agree */
    double draws;          /* effective */
};

struct ixs_sample { /* a value; empty: steps is 0 */
    bool good;      /* else only r_hat and draws of the figures are numbers */
    char reason[81];
    double acceptance;
    size_t steps, walkers; /* that were kept, of each of two ensembles */
    struct ixs_sample_figure figures[IXS_MODEL_MOST_PARAMETERS];
};

struct ixs_bootstrap_figure {
    double bias;   /* median of the draws less the value that they were drawn from */
    double sd;     /* half of what holds the middle 68 % */
    double lo, hi; /* 68 % interval */
};

struct ixs_bootstrap { /* a value */
    size_t draws;      /* that could be fitted; 0: none was asked for */
    double p_value;    /* share of them with a larger deviance */
    struct ixs_bootstrap_figure figures[IXS_MODEL_MOST_PARAMETERS];
};

struct ixs_fit_answer { /* a value */
    enum ixs_fit_status status;
    char reason[81]; /* why not good, "" if it is */
    double deviance, p_value, aicc, log_evidence;
    double objective; /* deviance and what the priors cost: what was minimised */
    long dof;
    size_t iterations; /* of the final fit */
    size_t nmodes;
    struct ixs_fit_numbers numbers;
    struct ixs_fit_line lines[IXS_MODEL_MOST_MODES];
    double zero, zero_err, elastic, elastic_err, background, background_err;
    /* The parameter vector of models/fit/model.h. */
    bool gaussian;                  /* by chi squared */
    size_t order;                   /* of the response's transform that was used */
    struct ixs_model_form form;     /* with the number of parameters of the cell */
    struct ixs_cell_waves waves;    /* of its spectrum */
    size_t nparameters, first_mode; /* first_mode: index of the first mode's OMEGA0 */
    double parameters[IXS_MODEL_MOST_PARAMETERS];
    double errors[IXS_MODEL_MOST_PARAMETERS];
    double lower[IXS_MODEL_MOST_PARAMETERS], upper[IXS_MODEL_MOST_PARAMETERS]; /* 68 % */
    double response_errors[IXS_MODEL_MOST_PARAMETERS]; /* what an uncertain response adds */
    enum ixs_solve_state states[IXS_MODEL_MOST_PARAMETERS];
    double covariance[IXS_MODEL_MOST_PARAMETERS * IXS_MODEL_MOST_PARAMETERS]; /* nparameters^2 */
    struct ixs_bootstrap bootstrap; /* models/evidence/bootstrap.h; empty unless it was run */
    struct ixs_sample sample;       /* models/evidence/sample.h; empty unless it was run */
};

struct ixs_fit_space; /* workspace of one thread */

/* most_points: of a spectrum and its background data together. */
IXS_MUST_CHECK bool ixs_fit_space_new(struct ixs_fit_space **out, size_t most_points,
                                      struct ixs_err *err);
void ixs_fit_space_free(struct ixs_fit_space *space); /* accepts NULL */

/* NULL, or why the task cannot be run (a wrong response, exposure not positive, counts below 0). */
const char *ixs_fit_complaint(const struct ixs_fit_task *task);

/* Runs a task without complaint; whatever the data, `answer` tells in its status. */
void ixs_fit_run(struct ixs_fit_space *space, const struct ixs_fit_task *task,
                 struct ixs_fit_answer *answer);

/* What the cell adds to a spectrum by the answer, k b(energy - zero) in count/s, and where by is
 * not NULL its slopes, which are added to by[nparameters]; 0 and none without a cell. The model is
 * that of the answer. */
double ixs_fit_cell_rate(const struct ixs_model *model, const struct ixs_fit_answer *answer,
                         double energy, double *by);

/* Whether a parameter is of the cell's waves, of which nobody wants to know. */
bool ixs_fit_is_wave(const struct ixs_fit_answer *answer, size_t k);

#endif
