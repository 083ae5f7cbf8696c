/* SPDX-License-Identifier: GPL-3.0-or-later
 * How much of the cell's light is left with the sample in it (Paalman & Pings, J. Appl. Phys. 33,
 * 2635, 1962, for a slab across the beam between thin walls): light from the wall before the sample
 * goes through it on its way out, exp(-x/cos), that of the wall behind it on its way in, exp(-x),
 * x the thickness over the absorption length. Walls around it are half of each; that it may be
 * either is the error.
 */
#include "calib/background/background.h"

#include "base/array.h"
#include "base/config.h"

#include <math.h>
#include <string.h>

double ixs_background_share(const struct ixs_background_rules *rules, double q, double wavelength,
                            double *error)
{
    *error = isnan(rules->error) ? 0.0 : rules->error;
    if (!isnan(rules->transmission))
        return rules->transmission;
    double sine = q * wavelength / (4.0 * acos(-1.0)), cosine = 1.0 - 2.0 * sine * sine;
    double x = rules->thickness / rules->length;
    double in = exp(-x), out = cosine > 0.0 ? exp(-x / cosine) : NAN;
    if (rules->turns)
        return NAN;
    if (rules->walls == IXS_WALLS_BEHIND)
        return in;
    if (rules->walls == IXS_WALLS_BEFORE)
        return out;
    *error = hypot(*error, 0.5 * fabs(in - out));
    return 0.5 * (in + out);
}

struct stated { /* <cell> */
    double transmission, error;
    char walls[16];
};
static const struct ixs_field cell_fields[] = {
    IXS_FIELD(stated, transmission, "@transmission", IXS_FIELD_REAL),
    IXS_FIELD(stated, error, "@error", IXS_FIELD_REAL),
    IXS_FIELD(stated, walls, "@walls", IXS_FIELD_TEXT),
};
static const struct ixs_field slab_fields[] = {
    IXS_FIELD(ixs_background_rules, thickness, "thickness", IXS_FIELD_REAL),
    IXS_FIELD(ixs_background_rules, length, "absorption_length", IXS_FIELD_REAL),
};

static void put(struct ixs_background_rules *rules, const struct stated *stated)
{
    if (isnan(rules->transmission)) {
        rules->transmission = stated->transmission;
        rules->error = isnan(rules->error) ? stated->error : rules->error;
    }
    if (strcmp(stated->walls, "before") == 0)
        rules->walls = IXS_WALLS_BEFORE;
    if (strcmp(stated->walls, "behind") == 0)
        rules->walls = IXS_WALLS_BEHIND;
}

static bool read_elements(struct ixs_background_rules *rules, const struct ixs_config *config,
                          struct ixs_err *err)
{
    struct ixs_node *root = ixs_config_root(config), *cell = ixs_node_child(root, "cell");
    struct ixs_node *sample = ixs_node_child(root, "sample");
    struct ixs_node *slab = sample ? ixs_node_child(sample, "slab") : NULL;
    struct stated stated = {.transmission = NAN, .error = NAN};
    if (cell != NULL &&
        !ixs_node_fields(config, cell, cell_fields, IXS_COUNT(cell_fields), &stated, err))
        return false;
    put(rules, &stated);
    if (slab == NULL || !isnan(rules->transmission))
        return true;
    rules->turns = ixs_node_child(slab, "normal") != NULL;
    return ixs_node_fields(config, slab, slab_fields, IXS_COUNT(slab_fields), rules, err);
}

bool ixs_background_experiment(struct ixs_background_rules *rules, const char *path,
                               struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct ixs_config *config = NULL;
    if (path == NULL)
        return true;
    bool ok = ixs_config_open(&config, path, "experiment", err) &&
              read_elements(rules, config, err) &&
              ixs_config_witness(config, "experiment", provenance, err);
    ixs_config_close(config);
    return ok;
}
