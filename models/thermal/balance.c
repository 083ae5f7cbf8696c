/* SPDX-License-Identifier: GPL-3.0-or-later
 * Temperature from detailed balance.
 */
#include "models/thermal/balance.h"
#include "models/fit/fit_inside.h"

#include <math.h>
#include <string.h>

static const double coldest = 1.0, hottest = 5000.0; /* K */
static const double poor = 1e-4;        /* chance of the deviance, below which nothing is read */
static const double least_counts = 5.0; /* expected on the weaker side's partner, to speak of it */

struct search { /* deviance against beta = 1/T */
    struct ixs_fit_space *space;
    struct ixs_fit_task task;
    size_t nmodes;
    double start[IXS_FIT_P]; /* the parameters of the last minimum */
    double least, best;      /* the least deviance met, and where */
    double least_start[IXS_FIT_P];
};

static struct ixs_fit_state minimum_at(struct search *search, double beta)
{
    struct ixs_fit_state state = {.nmodes = search->nmodes};
    search->task.kelvin = 1.0 / beta;
    search->task.start = search->start;
    memcpy(state.parameters, search->least_start, sizeof state.parameters);
    memcpy(search->start, search->least_start, sizeof search->start);
    ixs_fit_prepare(search->space, &search->task);
    ixs_fit_improve(search->space, &state, 100, 1e-4);
    return state;
}

static double deviance_at(struct search *search, double beta)
{
    struct ixs_fit_state state = minimum_at(search, beta);
    if (state.objective < search->least) {
        search->least = state.objective;
        search->best = beta;
        memcpy(search->least_start, state.parameters, sizeof search->least_start);
    }
    return state.objective;
}

/* Down to the minimum by parabolas through three points, kept within a factor of each other. */
static bool descend(struct search *search, double beta)
{
    double step = 0.15 * beta, middle = deviance_at(search, beta);
    for (int round = 0; round < 25; round++) {
        double low = deviance_at(search, beta - step), high = deviance_at(search, beta + step);
        double curvature = low + high - 2.0 * middle, slope = 0.5 * (high - low);
        double move = curvature > 0.0 ? -slope / curvature : slope < 0.0 ? 3.0 : -3.0;
        move = fmin(fmax(move, -3.0), 3.0);
        double next = fmax(beta + move * step, 0.3 * beta);
        if (1.0 / next > hottest || 1.0 / next < coldest)
            return false;
        bool settled = fabs(next - beta) < 0.02 * step && curvature < 8.0;
        if (curvature > 4.0) /* points a bit more than one error away */
            step = fmax(step * sqrt(2.0 / curvature), 1e-4 * next);
        step = fmin(step, 0.4 * next);
        beta = next;
        middle = deviance_at(search, beta);
        if (settled)
            return true;
    }
    return true;
}

/* A fit from starts of its own at another temperature. */
static void fit_anew(struct search *search, double kelvin)
{
    struct ixs_fit_task task = search->task;
    struct ixs_fit_answer answer;
    task.kelvin = kelvin;
    task.start = NULL;
    task.quick = true;
    ixs_fit_run(search->space, &task, &answer);
    if (answer.nparameters == 0 || !isfinite(answer.deviance))
        return;
    double before[IXS_FIT_P], least = search->least;
    memcpy(before, search->least_start, sizeof before);
    memcpy(search->least_start, answer.parameters, sizeof search->least_start);
    deviance_at(search, 1.0 / kelvin);
    if (!(search->least < least))
        memcpy(search->least_start, before, sizeof before);
}

/* A thermometer may be far off, and its minimum not on the way down from there; a fit that
 * describes nothing may have its modes in wrong places. */
static double look_around(struct search *search, double beta, bool anew)
{
    static const double factors[] = {0.15, 0.4, 2.5, 6.0};
    deviance_at(search, beta);
    for (size_t i = 0; i < sizeof factors / sizeof factors[0]; i++) {
        deviance_at(search, factors[i] * beta);
        if (anew)
            fit_anew(search, 1.0 / (factors[i] * beta));
    }
    return search->best;
}

/* Where the deviance has risen by 1; 0 or infinite beta where it never does. */
static double find_end(struct search *search, double toward)
{
    double least = search->least, best = search->best, near = best, far = best;
    double factor = toward > 0.0 ? 1.25 : 0.8;
    for (int round = 0; round < 60; round++) {
        far *= factor;
        if (1.0 / far > hottest || 1.0 / far < coldest)
            return toward > 0.0 ? INFINITY : 0.0;
        if (deviance_at(search, far) > least + 1.0)
            break;
        near = far;
    }
    for (int round = 0; round < 20 && fabs(far - near) > 0.05 * fabs(near - best); round++) {
        double middle = 0.5 * (near + far);
        if (deviance_at(search, middle) > least + 1.0)
            far = middle;
        else
            near = middle;
    }
    return 0.5 * (near + far);
}

/* Energies that both sides of the scan reach. */
static double common_reach(const struct ixs_fit_task *task, double zero)
{
    double lo = 0.0, hi = 0.0;
    for (size_t i = 0; i < task->points.n; i++) {
        lo = fmin(lo, task->points.energy[i] - zero);
        hi = fmax(hi, task->points.energy[i] - zero);
    }
    return fmin(-lo, hi);
}

/* Expected counts on both sides of what obeys detailed balance, beyond the elastic line. */
static bool count_sides(struct ixs_fit_space *space, const struct ixs_fit_task *task,
                        const struct ixs_fit_answer *answer, struct ixs_balance *out)
{
    double zero = answer->zero, reach = common_reach(task, zero);
    ixs_fit_prepare(space, task);
    ixs_model_set_modes(&space->model, answer->nmodes);
    for (size_t i = 0; i < task->points.n; i++) {
        double e = task->points.energy[i], total, elastic, background;
        const struct ixs_model_curves curves = {
            .total = &total, .elastic = &elastic, .background = &background};
        if (fabs(e - zero) > reach || fabs(e - zero) < 0.5 * space->fwhm)
            continue;
        ixs_model_components(&space->model, answer->parameters, 1, &e, &curves);
        double counts = task->points.exposure[i] * (total - elastic - background);
        *(e > zero ? &out->stokes : &out->antistokes) += counts;
    }
    return out->stokes >= least_counts && reach > 0.5 * space->fwhm;
}

/* Shift of the best beta when the response moves: the mixed second derivative of the least
 * deviance over that in beta, which is 2/sigma^2. */
static double shift_by(struct search *search, const struct ixs_uncertain_end *end, double sigma)
{
    const struct ixs_transforms *own = search->task.transforms;
    double beta = search->best, slope = 0.0;
    for (int side = -1; side <= 1; side += 2) {
        search->task.transforms = side < 0 ? &end->low : &end->high;
        slope += side * (minimum_at(search, beta + 0.5 * sigma).objective -
                         minimum_at(search, beta - 0.5 * sigma).objective);
    }
    search->task.transforms = own;
    return -0.5 * sigma * slope / end->step;
}

/* Ends in beta, farther by what the errors of the response do. */
static void add_response(struct search *search, const struct ixs_uncertain *uncertain, double *low,
                         double *high)
{
    double sigma = 0.5 * (*high - *low), sum = 0.0;
    for (size_t l = 0; l < uncertain->n; l++) {
        double shift = shift_by(search, &uncertain->ends[l], sigma);
        sum += shift * shift;
    }
    *low = search->best - hypot(search->best - *low, sqrt(sum));
    *high = search->best + hypot(*high - search->best, sqrt(sum));
}

/* Whether the fit at the best temperature is one to believe. */
static bool describes(struct search *search)
{
    double objective = search->least;
    const struct ixs_fit_state state = minimum_at(search, search->best);
    return !ixs_fit_unlikely(search->space, search->space->model.nparameters,
                             fmin(state.deviance, objective), poor);
}

void ixs_balance_read(struct ixs_fit_space *space, const struct ixs_fit_task *task,
                      const struct ixs_uncertain *uncertain, const struct ixs_fit_answer *answer,
                      struct ixs_balance *out)
{
    double nan = (double)NAN;
    struct search search = {
        .space = space, .task = *task, .nmodes = answer->nmodes, .least = INFINITY};
    *out = (struct ixs_balance){nan, nan, nan, nan, "", 0.0, 0.0};
    if (answer->nparameters == 0 || answer->status == IXS_FIT_NO_DATA || answer->form.pair ||
        answer->form.tabulated || (answer->nmodes == 0 && !answer->form.quasielastic)) {
        out->reason = "nothing inelastic was fitted";
        return;
    }
    if (isnan(task->kelvin))
        search.task.kelvin = 300.0;
    search.task.nmodes = (int)answer->nmodes;
    search.task.start = answer->parameters;
    memcpy(search.least_start, answer->parameters, sizeof search.least_start);
    memcpy(search.start, answer->parameters, sizeof search.start);
    if (!count_sides(space, &search.task, answer, out)) {
        out->reason = "only one side was measured";
        return;
    }
    out->reason = "the two sides do not tell it";
    bool anew = answer->status == IXS_FIT_POOR && task->given == NULL && task->start == NULL;
    if (!descend(&search, look_around(&search, 1.0 / search.task.kelvin, anew)))
        return;
    if (!describes(&search)) {
        out->reason = "the fit does not describe the data";
        return;
    }
    double best = search.best, low = find_end(&search, -1.0), high = find_end(&search, 1.0);
    if (!(low > 0.0) || !isfinite(high))
        return;
    add_response(&search, uncertain, &low, &high);
    if (!(low > 0.0))
        return;
    out->kelvin = 1.0 / best;
    out->lo = 1.0 / high;
    out->hi = 1.0 / low;
    out->err = 0.5 * (out->hi - out->lo);
    out->reason = "";
}
