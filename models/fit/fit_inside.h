/* SPDX-License-Identifier: GPL-3.0-or-later
 * The workspace of spectrum fits and the steps they are made of, shared by the fit's source files.
 */
#ifndef IXS_MODELS_FIT_FIT_INSIDE_H
#define IXS_MODELS_FIT_FIT_INSIDE_H

#include "models/fit/deviance.h"
#include "models/fit/fit.h"
#include "models/fit/start.h"

enum { IXS_FIT_P = IXS_MODEL_MOST_PARAMETERS };

struct ixs_fit_state { /* a point in parameter space; a value */
    size_t nmodes, iterations;
    double objective; /* deviance + prior; infinite: no such state */
    double deviance;
    bool converged;
    double parameters[IXS_FIT_P];
};

struct ixs_fit_cell { /* background data of the task being run */
    struct ixs_cell_model model;
    size_t nparameters;                /* 0: there are none */
    double start[IXS_MODEL_MOST_CELL]; /* as the cell by itself has them */
    double lower[IXS_MODEL_MOST_CELL], upper[IXS_MODEL_MOST_CELL], sigma[IXS_MODEL_MOST_CELL];
};

enum { IXS_FIT_KEPT = 2 };

struct ixs_fit_found { /* minima with so many modes, best first; a value */
    size_t n;
    struct ixs_fit_state states[IXS_FIT_KEPT];
};

enum { IXS_FIT_SPARE = 3 };

struct ixs_fit_space {
    size_t most_points;
    struct ixs_solve *solve;
    struct ixs_start *start;
    double *mu;                     /* [most_points] */
    double *scaled;                 /* [4 * most_points], see ixs_fit_prepare */
    double *columns;                /* ixs_kernels_room(IXS_FIT_P, most_points) */
    double *weight;                 /* [most_points] */
    double *joint;                  /* [3 * most_points], see ixs_fit_cell_join */
    struct ixs_fit_answer *spare;   /* [IXS_FIT_SPARE] of other fits: models/fit/elastic.h */
    const double *inverse_variance; /* of the points; NULL: Poisson */
    struct ixs_transforms own;      /* of the last response that came without transforms */
    struct ixs_response own_of;
    struct ixs_bose bose; /* of the last temperature */
    double bose_kelvin, bose_span;
    struct ixs_deviance_table deviances;
    const struct ixs_fit_task *task; /* the one being run */
    struct ixs_model model;
    struct ixs_fit_cell cell;
    size_t ndata;                              /* points of the spectrum and of its cell */
    const double *counts;                      /* [ndata] */
    double fwhm;                               /* of the response */
    double lower[IXS_FIT_P], upper[IXS_FIT_P]; /* bounds of the task */
    double prior_mean[IXS_FIT_P], prior_sigma[IXS_FIT_P];
};

/* Model, bounds and priors of a task. Data with Gaussian errors are put on a scale on which they
 * look like counts (times a factor, the exposures too): starts and guards are made for counts. */
void ixs_fit_prepare(struct ixs_fit_space *space, const struct ixs_fit_task *task);

/* The best number of modes among 0 .. reached, and what speaks for each. */
size_t ixs_fit_choose(struct ixs_fit_space *space, const struct ixs_fit_found *found,
                      size_t reached, struct ixs_fit_numbers *numbers);

/* Expected counts of the spectrum and of its cell. */
void ixs_fit_evaluate(const struct ixs_fit_space *space, const double *parameters, double *mu,
                      double *jacobian);

/* Fits the cell of a task by itself: number of its modes, start and bounds of its parameters. A
 * task without a cell leaves none. */
void ixs_fit_cell_begin(struct ixs_fit_space *space, const struct ixs_fit_task *task);
/* Its bounds and priors among those of the fit, its data behind those of the spectrum. */
void ixs_fit_cell_join(struct ixs_fit_space *space);
/* Its start in the parameters of a state. */
void ixs_fit_cell_start(const struct ixs_fit_space *space, double *parameters);

/* The solver's view of a fit with so many modes, within the given bounds. */
struct ixs_solve_problem ixs_fit_problem(struct ixs_fit_space *space, size_t nmodes,
                                         const double *lower, const double *upper);

/* Improves a state by at most `iterations` steps, to `tolerance` in the objective. */
void ixs_fit_improve(struct ixs_fit_space *space, struct ixs_fit_state *state, size_t iterations,
                     double tolerance);
/* The best areas and background, all else as it is: a linear model, solved as one. */
void ixs_fit_improve_areas(struct ixs_fit_space *space, struct ixs_fit_state *state, int passes);

/* Objective less what the priors cost. */
double ixs_fit_deviance(const struct ixs_fit_space *space, const struct ixs_fit_state *state);

/* By which numbers of modes are compared during the search, and unless it is the evidence after it.
 */
double ixs_fit_cost(const struct ixs_fit_space *space, size_t nmodes, double objective);

/* To the minimum. Its last step is not evaluated: ixs_fit_report does that. */
void ixs_fit_finish(struct ixs_fit_space *space, struct ixs_fit_state *state);

/* The best minima for 0 .. most modes, from starts of its own; *reached: the highest tried. With
 * `choose` it stops where more modes do not pay. */
void ixs_fit_search(struct ixs_fit_space *space, size_t most, bool choose,
                    struct ixs_fit_found best[IXS_MODEL_MOST_MODES + 1], size_t *reached);

/* From a start: to the minimum below it, and where that leaves something to be desired (a mode
 * lost, two on one place, data not described) to a deeper one if moving a mode finds it. */
void ixs_fit_from_start(struct ixs_fit_space *space, struct ixs_fit_state *state);

/* What the points of the problem that was looked at last, fitted with this covariance, give to the
 * distribution of a deviance: sums, which add up over many such. Gaussian errors: chi squared. */
void ixs_fit_weigh(struct ixs_fit_space *space, const struct ixs_solve_problem *problem,
                   const double *covariance, double leverage, struct ixs_deviance_moments *sum,
                   struct ixs_deviance_fitted *fitted);

/* Chance of a deviance (chi squared) this large or larger after the fit with this covariance, the
 * solver's last. */
double ixs_fit_chance(struct ixs_fit_space *space, const struct ixs_solve_problem *problem,
                      const double *covariance, const enum ixs_solve_state *states,
                      double deviance);
/* The same in haste for the solver's last expected counts: whether it is below `level`, at most
 * 0.01. */
bool ixs_fit_unlikely(const struct ixs_fit_space *space, size_t nfree, double deviance,
                      double level);

/* Parameters that a criterion for the number of modes counts: all but the cell's waves, which are
 * the same for any number and held by their priors. */
size_t ixs_fit_counted(const struct ixs_fit_space *space, size_t nmodes);

/* Fills parameters, errors, lines and status of the answer from the final state. */
void ixs_fit_report(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                    struct ixs_fit_answer *answer);

/* The same from an answer's covariance [nparameters^2] alone: its parameters, errors and lines. */
void ixs_fit_describe(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                      struct ixs_fit_answer *answer);
/* What follows from energy, width and strength of a line that is filled in: mode k. */
void ixs_fit_derive(const struct ixs_fit_space *space, size_t k, struct ixs_fit_answer *answer);
/* Status and reason, from states, deviance, p_value and dof. */
void ixs_fit_judge(const struct ixs_fit_state *state, struct ixs_fit_answer *answer);

/* What is needed about widths, none of them stopped at 0. */
struct ixs_fit_widths {
    double covariance[IXS_FIT_P * IXS_FIT_P];
    double bias[IXS_FIT_P]; /* of the median, meV */
};

/* Intervals of mode k's energy and width by profile, 90 % upper limit of the width, and the width
 * less the bias of its median. */
void ixs_fit_limits(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                    const struct ixs_fit_widths *widths, size_t k, struct ixs_fit_answer *answer);

/* 68 % intervals of elastic area, background level, other areas and strengths that are within four
 * errors of 0, by profile. After the widths' covariance. */
void ixs_fit_limit_areas(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                         const struct ixs_fit_widths *widths, struct ixs_fit_answer *answer);

/* 68 % interval of the width of a quasi-elastic line, by profile. */
void ixs_fit_limit_quasielastic(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                                const struct ixs_fit_widths *widths, struct ixs_fit_answer *answer);

/* Intervals of mode k's relaxation and susceptibility, given those of its width: by profile where
 * it may be overdamped; whether energy, width and strength are told apart. */
void ixs_fit_relaxation(struct ixs_fit_space *space, const struct ixs_fit_state *state, size_t k,
                        struct ixs_fit_answer *answer);

#endif
