/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an experiment says of its dispersion: the crystal in <sample>, how to follow branches in
 * <dispersion>.
 */
#include "calib/branching/branching.h"

#include "base/array.h"
#include "base/cli.h"
#include "base/config.h"
#include "base/lines.h"
#include "base/path.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define REAL(member, name) IXS_FIELD(ixs_branching, member, name, IXS_FIELD_REAL)
#define TEXT(member, name) IXS_FIELD(ixs_branching, member, name, IXS_FIELD_TEXT)
static const struct ixs_field sample_fields[] = {
    TEXT(centring, "centring"),        REAL(lattice[0], "lattice/a"),
    REAL(lattice[1], "lattice/b"),     REAL(lattice[2], "lattice/c"),
    REAL(lattice[3], "lattice/alpha"), REAL(lattice[4], "lattice/beta"),
    REAL(lattice[5], "lattice/gamma"), TEXT(point_group, "point_group"),
    REAL(density, "density"),          REAL(cell_mass, "cell_mass"),
};
static const struct ixs_field fields[] = {
    TEXT(paths, "paths"),
    REAL(angle, "angle"),
    REAL(width, "width"),
    TEXT(fold, "fold"),
    TEXT(law, "law"),
    REAL(tolerance, "tolerance"),
    REAL(warm, "same_temperature"),
    IXS_FIELD(ixs_branching, terms, "terms", IXS_FIELD_INT),
};
#undef REAL
#undef TEXT

static const struct ixs_field path_fields[] = {
    IXS_FIELD(ixs_branching_path, name, "@name", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_branching_path, zone, "@zone", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_branching_path, direction, "@direction", IXS_FIELD_TEXT),
};

struct overlay { /* and the name of its file */
    struct ixs_branching_overlay is;
    char file[1024];
};
static const struct ixs_field overlay_fields[] = {
    IXS_FIELD(overlay, is.name, "@name", IXS_FIELD_TEXT),
    IXS_FIELD(overlay, is.path, "@path", IXS_FIELD_TEXT),
    IXS_FIELD(overlay, is.segment, "@segment", IXS_FIELD_INT),
    IXS_FIELD(overlay, file, "@file", IXS_FIELD_TEXT),
};

bool ixs_branching_three(const char *text, double out[3])
{
    double values[3];
    size_t blanks;
    if (ixs_numbers(&text, 3, values, &blanks) != 3 || *text != '\0')
        return false;
    for (int i = 0; out != NULL && i < 3; i++)
        out[i] = values[i];
    return true;
}

static bool read_paths(struct ixs_branching *rules, const struct ixs_config *config,
                       struct ixs_node *node, struct ixs_err *err)
{
    size_t capacity = rules->ngiven;
    for (; node != NULL; node = ixs_node_next(node)) {
        if (!IXS_MORE(rules->given, &capacity, rules->ngiven, err) ||
            !ixs_node_fields(config, node, path_fields, IXS_COUNT(path_fields),
                             &rules->given[rules->ngiven++], err))
            return false;
        const struct ixs_branching_path *last = &rules->given[rules->ngiven - 1];
        if (!ixs_branching_three(last->direction, NULL) ||
            (last->zone[0] != '\0' && !ixs_branching_three(last->zone, NULL)))
            return ixs_fail_at(err, IXS_USAGE, ixs_config_path(config), ixs_node_line(node),
                               "found zone \"%s\" and direction \"%s\" in <path>, expected three "
                               "numbers each",
                               last->zone, last->direction);
        for (size_t i = 0; i + 1 < rules->ngiven; i++)
            if (strcmp(rules->given[i].name, rules->given[rules->ngiven - 1].name) == 0)
                return ixs_fail_at(err, IXS_USAGE, ixs_config_path(config), ixs_node_line(node),
                                   "found two <path> of the name \"%s\", expected each once",
                                   rules->given[i].name);
    }
    return true;
}

static bool add_overlay(struct ixs_branching *rules, const struct ixs_branching_overlay *like,
                        char *file, struct ixs_err *err)
{
    size_t capacity = rules->noverlays;
    if (file == NULL || !IXS_MORE(rules->overlays, &capacity, rules->noverlays, err)) {
        free(file);
        return false;
    }
    struct ixs_branching_overlay *to = &rules->overlays[rules->noverlays++];
    *to = *like;
    to->file = file;
    return true;
}

static bool read_overlays(struct ixs_branching *rules, const struct ixs_config *config,
                          struct ixs_node *node, struct ixs_err *err)
{
    for (; node != NULL; node = ixs_node_next(node)) {
        struct overlay overlay = {.file = ""};
        if (!ixs_node_fields(config, node, overlay_fields, IXS_COUNT(overlay_fields), &overlay,
                             err) ||
            !add_overlay(rules, &overlay.is, ixs_config_beside(config, overlay.file, err), err))
            return false;
    }
    return true;
}

static bool check_group(const struct ixs_config *config, struct ixs_node *sample, const char *group,
                        struct ixs_err *err)
{
    if (group[0] == '\0' || ixs_laue_class(group) != NULL)
        return true;
    return ixs_fail_at(err, IXS_USAGE, ixs_config_path(config),
                       ixs_node_line(ixs_node_child(sample, "point_group")),
                       "found %s in <point_group>, expected one of the 32, such as m-3m", group);
}

static bool read_all(struct ixs_branching *rules, const struct ixs_config *config,
                     struct ixs_err *err)
{
    struct ixs_node *root = ixs_config_root(config), *sample = ixs_node_child(root, "sample");
    struct ixs_node *node = ixs_node_child(root, "dispersion");
    if (sample != NULL &&
        (!ixs_node_fields(config, sample, sample_fields, IXS_COUNT(sample_fields), rules, err) ||
         !check_group(config, sample, rules->point_group, err)))
        return false;
    return node == NULL || (ixs_node_fields(config, node, fields, IXS_COUNT(fields), rules, err) &&
                            read_paths(rules, config, ixs_node_child(node, "path"), err) &&
                            read_overlays(rules, config, ixs_node_child(node, "overlay"), err));
}

/* Overlays as they are called from inside `folder`. */
static bool move_overlays(const struct ixs_branching *rules, const struct ixs_config *config,
                          const char *folder, struct ixs_err *err)
{
    struct ixs_node *node = ixs_node_child(ixs_config_root(config), "dispersion");
    size_t i = 0;
    for (node = node ? ixs_node_child(node, "overlay") : NULL; node != NULL;
         node = ixs_node_next(node)) {
        char *name = ixs_path_from(folder, rules->overlays[i++].file, err);
        bool ok = name != NULL && ixs_node_set(node, "file", name, err);
        free(name);
        if (!ok)
            return false;
    }
    return true;
}

bool ixs_branching_slice(struct ixs_branching *rules, const char *experiment, const char *folder,
                         struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct ixs_config *config = NULL;
    bool ok = ixs_config_open(&config, experiment, "experiment", err) &&
              read_all(rules, config, err) && move_overlays(rules, config, folder, err) &&
              ixs_config_witness(config, "experiment", provenance, err);
    ixs_config_close(config);
    return ok;
}

bool ixs_branching_experiment(struct ixs_branching *rules, const char *experiment,
                              struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct ixs_config *config = NULL;
    bool ok = experiment == NULL || (ixs_config_open(&config, experiment, "experiment", err) &&
                                     read_all(rules, config, err) &&
                                     ixs_config_witness(config, "experiment", provenance, err));
    ixs_config_close(config);
    return ok;
}

static bool check(const struct ixs_branching *rules, struct ixs_err *err)
{
    static const char *const paths[] = {"any", "zones", "directions"};
    static const char *const laws[] = {"auto", "linear", "sine", "series", "karman"};
    const char *fold = rules->fold;
    size_t place;
    if (!ixs_cli_choose(&place, rules->paths, "paths", IXS_COUNT(paths), paths, err) ||
        !ixs_cli_choose(&place, rules->law, "law", IXS_COUNT(laws), laws, err))
        return false;
    if (strcmp(fold, "no") != 0 && strcmp(fold, "yes") != 0 && ixs_laue_class(fold) == NULL)
        return ixs_fail(err, IXS_USAGE,
                        "found --fold %s, expected no, yes or a point group such as m-3m", fold);
    if (rules->q_from >= rules->q_to)
        return ixs_fail(err, IXS_USAGE, "found --q-from %g and --q-to %g, expected from < to",
                        rules->q_from, rules->q_to);
    return true;
}

static bool wish_overlay(struct ixs_branching *rules, const char *file, struct ixs_err *err)
{
    const struct ixs_branching_overlay like = {.segment = 0};
    return file == NULL || add_overlay(rules, &like, ixs_text(err, "%s", file), err);
}

bool ixs_branching_wish(struct ixs_branching *rules, const struct ixs_branching_wishes *wishes,
                        struct ixs_err *err)
{
    const double numbers[] = {wishes->tolerance, wishes->warm, wishes->angle, wishes->width,
                              wishes->density,   wishes->from, wishes->to};
    double *to[] = {&rules->tolerance, &rules->warm,   &rules->angle, &rules->width,
                    &rules->density,   &rules->q_from, &rules->q_to};
    const char *words[] = {wishes->paths, wishes->fold, wishes->law};
    char *rooms[] = {rules->paths, rules->fold, rules->law};
    for (size_t i = 0; i < IXS_COUNT(to); i++)
        *to[i] = isnan(numbers[i]) ? *to[i] : numbers[i];
    for (size_t i = 0; i < IXS_COUNT(rooms); i++)
        if (words[i] != NULL)
            ixs_copy(rooms[i], sizeof rules->paths, words[i]);
    rules->terms = wishes->terms > 0 ? wishes->terms : rules->terms;
    return check(rules, err) && wish_overlay(rules, wishes->overlay, err);
}

void ixs_branching_dispose(struct ixs_branching *rules)
{
    for (size_t i = 0; i < rules->noverlays; i++)
        free(rules->overlays[i].file);
    free(rules->overlays);
    free(rules->given);
    rules->overlays = NULL;
    rules->given = NULL;
    rules->noverlays = rules->ngiven = 0;
}
