/* SPDX-License-Identifier: GPL-3.0-or-later
 * The sample of an experiment: its lattice, how it stands, its temperature.
 */
#include "calib/experiment/experiment.h"

#include "base/array.h"
#include "models/crystal/lattice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define REAL(member, name) IXS_FIELD(ixs_experiment, member, name, IXS_FIELD_REAL)
#define TEXT(member, name) IXS_FIELD(ixs_experiment, member, name, IXS_FIELD_TEXT)
static const struct ixs_field sample_fields[] = {
    TEXT(sample, "@name"),
    REAL(lattice[0], "lattice/a"),
    REAL(lattice[1], "lattice/b"),
    REAL(lattice[2], "lattice/c"),
    REAL(lattice[3], "lattice/alpha"),
    REAL(lattice[4], "lattice/beta"),
    REAL(lattice[5], "lattice/gamma"),
    REAL(ub[0], "ub/@xx"),
    REAL(ub[1], "ub/@xy"),
    REAL(ub[2], "ub/@xz"),
    REAL(ub[3], "ub/@yx"),
    REAL(ub[4], "ub/@yy"),
    REAL(ub[5], "ub/@yz"),
    REAL(ub[6], "ub/@zx"),
    REAL(ub[7], "ub/@zy"),
    REAL(ub[8], "ub/@zz"),
    TEXT(centring, "centring"),
    IXS_FIELD(ixs_experiment, no_crystal, "amorphous", IXS_FIELD_FLAG),
    REAL(temperature, "temperature"),
    REAL(temperature_error, "temperature/@error"),
    REAL(slab.thickness, "slab/thickness"),
    REAL(slab.length, "slab/absorption_length"),
    REAL(slab.normal[0], "slab/normal/@x"),
    REAL(slab.normal[1], "slab/normal/@y"),
    REAL(slab.normal[2], "slab/normal/@z"),
};
#undef REAL
#undef TEXT

#define REAL(member, name) IXS_FIELD(ixs_lattice_at, member, name, IXS_FIELD_REAL)
static const struct ixs_field lattice_fields[] = {
    REAL(kelvin, "@temperature"), REAL(lattice[0], "a"),     REAL(lattice[1], "b"),
    REAL(lattice[2], "c"),        REAL(lattice[3], "alpha"), REAL(lattice[4], "beta"),
    REAL(lattice[5], "gamma"),
};
#undef REAL

#define REAL(member, name) IXS_FIELD(ixs_reflection, member, name, IXS_FIELD_REAL)
static const struct ixs_field reflection_fields[] = {
    REAL(hkl[0], "@h"),
    REAL(hkl[1], "@k"),
    REAL(hkl[2], "@l"),
    REAL(at.theta, "@theta"),
    REAL(at.two_theta, "@two_theta"),
    REAL(at.chi, "@chi"),
    REAL(at.phi, "@phi"),
    REAL(at.mu, "@mu"),
    REAL(at.gamma, "@gamma"),
};
#undef REAL

static bool refuse(const struct ixs_config *config, struct ixs_node *node, const char *complaint,
                   struct ixs_err *err)
{
    return ixs_fail_at(err, IXS_USAGE, ixs_config_path(config), ixs_node_line(node), "%s",
                       complaint);
}

static int by_temperature(const void *a, const void *b)
{
    const struct ixs_lattice_at *one = a, *other = b;
    return (one->kelvin > other->kelvin) - (one->kelvin < other->kelvin);
}

static bool read_lattices(struct ixs_experiment *out, const struct ixs_config *config,
                          struct ixs_node *list, struct ixs_err *err)
{
    size_t capacity = 0;
    double b[9];
    struct ixs_node *node = list ? ixs_node_child(list, "lattice") : NULL;
    for (; node != NULL; node = ixs_node_next(node)) {
        if (!IXS_MORE(out->lattices, &capacity, out->nlattices, err))
            return false;
        struct ixs_lattice_at *at = &out->lattices[out->nlattices++];
        if (!ixs_node_fields(config, node, lattice_fields, IXS_COUNT(lattice_fields), at, err))
            return false;
        if (!ixs_lattice_b(at->lattice, b))
            return refuse(config, node, "found a lattice without volume, expected a unit cell",
                          err);
    }
    if (out->nlattices > 1)
        qsort(out->lattices, out->nlattices, sizeof *out->lattices, by_temperature);
    for (size_t i = 1; i < out->nlattices; i++)
        if (out->lattices[i].kelvin == out->lattices[i - 1].kelvin)
            return refuse(config, list, "found two lattices at one temperature, expected each once",
                          err);
    return true;
}

static bool read_reflections(struct ixs_experiment *out, const struct ixs_config *config,
                             struct ixs_node *list, struct ixs_err *err)
{
    struct ixs_node *node = list ? ixs_node_child(list, "reflection") : NULL;
    out->oriented = node != NULL;
    for (int i = 0; i < 2 && node != NULL; i++, node = ixs_node_next(node))
        if (!ixs_node_fields(config, node, reflection_fields, IXS_COUNT(reflection_fields),
                             &out->reflections[i], err))
            return false;
    return true;
}

struct atom { /* <form_factor><atom> */
    char element[3];
    double count, real, imaginary;
};

static const struct ixs_field atom_fields[] = {
    IXS_FIELD(atom, element, "@element", IXS_FIELD_TEXT),
    IXS_FIELD(atom, count, "@count", IXS_FIELD_REAL),
    IXS_FIELD(atom, real, "@real", IXS_FIELD_REAL),
    IXS_FIELD(atom, imaginary, "@imaginary", IXS_FIELD_REAL),
};

static bool read_atoms(struct ixs_experiment *out, const struct ixs_config *config,
                       struct ixs_node *list, struct ixs_err *err)
{
    struct ixs_node *node = list ? ixs_node_child(list, "atom") : NULL;
    for (; node != NULL && out->nscatterers < IXS_MOST_SCATTERERS; node = ixs_node_next(node)) {
        struct atom atom = {.count = 1.0};
        if (!ixs_node_fields(config, node, atom_fields, IXS_COUNT(atom_fields), &atom, err))
            return false;
        const struct ixs_atom *known = ixs_atom_find(atom.element);
        if (known == NULL)
            return ixs_fail_at(err, IXS_USAGE, ixs_config_path(config), ixs_node_line(node),
                               "found element %s, expected one from H to Cf", atom.element);
        out->scatterers[out->nscatterers++] =
            (struct ixs_scatterer){known, atom.count, atom.real, atom.imaginary};
    }
    return true;
}

struct frame { /* <slab><normal in="..."> */
    char name[8];
};

static bool read_normal(struct ixs_slab *out, const struct ixs_config *config,
                        struct ixs_node *node, struct ixs_err *err)
{
    const struct ixs_field field = IXS_FIELD(frame, name, "@in", IXS_FIELD_TEXT);
    struct frame frame = {""};
    if (node != NULL && !ixs_node_fields(config, node, &field, 1, &frame, err))
        return false;
    out->turns = node != NULL;
    out->hkl = strcmp(frame.name, "hkl") == 0;
    return true;
}

static bool parallel(const struct ixs_experiment *experiment)
{
    static const double cube[6] = {1, 1, 1, 90, 90, 90};
    const double *lattice = isfinite(experiment->lattice[0]) ? experiment->lattice
                            : experiment->nlattices > 0      ? experiment->lattices[0].lattice
                                                             : cube;
    double ub[9];
    return !ixs_orientation_ub(lattice, experiment->reflections, ub);
}

/* What is wrong, and in which element. A lattice half stated, or two crystals, is a slip. */
static const char *complaint(const struct ixs_experiment *experiment, const char **element)
{
    double matrix[9];
    bool lattice = isfinite(experiment->lattice[0]), ub = isfinite(experiment->ub[0]);
    bool crystal = lattice || ub || experiment->oriented || experiment->nlattices > 0;
    const struct {
        bool wrong;
        const char *element, *complaint;
    } checks[] = {
        {experiment->no_crystal && crystal, "",
         "found <amorphous> beside a lattice or a UB, expected one of them"},
        {lattice && !ixs_lattice_b(experiment->lattice, matrix), "lattice",
         "found a lattice without volume, expected a unit cell"},
        {ub && experiment->oriented, "orientation",
         "found <orientation> beside <ub>, expected one of them"},
        {ub && !ixs_matrix_invert(experiment->ub, matrix), "ub",
         "found a singular UB, expected three axes that span space"},
        {experiment->slab.turns &&
             !(fabs(experiment->slab.normal[0]) + fabs(experiment->slab.normal[1]) +
                   fabs(experiment->slab.normal[2]) >
               0.0),
         "slab", "found a normal of length 0, expected a direction"},
        {experiment->oriented && parallel(experiment), "orientation",
         "found two reflections in one direction, expected two that span a plane"},
    };
    for (size_t i = 0; i < IXS_COUNT(checks); i++)
        if (checks[i].wrong) {
            *element = checks[i].element;
            return checks[i].complaint;
        }
    return NULL;
}

bool ixs_experiment_read_sample(struct ixs_experiment *out, const struct ixs_config *config,
                                struct ixs_node *node, struct ixs_err *err)
{
    if (node == NULL)
        return true;
    struct ixs_node *slab = ixs_node_child(node, "slab");
    if (!ixs_node_fields(config, node, sample_fields, IXS_COUNT(sample_fields), out, err) ||
        !read_atoms(out, config, ixs_node_child(node, "form_factor"), err) ||
        !read_normal(&out->slab, config, slab ? ixs_node_child(slab, "normal") : NULL, err) ||
        !read_lattices(out, config, ixs_node_child(node, "lattices"), err) ||
        !read_reflections(out, config, ixs_node_child(node, "orientation"), err))
        return false;
    const char *element = "", *wrong = complaint(out, &element);
    struct ixs_node *at = ixs_node_child(node, element);
    return wrong == NULL || refuse(config, at ? at : node, wrong, err);
}

bool ixs_experiment_lattice(const struct ixs_experiment *experiment, double kelvin,
                            double lattice[6], double *beyond)
{
    size_t n = experiment->nlattices, i = 0;
    const struct ixs_lattice_at *list = experiment->lattices;
    *beyond = 0.0;
    for (int k = 0; k < 6; k++)
        lattice[k] = experiment->lattice[k];
    if (n == 0 || isnan(kelvin))
        return isfinite(lattice[0]);
    double at = fmin(fmax(kelvin, list[0].kelvin), list[n - 1].kelvin);
    *beyond = fabs(kelvin - at);
    while (i + 2 < n && at > list[i + 1].kelvin)
        i++;
    const struct ixs_lattice_at *low = &list[i], *high = &list[n > 1 ? i + 1 : i];
    double share = n > 1 ? (at - low->kelvin) / (high->kelvin - low->kelvin) : 0.0;
    for (int k = 0; k < 6; k++)
        lattice[k] = low->lattice[k] + share * (high->lattice[k] - low->lattice[k]);
    return true;
}
