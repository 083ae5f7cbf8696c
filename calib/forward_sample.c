/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reads a sample XML (configs/sample.xsd) and lays it over the instrument: the crystal, its
 * branches, the true state of each analyzer, the beam and the plan of scans.
 */
#include "calib/forward.h"

#include "base/array.h"
#include "calib/instrument.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(fields) (sizeof(fields) / sizeof(fields)[0])

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
    IXS_FIELD(ixs_forward, temperature, "temperature", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, elastic, "elastic/area", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, diffuse, "elastic/diffuse", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, reach, "elastic/reach", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, background, "background", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, standard, "standard/area", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, standard_q, "standard/q", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, standard_width, "standard/q_width", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, standard_floor, "standard/floor", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, rate, "beam/rate", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, decay, "beam/decay", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, flicker, "beam/flicker", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, noise, "beam/noise", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward, polarization, "beam/polarized", IXS_FIELD_FLAG),
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
};
static const struct ixs_field analyzer_fields[] = {
    IXS_FIELD(ixs_forward_analyzer, zero, "@zero", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_analyzer, efficiency, "@efficiency", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_analyzer, dark, "@dark", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_analyzer, transmission, "@transmission", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_analyzer, burst_chance, "@burst_chance", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_analyzer, burst_counts, "@burst_counts", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_analyzer, burst_from, "@burst_from", IXS_FIELD_INT),
};
static const struct ixs_field component_fields[] = {
    IXS_FIELD(ixs_forward_component, weight, "@weight", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_component, center, "@center", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_component, fwhm, "@fwhm", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_component, eta, "@eta", IXS_FIELD_REAL),
};
static const struct ixs_field scan_fields[] = {
    IXS_FIELD(ixs_forward_scan, kind, "@kind", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_forward_scan, main, "@main", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_forward_scan, h, "@h", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_scan, k, "@k", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_scan, l, "@l", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_scan, tth, "@tth", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_scan, from, "@from", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_scan, to, "@to", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_scan, intervals, "@intervals", IXS_FIELD_INT),
    IXS_FIELD(ixs_forward_scan, time, "@time", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_scan, temperature, "@temperature", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_scan, number, "@number", IXS_FIELD_INT),
    IXS_FIELD(ixs_forward_scan, abort, "@abort", IXS_FIELD_INT),
    IXS_FIELD(ixs_forward_scan, reset, "@reset", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_forward_scan, header, "@header", IXS_FIELD_FLAG),
    IXS_FIELD(ixs_forward_scan, pause, "@pause", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_scan, masked, "@masked", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_forward_scan, transmission, "@transmission", IXS_FIELD_REAL),
};

/* Number of elements of that name below `list`; the first one. */
static size_t list_of(struct ixs_node *list, const char *name, struct ixs_node **first)
{
    size_t count = 0;
    *first = list ? ixs_node_child(list, name) : NULL;
    for (struct ixs_node *node = *first; node != NULL; node = ixs_node_next(node))
        count++;
    return count;
}

/* ---- crystal and branches
 * ------------------------------------------------------------------------ */

static bool read_crystal(struct ixs_forward *out, const struct ixs_config *sample,
                         struct ixs_err *err)
{
    struct ixs_node *at = ixs_node_child(ixs_config_root(sample), "orientation");
    struct ixs_node *primary = ixs_node_child(at, "primary"),
                    *secondary = ixs_node_child(at, "secondary");
    return ixs_node_fields(sample, primary, reflection_fields, COUNT(reflection_fields),
                           &out->crystal.or0, err) &&
           ixs_node_fields(sample, secondary, reflection_fields, COUNT(reflection_fields),
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
    out->nbranches = list_of(ixs_node_child(ixs_config_root(sample), "branches"), "branch", &node);
    bool ok = IXS_NEW(out->branches, out->nbranches, err);
    for (size_t i = 0; ok && i < out->nbranches; i++, node = ixs_node_next(node)) {
        struct ixs_forward_branch *branch = &out->branches[i];
        ok = ixs_node_fields(sample, node, branch_fields, COUNT(branch_fields), branch, err);
        const char *complaint = ok ? branch_complaint(branch) : NULL;
        if (complaint != NULL)
            ok = ixs_fail_at(err, IXS_USAGE, ixs_config_path(sample), ixs_node_line(node),
                             "found branch %s of law %s incomplete, expected %s", branch->name,
                             branch->law, complaint);
    }
    return ok;
}

/* ---- array
 * ----------------------------------------------------------------------------------------- */

static double stated(double value, double otherwise)
{
    return isnan(value) ? otherwise : value;
}

static void nominal_analyzer(struct ixs_forward_analyzer *out,
                             const struct ixs_instrument *instrument,
                             const struct ixs_analyzer *from)
{
    ixs_copy(out->name, sizeof out->name, from->name);
    ixs_copy(out->mask, sizeof out->mask, from->mask);
    out->position = from->position;
    out->offset = stated(from->offset, 0.0);
    out->zero = stated(from->zero, 0.0);
    out->efficiency = stated(from->efficiency, 1.0);
    out->dark = stated(from->dark_rate, 0.0);
    out->transmission = 1.0;
    out->response.ncomponents = 1;
    out->response.components[0] = (struct ixs_forward_component){
        1.0, 0.0, stated(from->fwhm, instrument->fwhm), stated(from->eta, instrument->eta)};
}

static bool read_response(struct ixs_forward_response *response, const struct ixs_config *sample,
                          struct ixs_node *node, struct ixs_err *err)
{
    struct ixs_node *child;
    const size_t count = list_of(node, "component", &child);
    if (count == 0)
        return true;
    response->ncomponents = count; /* the schema allows 8 */
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++, child = ixs_node_next(child))
        ok = ixs_node_fields(sample, child, component_fields, COUNT(component_fields),
                             &response->components[i], err);
    return ok;
}

static struct ixs_forward_analyzer *find_analyzer(struct ixs_forward *forward, const char *name)
{
    for (size_t a = 0; a < forward->nanalyzers; a++)
        if (strcmp(forward->analyzers[a].name, name) == 0)
            return &forward->analyzers[a];
    return NULL;
}

static bool read_truths(struct ixs_forward *out, const struct ixs_config *sample,
                        struct ixs_err *err)
{
    struct ixs_node *node;
    list_of(ixs_node_child(ixs_config_root(sample), "array"), "analyzer", &node);
    bool ok = true;
    for (; ok && node != NULL; node = ixs_node_next(node)) {
        const struct ixs_field field = {"@name", IXS_FIELD_TEXT, 0, 24};
        char name[25] = "";
        ok = ixs_node_fields(sample, node, &field, 1, name, err);
        struct ixs_forward_analyzer *analyzer = ok ? find_analyzer(out, name) : NULL;
        if (ok && analyzer == NULL)
            return ixs_fail_at(err, IXS_USAGE, ixs_config_path(sample), ixs_node_line(node),
                               "found analyzer %s, expected one of the instrument", name);
        ok =
            ok &&
            ixs_node_fields(sample, node, analyzer_fields, COUNT(analyzer_fields), analyzer, err) &&
            read_response(&analyzer->response, sample, node, err);
    }
    return ok;
}

/* Efficiency has mean 1 over the analyzers that see anything. */
static void settle_array(struct ixs_forward *forward)
{
    double sum = 0, count = 0;
    for (size_t a = 0; a < forward->nanalyzers; a++) {
        ixs_forward_response_center(&forward->analyzers[a].response);
        if (forward->analyzers[a].transmission > 0) {
            sum += forward->analyzers[a].efficiency;
            count += 1;
        }
    }
    for (size_t a = 0; a < forward->nanalyzers && count > 0; a++)
        forward->analyzers[a].efficiency *= count / sum;
}

static bool read_array(struct ixs_forward *out, const struct ixs_config *sample,
                       const struct ixs_instrument *instrument, struct ixs_err *err)
{
    out->nanalyzers = instrument->nanalyzers;
    if (!IXS_NEW(out->analyzers, out->nanalyzers, err))
        return false;
    for (size_t a = 0; a < out->nanalyzers; a++)
        nominal_analyzer(&out->analyzers[a], instrument, &instrument->analyzers[a]);
    if (!read_truths(out, sample, err))
        return false;
    for (size_t a = 0; a < out->nanalyzers; a++)
        if (!(out->analyzers[a].response.components[0].fwhm > 0))
            return ixs_fail_at(err, IXS_USAGE, ixs_config_path(sample), 0,
                               "found analyzer %s without a response, expected <component>s here "
                               "or a nominal width in the instrument",
                               out->analyzers[a].name);
    settle_array(out);
    return true;
}

/* ---- plan
 * ------------------------------------------------------------------------------------------ */

static const char *scan_complaint(const struct ixs_forward *forward,
                                  const struct ixs_forward_scan *scan)
{
    if (strcmp(scan->kind, "reference") == 0) {
        if (!(scan->tth > 0))
            return "tth, where the main analyzer stands";
        if (!(forward->standard > 0))
            return "<standard>, the sample of a reference scan";
    } else if (isnan(scan->h) || isnan(scan->k) || isnan(scan->l)) {
        return "h, k and l, put on the main analyzer";
    }
    return scan->abort <= scan->intervals + 1 ? NULL : "abort at most at the last point";
}

static bool read_scan(struct ixs_forward *out, struct ixs_forward_scan *scan,
                      const struct ixs_config *sample, struct ixs_node *node, struct ixs_err *err)
{
    *scan = (struct ixs_forward_scan){
        .temperature = NAN, .h = NAN, .k = NAN, .l = NAN, .tth = NAN, .pause = 60.0};
    if (!ixs_node_fields(sample, node, scan_fields, COUNT(scan_fields), scan, err))
        return false;
    const char *complaint = scan_complaint(out, scan);
    if (find_analyzer(out, scan->main) == NULL)
        complaint = "main to be an analyzer of the instrument";
    if (scan->masked[0] != '\0' && find_analyzer(out, scan->masked) == NULL)
        complaint = "masked to be an analyzer of the instrument";
    if (complaint != NULL)
        return ixs_fail_at(err, IXS_USAGE, ixs_config_path(sample), ixs_node_line(node),
                           "found a %s scan on %s, expected %s", scan->kind, scan->main, complaint);
    struct ixs_forward_setting at;
    return strcmp(scan->kind, "reference") == 0 ||
           ixs_forward_aim(&out->crystal, (const double[3]){scan->h, scan->k, scan->l}, &at, err) ||
           ixs_in_file(err, ixs_config_path(sample), ixs_node_line(node));
}

static bool read_plan(struct ixs_forward *out, const struct ixs_config *sample, struct ixs_err *err)
{
    struct ixs_node *node;
    out->nscans = list_of(ixs_node_child(ixs_config_root(sample), "plan"), "scan", &node);
    bool ok = IXS_NEW(out->scans, out->nscans, err);
    for (size_t i = 0; ok && i < out->nscans; i++, node = ixs_node_next(node)) {
        ok = read_scan(out, &out->scans[i], sample, node, err);
        if (ok)
            out->scans[i].main_index =
                (size_t)(find_analyzer(out, out->scans[i].main) - out->analyzers);
    }
    return ok;
}

/* ---- whole
 * ----------------------------------------------------------------------------------------- */

static bool settle_beam(struct ixs_forward *out, const struct ixs_config *sample,
                        const struct ixs_instrument *instrument, struct ixs_err *err)
{
    ixs_copy(out->monitor, sizeof out->monitor, instrument->monitor);
    ixs_copy(out->instrument, sizeof out->instrument, instrument->name);
    out->pitch = instrument->pitch;
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
    if (!(fabs(out->pitch) > 0) || out->monitor[0] == '\0' || instrument->nanalyzers == 0)
        return ixs_fail_at(err, IXS_USAGE, ixs_config_path(sample), 0,
                           "found an instrument without pitch, monitor or analyzers, expected all");
    return true;
}

bool ixs_forward_read(struct ixs_forward *out, const struct ixs_config *sample,
                      const struct ixs_instrument *instrument, struct ixs_err *err)
{
    *out = (struct ixs_forward){.scale = 1.0, .reach = 1.0};
    out->crystal.wavelength = instrument->wavelength;
    return ixs_node_fields(sample, ixs_config_root(sample), sample_fields, COUNT(sample_fields),
                           out, err) &&
           settle_beam(out, sample, instrument, err) && read_crystal(out, sample, err) &&
           read_branches(out, sample, err) && read_array(out, sample, instrument, err) &&
           read_plan(out, sample, err);
}

void ixs_forward_dispose(struct ixs_forward *forward)
{
    free(forward->branches);
    free(forward->analyzers);
    free(forward->scans);
    *forward = (struct ixs_forward){0};
}
