/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reads a sample XML (configs/sample.xsd) and lays it over the instrument: the crystal, its
 * branches, the beam; with the array (forward_array.c) and the plan of scans (forward_plan.c).
 */
#include "calib/forward/sample.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct ixs_field sample_fields[] = {
    IXS_FIELD(ixs_forward, name, "@name", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_forward, seed, "@seed", IXS_FIELD_INT),
    IXS_FIELD(ixs_forward, origin, "origin", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_forward, title, "title", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_forward, user, "user", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_forward, epoch, "start", IXS_FIELD_INT),
    IXS_FIELD(ixs_forward, crystal.a, "lattice/a", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, crystal.b, "lattice/b", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, crystal.c, "lattice/c", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, crystal.alpha, "lattice/alpha", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, crystal.beta, "lattice/beta", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, crystal.gamma, "lattice/gamma", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, crystal.centring, "centring", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_forward, crystal.wavelength, "wavelength", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, crystal.mu, "circles/@mu", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, crystal.gam, "circles/@gamma", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, temperature, "temperature", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, elastic, "elastic/area", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, diffuse, "elastic/diffuse", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, reach, "elastic/reach", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, background, "background", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, hopping.area, "quasielastic/area", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, hopping.fwhm, "quasielastic/width", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, hopping_kelvin, "quasielastic/reference", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, barrier, "quasielastic/barrier", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, cell.transmission, "cell/@transmission", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, cell.area, "cell/area", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, cell.background, "cell/background", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, cell.height, "cell/hump", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, cell.energy, "cell/hump/@energy", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, cell.width, "cell/hump/@width", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, standard, "standard/area", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, standard_q, "standard/q", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, standard_width, "standard/q_width", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, standard_floor, "standard/floor", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, rate, "beam/rate", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, decay, "beam/decay", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, flicker, "beam/flicker", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, noise, "beam/noise", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, polarization, "beam/polarized", IXS_FIELD_FLAG),
    IXS_FIELD(ixs_forward, thermal.scale, "energy_axis/scale", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, step, "energy_axis/step", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, jitter, "energy_axis/jitter", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, drift, "energy_axis/drift", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, wander, "energy_axis/wander", IXS_FIELD_REAL),
};

static const struct ixs_field reflection_fields[] = {
    IXS_FIELD(ixs_forward_reflection, h, "@h", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_reflection, k, "@k", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_reflection, l, "@l", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_reflection, at.tth, "@tth", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_reflection, at.th, "@th", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_reflection, at.chi, "@chi", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_reflection, at.phi, "@phi", IXS_FIELD_REAL),
};

static const struct ixs_field branch_fields[] = {
    IXS_FIELD(ixs_forward_branch, name, "@name", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_forward_branch, law, "@law", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_forward_branch, velocity, "velocity", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_branch, zone, "zone", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_branch, energy, "energy", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_branch, curvature, "energy/@curvature", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_branch, energy_lo, "energy_range/@from", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_branch, energy_hi, "energy_range/@to", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_branch, width, "width", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_branch, slope, "width/@slope", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_branch, power, "width/@power", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_branch, width_lo, "width_range/@from", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_branch, width_hi, "width_range/@to", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_branch, strength, "strength", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_branch, strength_law, "strength/@law", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_forward_branch, strength_lo, "strength_range/@from", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_branch, strength_hi, "strength_range/@to", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_branch, reference, "thermal/@reference", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_branch, energy_power, "thermal/@energy_power", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_branch, width_power, "thermal/@width_power", IXS_FIELD_REAL),
};

size_t ixs_forward_list(struct ixs_node *list, const char *name, struct ixs_node **first)
{
    size_t count = 0;
    *first = list ? ixs_node_child(list, name) : NULL;
    for (struct ixs_node *node = *first; node != NULL; node = ixs_node_next(node))
        count++;
    return count;
}

static bool read_crystal(struct ixs_forward *out, const struct ixs_config *sample,
                         struct ixs_err *err)
{
    struct ixs_node *at = ixs_node_child(ixs_config_root(sample), "orientation");
    struct ixs_node *primary = ixs_node_child(at, "primary"),
                    *secondary = ixs_node_child(at, "secondary");
    return ixs_node_fields(sample, primary, reflection_fields, IXS_COUNT(reflection_fields),
                           &out->crystal.or0, err) &&
           ixs_node_fields(sample, secondary, reflection_fields, IXS_COUNT(reflection_fields),
                           &out->crystal.or1, err) &&
           (ixs_forward_orient(&out->crystal, err) ||
            ixs_in_file(err, ixs_config_path(sample), ixs_node_line(at)));
}

static const char *branch_complaint(const struct ixs_forward_branch *branch)
{
    const bool sine = strcmp(branch->law, "sine") == 0;
    if (strcmp(branch->law, "random") == 0)
        return branch->energy_lo > 0 && branch->energy_hi >= branch->energy_lo &&
                       branch->width_lo > 0 && branch->width_hi >= branch->width_lo &&
                       branch->strength_lo > 0 && branch->strength_hi >= branch->strength_lo
                   ? NULL
                   : "energy_range, width_range and strength_range, each from low to high";
    if (strcmp(branch->law, "optic") == 0 && !(branch->energy > 0))
        return "<energy>";
    if ((sine || strcmp(branch->law, "linear") == 0) && !(branch->velocity > 0))
        return "<velocity>";
    if (sine && !(branch->zone > 0))
        return "<zone>";
    if (!(branch->width > 0 || branch->slope > 0))
        return "<width>";
    return branch->strength > 0 ? NULL : "<strength>";
}

static bool read_branches(struct ixs_forward *out, const struct ixs_config *sample,
                          struct ixs_err *err)
{
    struct ixs_node *node;
    out->nbranches =
        ixs_forward_list(ixs_node_child(ixs_config_root(sample), "branches"), "branch", &node);
    bool ok = IXS_NEW(out->branches, out->nbranches, err);
    for (size_t i = 0; ok && i < out->nbranches; i++, node = ixs_node_next(node)) {
        struct ixs_forward_branch *branch = &out->branches[i];
        ok = ixs_node_fields(sample, node, branch_fields, IXS_COUNT(branch_fields), branch, err);
        const char *complaint = ok ? branch_complaint(branch) : NULL;
        if (complaint != NULL)
            ok = ixs_fail_at(err, IXS_USAGE, ixs_config_path(sample), ixs_node_line(node),
                             "found branch %s of law %s incomplete, expected %s", branch->name,
                             branch->law, complaint);
    }
    return ok;
}

static bool settle_beam(struct ixs_forward *out, const struct ixs_config *sample,
                        const struct ixs_instrument *instrument, struct ixs_err *err)
{
    out->rate = out->rate > 0 ? out->rate : instrument->reference;
    out->reference = instrument->reference > 0 ? instrument->reference : out->rate;
    if (!(out->rate > 0))
        return ixs_fail_at(
            err, IXS_USAGE, ixs_config_path(sample), 0,
            "found no rate of the monitor, expected <beam><rate> here or a reference "
            "rate in the instrument");
    if (!(out->crystal.wavelength > 0))
        return ixs_fail_at(err, IXS_USAGE, ixs_config_path(sample), 0,
                           "found no wavelength, expected <wavelength> here or in the instrument");
    return ixs_forward_read_beamline(out, sample, instrument, err);
}

static void settle_field(struct ixs_forward *out, const struct ixs_polarization *beam)
{
    const bool vertical = strcmp(beam->direction, "vertical") == 0;
    const double more = beam->direction[0] != '\0' ? 0.5 + 0.5 * beam->degree : 1.0;
    out->polarization = beam->direction[0] != '\0';
    out->horizontal = vertical ? 1.0 - more : more;
}

bool ixs_forward_read(struct ixs_forward *out, const struct ixs_config *sample,
                      const struct ixs_instrument *instrument, struct ixs_err *err)
{
    *out = (struct ixs_forward){.scale = 1.0, .reach = 1.0, .thermal = {.scale = 1.0}};
    out->crystal.wavelength = instrument->wavelength;
    settle_field(out, &instrument->polarization);
    return ixs_node_fields(sample, ixs_config_root(sample), sample_fields, IXS_COUNT(sample_fields),
                           out, err) &&
           settle_beam(out, sample, instrument, err) && read_crystal(out, sample, err) &&
           read_branches(out, sample, err) &&
           ixs_forward_read_array(out, sample, instrument, err) &&
           ixs_forward_read_plan(out, sample, err);
}

void ixs_forward_dispose(struct ixs_forward *forward)
{
    free(forward->branches);
    free(forward->analyzers);
    free(forward->scans);
    *forward = (struct ixs_forward){0};
}
