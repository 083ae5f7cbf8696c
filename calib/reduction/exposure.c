/* SPDX-License-Identifier: GPL-3.0-or-later
 * What stands between the photons of one scan and the counts of one analyzer.
 */
#include "calib/reduction/parts.h"

#include "calib/instrument/polarization.h"

#include <math.h>
#include <string.h>

static double known(double value, double otherwise)
{
    return isfinite(value) ? value : otherwise;
}

static double counted_as_one(const struct ixs_reducing *scan, const char *analyzer, double factor,
                             const char *what)
{
    if (isfinite(factor) && factor > 0.0)
        return factor;
    ixs_note(scan->notes, scan->path, 0, "found no %s of %s: taken as 1", what, analyzer);
    return 1.0;
}

/* Those of the scattering itself: where the analyzer stands and what the sample is. */
static void find_factors(struct ixs_spectrum *out, const struct ixs_reducing *scan,
                         const struct ixs_angles *angles, const char *analyzer)
{
    const struct ixs_experiment *experiment = scan->how->experiment;
    const struct ixs_polarization *beam = &experiment->instrument.polarization;
    const struct ixs_crystal *crystal = scan->has_crystal ? &scan->crystal : NULL;
    out->polarization =
        counted_as_one(scan, analyzer, ixs_polarization(beam, angles), "polarization factor");
    out->form_factor = out->absorption = 1.0;
    if (experiment->nscatterers > 0)
        out->form_factor =
            counted_as_one(scan, analyzer,
                           ixs_form_factor(experiment->nscatterers, experiment->scatterers, out->q),
                           "form factor");
    if (experiment->slab.thickness > 0.0)
        out->absorption =
            counted_as_one(scan, analyzer, ixs_absorption(&experiment->slab, angles, crystal),
                           "absorption of the slab");
}

void ixs_reduction_exposure(struct ixs_chain *chain, struct ixs_spectrum *out,
                            const struct ixs_reducing *scan, const struct ixs_analyzer *place,
                            const struct ixs_calib_analyzer *own)
{
    const struct ixs_instrument *instrument = &scan->how->experiment->instrument;
    struct ixs_angles angles = scan->angles;
    angles.two_theta = out->two_theta;
    angles.gamma = out->gamma;
    find_factors(out, scan, &angles, place->name);
    out->efficiency = known(own ? own->efficiency : NAN, known(place->efficiency, 1.0));
    *chain = (struct ixs_chain){
        .reference = scan->reference,
        .efficiency = out->efficiency,
        .dead_time = known(own ? own->dead_time : NAN, known(place->dead_time, 0.0)),
        .dark_rate = known(own ? own->dark_rate : NAN, known(place->dark_rate, 0.0)),
        .factor = out->polarization * out->form_factor * out->absorption,
        .monitoring = instrument->monitoring,
    };
}

/* Where the monitor's own noise is not small beside counting: at the points with most counts. */
void ixs_reduction_tell_monitor(const struct ixs_reducing *scan, size_t n,
                                const struct ixs_point *points)
{
    static const double worth = 0.1; /* of the variance of counting */
    double worst = 0.0;
    size_t where = 0;
    for (size_t i = 0; i < n; i++) {
        double relative = points[i].exposure_err / points[i].exposure;
        double share = points[i].counts * relative * relative;
        if (points[i].flags == 0 && share > worst) {
            worst = share;
            where = i;
        }
    }
    if (worst > worth)
        ixs_note(scan->notes, scan->path, 0,
                 "the monitor's own noise adds %.0f %% to the counting error of %s at its "
                 "strongest, point %lld",
                 100.0 * (sqrt(1.0 + worst) - 1.0), points[where].analyzer,
                 (long long)points[where].point);
}
