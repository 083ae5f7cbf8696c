/* SPDX-License-Identifier: GPL-3.0-or-later
 * The geometry of one scan: header and experiment to angles, UB and HKL, checked against the HKL
 * that the header states.
 */
#include "calib/reduction/parts.h"

#include "calib/instrument/arm.h"

#include "base/array.h"
#include "base/units.h"
#include "models/crystal/lattice.h"

#include <math.h>
#include <string.h>

static const double q_tolerance = 1e-3;   /* r.l.u.; some write #Q before the last motor rests */
static const double hkl_tolerance = 1e-4; /* r.l.u.; headers have six digits */

static double told(const struct ixs_reducing *scan, const char *name, double value)
{
    if (!isfinite(value))
        ixs_note(scan->notes, scan->path, 0,
                 "found no position of motor %s, expected an angle: no HKL", name);
    return value;
}

static double motor(const struct ixs_reducing *scan, const char *name)
{
    return told(scan, name, ixs_arm_angle(scan->raw, name, NAN, NAN));
}

static void find_angles(struct ixs_reducing *scan)
{
    const struct ixs_instrument *instrument = &scan->how->experiment->instrument;
    struct ixs_aim arm = ixs_arm_aim(instrument, scan->raw);
    scan->angles =
        (struct ixs_angles){.two_theta = told(scan, instrument->two_theta, arm.two_theta),
                            .theta = motor(scan, instrument->theta),
                            .chi = motor(scan, instrument->chi),
                            .phi = motor(scan, instrument->phi),
                            .mu = told(scan, instrument->mu, ixs_arm_mu(instrument, scan->raw)),
                            .gamma = told(scan, instrument->gamma, arm.gamma),
                            .sixcircle = ixs_instrument_sixcircle(instrument)};
    scan->main = ixs_arm_main(instrument, scan->raw);
}

static void find_wavelength(struct ixs_reducing *scan)
{
    const struct ixs_experiment *experiment = scan->how->experiment;
    const double choices[] = {experiment->wavelength,
                              scan->raw->keys.lambda,
                              ixs_orientation_wavelength(scan->raw),
                              experiment->instrument.wavelength,
                              IXS_HC / experiment->instrument.photon_energy,
                              NAN};
    size_t i = 0;
    while (i + 1 < IXS_COUNT(choices) && !(choices[i] > 0.0))
        i++;
    scan->wavelength = choices[i];
    if (isnan(scan->wavelength))
        ixs_note(scan->notes, scan->path, 0, "found no wavelength: no Q and HKL");
}

void ixs_reduction_geometry(struct ixs_reducing *scan)
{
    find_angles(scan);
    find_wavelength(scan);
    ixs_reduction_crystal(scan);
}

struct ixs_sight ixs_reduction_sight(const struct ixs_reducing *scan,
                                     const struct ixs_analyzer *analyzer)
{
    const struct ixs_instrument *instrument = &scan->how->experiment->instrument;
    struct ixs_sight sight = {.angles = scan->angles, .wavelength = scan->wavelength};
    struct ixs_aim arm = {scan->angles.two_theta, scan->angles.gamma};
    struct ixs_aim aim = ixs_arm_place(instrument, analyzer, arm, scan->main);
    sight.angles.two_theta = aim.two_theta;
    sight.angles.gamma = aim.gamma;
    sight.open =
        ixs_acceptance_opening(&sight.opening, instrument, analyzer, scan->raw, scan->main);
    return sight;
}

double ixs_sight_width(const struct ixs_sight *sight)
{
    struct ixs_acceptance acceptance = {.q_width = NAN};
    if (sight->open)
        ixs_acceptance_find(&acceptance, &sight->opening, &sight->angles, sight->wavelength, NULL);
    return acceptance.q_width;
}

void ixs_reduction_momentum(const struct ixs_reducing *scan, const struct ixs_analyzer *analyzer,
                            struct ixs_momentum *out, struct ixs_acceptance *acceptance)
{
    const struct ixs_crystal *crystal = scan->has_crystal ? &scan->crystal : NULL;
    const struct ixs_sight sight = ixs_reduction_sight(scan, analyzer);
    ixs_geometry_momentum(&sight.angles, scan->wavelength, crystal, out);
    *acceptance = (struct ixs_acceptance){NAN, {NAN, NAN, NAN, NAN, NAN, NAN}};
    if (sight.open)
        ixs_acceptance_find(acceptance, &sight.opening, &sight.angles, scan->wavelength, crystal);
}

/* ---- the header's own HKL -------------------------------------------------------------------- */

static bool stated_hkl(const struct ixs_raw *raw, const struct ixs_analyzer *analyzer,
                       double hkl[3])
{
    hkl[0] = ixs_raw_metadata(raw, analyzer->header_h);
    hkl[1] = ixs_raw_metadata(raw, analyzer->header_k);
    hkl[2] = ixs_raw_metadata(raw, analyzer->header_l);
    return analyzer->header_h[0] != '\0' && isfinite(hkl[0] + hkl[1] + hkl[2]);
}

/* Two theta of the |Q| that the header states, deg, as seen on the side of `near`. */
static double stated_two_theta(const struct ixs_reducing *scan, const double hkl[3], double near)
{
    double q[3];
    ixs_matrix_apply(scan->crystal.ub, hkl, q);
    double length = sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2]);
    double angle = 2.0 * asin(length * scan->wavelength / (4.0 * IXS_PI)) / IXS_DEGREE;
    return near < 0.0 ? -angle : angle;
}

struct header_check {
    double worst; /* r.l.u. */
    const char *analyzer;
    double numerator, denominator; /* of the pitch by least squares */
};

static void check_one(struct header_check *check, const struct ixs_reducing *scan,
                      const struct ixs_spectrum *spectrum)
{
    const struct ixs_analyzer *analyzer =
        ixs_instrument_find(&scan->how->experiment->instrument, spectrum->analyzer);
    double hkl[3];
    if (analyzer == NULL || !stated_hkl(scan->raw, analyzer, hkl))
        return;
    double difference = fmax(fabs(hkl[0] - spectrum->h),
                             fmax(fabs(hkl[1] - spectrum->k), fabs(hkl[2] - spectrum->l)));
    if (difference > check->worst) {
        check->worst = difference;
        check->analyzer = spectrum->analyzer;
    }
    double steps = analyzer->position - scan->main;
    double angle = stated_two_theta(scan, hkl, spectrum->two_theta);
    check->numerator += steps * (angle - analyzer->offset - scan->angles.two_theta);
    check->denominator += steps * steps;
}

/* #Q is what the control program made of the same angles, UB and wavelength: a stale one differs.
 */
static void check_q(const struct ixs_reducing *scan)
{
    const struct ixs_experiment *experiment = scan->how->experiment;
    const double *q = scan->raw->keys.q;
    struct ixs_momentum momentum;
    double beyond, lattice[6], worst = 0.0;
    if (strncmp(scan->ub_from, "header", 6) != 0 || isfinite(experiment->wavelength) ||
        ixs_experiment_lattice(experiment, scan->temperature.kelvin, lattice, &beyond))
        return;
    ixs_geometry_momentum(&scan->angles, scan->wavelength, &scan->crystal, &momentum);
    for (int i = 0; i < 3; i++)
        worst = fmax(worst, fabs(q[i] - momentum.hkl[i]));
    if (worst > q_tolerance)
        ixs_note(scan->notes, scan->path, 0,
                 "#Q says (%.4f %.4f %.4f), but the angles give (%.4f %.4f %.4f) with UB of the %s",
                 q[0], q[1], q[2], momentum.hkl[0], momentum.hkl[1], momentum.hkl[2],
                 scan->ub_from);
}

/* Slits that are named and not told would leave every width unknown without a word. */
static void tell_widths(const struct ixs_reducing *scan, size_t n,
                        const struct ixs_spectrum *spectra)
{
    size_t unknown = 0;
    for (size_t i = 0; i < n; i++)
        unknown += isfinite(spectra[i].q) && isnan(spectra[i].q_width);
    if (unknown > 0 && isfinite(scan->how->experiment->instrument.array.radius))
        ixs_note(scan->notes, scan->path, 0,
                 "found no gap of the slits, or no size, of %zu analyzers: no Q_WIDTH of them",
                 unknown);
}

void ixs_reduction_check_header(const struct ixs_reducing *scan, size_t nspectra,
                                const struct ixs_spectrum *spectra)
{
    struct header_check check = {0};
    if (scan->has_crystal)
        check_q(scan);
    tell_widths(scan, nspectra, spectra);
    for (size_t i = 0; scan->has_crystal && i < nspectra; i++)
        check_one(&check, scan, &spectra[i]);
    if (check.worst > hkl_tolerance)
        ixs_note(scan->notes, scan->path, 0,
                 "HKL of %s differs from the header's by %.4f; the header's analyzers are %.4f deg "
                 "apart, the instrument's pitch is %.4f deg",
                 check.analyzer, check.worst, check.numerator / check.denominator,
                 scan->how->experiment->instrument.pitch);
}
