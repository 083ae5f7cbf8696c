/* SPDX-License-Identifier: GPL-3.0-or-later
 * A simulated beamtime, scan after scan: the clock, the resets of the energy axis and its drift
 * run through all of it.
 */
#include "calib/forward/forward.h"

#include "base/array.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double reading_digits = 1e-4; /* meV, as positions are written */

struct state {               /* what goes on from scan to scan */
    double clock, header;    /* s since the beamtime began */
    double e_origin, wander; /* meV */
    int64_t number;          /* of the last scan */
    struct ixs_forward_setting at;
    gsl_rng *random; /* of the wandering zero */
};

static double drift_at(const struct ixs_forward *forward, const struct state *state)
{
    return forward->drift * state->clock / 3600.0 + state->wander;
}

/* The reading that is called 0 from now on moves the origin of all that follows. */
static void reset_axis(const struct ixs_forward *forward, const struct ixs_forward_scan *plan,
                       struct state *state, struct ixs_forward_shot *shot)
{
    shot->reset_from = NAN;
    if (plan->reset[0] == '\0')
        return;
    double reading =
        forward->analyzers[plan->main_index].zero + drift_at(forward, state) - state->e_origin;
    if (strcmp(plan->reset, "peak") != 0)
        reading = strtod(plan->reset, NULL);
    shot->reset_from = reading_digits * round(reading / reading_digits);
    shot->reset_clock = state->clock;
    state->e_origin += shot->reset_from;
}

static void begin_shot(const struct ixs_forward *forward, const struct ixs_forward_scan *plan,
                       struct state *state, struct ixs_forward_shot *shot)
{
    state->clock += 0.5 * plan->pause;
    reset_axis(forward, plan, state, shot);
    state->clock += 0.5 * plan->pause;
    if (plan->header)
        state->header = state->clock - 1.0;
    state->number = plan->number > 0 ? plan->number : state->number + 1;
    shot->plan = plan;
    shot->number = state->number;
    shot->header = (int64_t)floor(state->header);
    shot->clock = state->clock;
    shot->e_origin = state->e_origin;
    shot->time = plan->time * forward->scale;
    shot->kelvin = isnan(plan->temperature) ? forward->temperature : plan->temperature;
    shot->at = state->at;
    shot->nplanned = (size_t)plan->intervals + 1;
    shot->npoints = plan->abort > 0 ? (size_t)plan->abort : shot->nplanned;
}

static bool make_shot(const struct ixs_forward *forward, size_t scan, struct state *state,
                      struct ixs_forward_shot *shot, struct ixs_err *err)
{
    double drift[2];
    begin_shot(forward, &forward->scans[scan], state, shot);
    drift[0] = drift_at(forward, state);
    state->clock += ixs_forward_duration(shot);
    state->wander += gsl_ran_gaussian(state->random, forward->wander);
    drift[1] = drift_at(forward, state);
    shot->shift = 0.5 * (drift[0] + drift[1]);
    if (!ixs_forward_look(forward, scan, shot, err) ||
        !ixs_forward_measure(forward, scan, drift, shot, err))
        return ixs_within(err, "scan %lld of the plan", (long long)scan + 1);
    state->at = shot->at;
    return true;
}

static bool make_shots(struct ixs_forward_beamtime *out, const struct ixs_forward *forward,
                       struct ixs_err *err)
{
    struct state state = {.at = forward->crystal.or0.at, .random = gsl_rng_alloc(gsl_rng_mt19937)};
    *out = (struct ixs_forward_beamtime){.forward = forward};
    if (state.random == NULL)
        return ixs_fail(err, IXS_OUTPUT, "no memory for random numbers");
    gsl_rng_set(state.random, ixs_forward_seed(forward->seed, forward->nscans, IXS_STREAM_AXIS));
    bool ok = IXS_NEW(out->shots, forward->nscans, err);
    for (; ok && out->nshots < forward->nscans; out->nshots++)
        if (!make_shot(forward, out->nshots, &state, &out->shots[out->nshots], err))
            ok = false;
    out->nshots = out->shots ? forward->nscans : 0;
    gsl_rng_free(state.random);
    return ok;
}

/* GSL's own handler would end the program where memory runs out. */
bool ixs_forward_run(struct ixs_forward_beamtime *out, const struct ixs_forward *forward,
                     struct ixs_err *err)
{
    gsl_error_handler_t *before = gsl_set_error_handler_off();
    bool ok = make_shots(out, forward, err);
    gsl_set_error_handler(before);
    return ok;
}

void ixs_forward_beamtime_dispose(struct ixs_forward_beamtime *beamtime)
{
    for (size_t i = 0; i < beamtime->nshots; i++) {
        free(beamtime->shots[i].sites);
        free(beamtime->shots[i].modes);
        free(beamtime->shots[i].points);
        free(beamtime->shots[i].expected);
        free(beamtime->shots[i].counts);
        free(beamtime->shots[i].bursts);
    }
    free(beamtime->shots);
    *beamtime = (struct ixs_forward_beamtime){0};
}
