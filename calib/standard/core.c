/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where the line of one trace stands, how large and how wide it is beside the known response:
 *   N_i ~ Poisson(exposure_i [area R((E_i - zero)/stretch)/stretch + background])
 * over the peak alone, so that what the sample adds in the wings at this angle goes into the
 * background and not into the zero.
 */
#include "calib/standard/parts.h"

#include "models/fit/solve.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

enum { AREA, ZERO, GROUND, STRETCH, NVALUES };

struct core { /* context of the model; the points of the window */
    const struct ixs_response *response;
    size_t npoints;
    double *energy, *counts, *exposure, *value, *slope, *place;
    double *inelastic; /* counts that the joint fit gives to the sample's vibrations */
};

static void model(void *context, const double *p, double *mu, double *jacobian)
{
    const struct core *core = context;
    size_t n = core->npoints;
    for (size_t i = 0; i < n; i++)
        core->place[i] = (core->energy[i] - p[ZERO]) / p[STRETCH];
    ixs_response_curve(core->response, n, core->place, core->value, core->slope);
    for (size_t i = 0; i < n; i++) {
        double x = core->exposure[i], scale = x * p[AREA] / p[STRETCH];
        mu[i] = scale * core->value[i] + x * p[GROUND] + core->inelastic[i];
        if (jacobian == NULL)
            continue;
        jacobian[AREA * n + i] = x * core->value[i] / p[STRETCH];
        jacobian[ZERO * n + i] = -scale * core->slope[i] / p[STRETCH];
        jacobian[GROUND * n + i] = x;
        jacobian[STRETCH * n + i] =
            -scale / p[STRETCH] * (core->value[i] + core->place[i] * core->slope[i]);
    }
}

static bool core_make(struct core *core, const struct ixs_trace *trace, double apex,
                      struct ixs_err *err)
{
    double half = fmax(IXS_CORE_REACH * ixs_response_fwhm(core->response), 4 * trace->step);
    size_t n = trace->npoints;
    double *all = NULL;
    if (!IXS_NEW(all, 7 * n, err))
        return false;
    core->energy = all;
    core->counts = all + n;
    core->exposure = all + 2 * n;
    core->value = all + 3 * n;
    core->slope = all + 4 * n;
    core->place = all + 5 * n;
    core->inelastic = all + 6 * n;
    for (size_t i = 0; i < n; i++) {
        if (fabs(trace->energy[i] - apex) > half)
            continue;
        core->inelastic[core->npoints] = trace->inelastic != NULL ? trace->inelastic[i] : 0;
        core->energy[core->npoints] = trace->energy[i];
        core->counts[core->npoints] = trace->counts[i];
        core->exposure[core->npoints++] = trace->exposure[i];
    }
    return true;
}

/* One fit with the stretch held at 1 or free. False if it does not converge or is not determined.
 */
static bool solve(struct ixs_solve *space, struct core *core, bool stretching, double *p,
                  double *errors, double *excess)
{
    double lower[NVALUES] = {0, -INFINITY, 0, stretching ? 0.5 : 1};
    double upper[NVALUES] = {INFINITY, INFINITY, INFINITY, stretching ? 2 : 1};
    double covariance[NVALUES * NVALUES];
    struct ixs_solve_problem problem = {.nparameters = NVALUES,
                                        .ndata = core->npoints,
                                        .counts = core->counts,
                                        .model = model,
                                        .context = core,
                                        .lower = lower,
                                        .upper = upper};
    enum ixs_solve_state states[NVALUES];
    struct ixs_solve_result result;
    ixs_solve_run(space, &problem, &IXS_SOLVE_RULES, p, &result);
    ixs_solve_covariance(space, &problem, p, covariance, states);
    *excess = result.dof > 0 ? fmax(1, result.deviance / (double)result.dof) : NAN;
    for (size_t k = 0; k < NVALUES; k++)
        errors[k] = sqrt(*excess * covariance[k * NVALUES + k]);
    return result.converged && isfinite(*excess) && errors[ZERO] > 0 && errors[AREA] > 0;
}

static void fit(struct ixs_trace *trace, struct core *core, struct ixs_solve *space)
{
    double errors[NVALUES], excess;
    double width = ixs_response_fwhm(core->response);
    double p[NVALUES] = {trace->brightness * 1.2 * width, trace->apex, 0, 1};
    if (solve(space, core, false, p, errors, &excess)) {
        trace->core.area = p[AREA];
        trace->core.area_err = errors[AREA];
        trace->core.zero = p[ZERO];
        trace->core.zero_err = errors[ZERO];
        trace->core.background = p[GROUND];
    }
    if (solve(space, core, true, p, errors, &excess) && errors[STRETCH] > 0) {
        trace->core.stretch = p[STRETCH];
        trace->core.stretch_err = errors[STRETCH];
        trace->loose = (struct ixs_trace_fit){
            .zero = p[ZERO], .area = p[AREA], .background = p[GROUND], .stretch = p[STRETCH]};
        trace->excess = excess;
    }
}

bool ixs_core_fit(struct ixs_trace *trace, const struct ixs_response *response, struct ixs_err *err)
{
    struct core core = {.response = response};
    struct ixs_solve *space = NULL;
    trace->core = trace->loose = (struct ixs_trace_fit){NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    trace->excess = NAN;
    bool ok = core_make(&core, trace, trace->apex, err) &&
              ixs_solve_new(&space, NVALUES, trace->npoints, err);
    if (ok && core.npoints > NVALUES)
        fit(trace, &core, space);
    ixs_solve_free(space);
    free(core.energy);
    return ok;
}
