/* SPDX-License-Identifier: GPL-3.0-or-later
 * The crystal of one scan: its lattice at the temperature it had and how it stood, from the
 * experiment and the scan's header.
 */
#include "calib/reduction/parts.h"

#include "base/array.h"
#include "models/crystal/lattice.h"

#include <math.h>
#include <string.h>

static const double lattice_tolerance = 1e-3; /* relative, of the metric */
static const double apart_tolerance = 0.02;   /* deg; headers have their angles to 1e-3 */

/* The experiment's lattice over the header's; true if the experiment states one. */
static bool find_lattice(struct ixs_reducing *scan)
{
    const struct ixs_experiment *experiment = scan->how->experiment;
    double kelvin = scan->temperature.kelvin, beyond, lattice[6];
    bool stated = ixs_experiment_lattice(experiment, kelvin, lattice, &beyond);
    memcpy(scan->lattice, stated ? lattice : scan->raw->keys.lattice, sizeof scan->lattice);
    if (experiment->nlattices > 0 && isnan(kelvin))
        ixs_note(scan->notes, scan->path, 0,
                 "found no temperature: the lattice is not one of the experiment's <lattices>");
    if (beyond > experiment->instrument.temperature.agree)
        ixs_note(
            scan->notes, scan->path, 0,
            "temperature is %.1f K, %.1f K outside the experiment's <lattices>: the nearest is "
            "taken",
            kelvin, beyond);
    return stated;
}

/* #G3 and the reflections of #G1 should tell the same; where there is no #G3 they stand for it. */
static void compare_header(const struct ixs_reducing *scan, bool oriented, const double found[9])
{
    const double *stated = scan->raw->keys.ub;
    double unit[9];
    if (!oriented || !isfinite(stated[0]))
        return;
    double apart = ixs_orientation_apart(stated, found);
    double mismatch = ixs_lattice_mismatch(stated, found);
    if (!ixs_matrix_invert(stated, unit))
        return;
    if (apart > apart_tolerance || mismatch > lattice_tolerance)
        ixs_note(scan->notes, scan->path, 0,
                 "#G3 and the two reflections of #G1 put the crystal's axes %.2f deg apart and "
                 "differ by %.2g of the metric: HKL are from #G3",
                 apart, mismatch);
}

static bool header_ub(const struct ixs_reducing *scan, double ub[9], const char **from)
{
    struct ixs_orientation orientation;
    bool oriented = ixs_orientation_header(&orientation, scan->raw, scan->angles.sixcircle) &&
                    ixs_orientation_ub(orientation.lattice, orientation.reflections, ub);
    *from = "header #G3";
    compare_header(scan, oriented, ub);
    if (isfinite(scan->raw->keys.ub[0]))
        memcpy(ub, scan->raw->keys.ub, sizeof scan->raw->keys.ub);
    else if (oriented)
        *from = "header #G1";
    return oriented || isfinite(scan->raw->keys.ub[0]);
}

/* UB by the experiment, as it stands or by its two reflections; with the lattice of find_lattice.
 */
static bool stated_ub(const struct ixs_reducing *scan, double ub[9], const char **from)
{
    const struct ixs_experiment *experiment = scan->how->experiment;
    struct ixs_reflection reflections[2];
    *from = experiment->oriented ? "experiment orientation" : "experiment ub";
    if (!experiment->oriented) {
        memcpy(ub, experiment->ub, sizeof experiment->ub);
        return isfinite(ub[0]);
    }
    memcpy(reflections, experiment->reflections, sizeof reflections);
    for (int i = 0; i < 2; i++)
        reflections[i].at.sixcircle = scan->angles.sixcircle;
    return ixs_orientation_ub(scan->lattice, reflections, ub);
}

static bool find_ub(struct ixs_reducing *scan, bool lattice_stated, double ub[9])
{
    const struct ixs_experiment *experiment = scan->how->experiment;
    const char *from = "";
    double grown[9];
    bool own = experiment->oriented || isfinite(experiment->ub[0]);
    bool found = own ? stated_ub(scan, ub, &from) : header_ub(scan, ub, &from);
    bool grows = lattice_stated && !experiment->oriented && (!own || experiment->nlattices > 0);
    ixs_copy(scan->ub_from, sizeof scan->ub_from, found ? from : "");
    if (found && grows && ixs_orientation_strain(ub, scan->lattice, grown))
        memcpy(ub, grown, sizeof grown);
    return found;
}

void ixs_reduction_crystal(struct ixs_reducing *scan)
{
    const struct ixs_experiment *experiment = scan->how->experiment;
    const struct ixs_angles *at = &scan->angles;
    double ub[9], b[9];
    for (int i = 0; i < 6; i++)
        scan->lattice[i] = NAN;
    if (experiment->no_crystal)
        return;
    bool stated = find_lattice(scan);
    bool angles = isfinite(at->two_theta + at->theta + at->chi + at->phi + at->mu + at->gamma +
                           scan->wavelength);
    bool found = find_ub(scan, stated, ub);
    scan->has_crystal =
        found && angles && ixs_crystal_set(&scan->crystal, ub, experiment->centring);
    if (!scan->has_crystal && angles)
        ixs_note(scan->notes, scan->path, 0,
                 found ? "found a singular UB (%s), expected three axes that span space: no HKL"
                       : "found no UB%s: no HKL",
                 scan->ub_from);
    if (!scan->has_crystal || !ixs_lattice_b(scan->lattice, b))
        return;
    double mismatch = ixs_lattice_mismatch(ub, b);
    if (mismatch > lattice_tolerance)
        ixs_note(scan->notes, scan->path, 0,
                 "UB and lattice disagree by %.2g of the metric: HKL are from UB", mismatch);
}
