/* SPDX-License-Identifier: GPL-3.0-or-later
 * From what a model file says to the parameters of a model.
 */
#include "calib/fitting/map.h"

#include "base/array.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct making {
    struct ixs_fitting_map *map;
    const struct ixs_fitting_parts *parts;
    const struct ixs_calib *calib;
    size_t tie[IXS_MODEL_MOST_PARAMETERS]; /* 1 + index of the tie of a parameter; 0: none */
    size_t nmodes;
};

void ixs_fitting_label(const struct ixs_fitting_parts *parts, const struct ixs_model_form *form,
                       size_t k, char label[17])
{
    size_t first = ixs_model_first_mode(form), mode = (k - first) / IXS_MODEL_PER_MODE;
    ixs_copy(label, 17, k >= first && mode < parts->nmodes ? parts->modes[mode] : "");
}

struct ixs_fitting_name ixs_fitting_name_of(const struct ixs_fitting_parts *parts,
                                            const struct ixs_model_form *form, size_t k)
{
    struct ixs_model_name words = ixs_model_parameter(form, k);
    struct ixs_fitting_name name = {.component = ""};
    ixs_fitting_label(parts, form, k, name.component);
    if (name.component[0] == '\0')
        ixs_copy(name.component, sizeof name.component, words.component);
    ixs_copy(name.name, sizeof name.name, words.name);
    return name;
}

static bool is(const struct ixs_fitting_name *a, const struct ixs_fitting_name *b)
{
    return strcmp(a->component, b->component) == 0 && strcmp(a->name, b->name) == 0;
}

static bool find(const struct making *making, const struct ixs_fitting_name *name, long line,
                 size_t *found, struct ixs_err *err)
{
    char components[256] = "";
    size_t length = 0;
    for (size_t k = 0; k < making->map->n; k++) {
        struct ixs_fitting_name have = ixs_fitting_name_of(making->parts, &making->map->form, k);
        *found = k;
        if (is(&have, name))
            return true;
        if (length < sizeof components - 40)
            length += (size_t)snprintf(components + length, sizeof components - length, " %s.%s",
                                       have.component, have.name);
    }
    return ixs_fail_at(err, IXS_USAGE, making->parts->path, line,
                       "found %s.%s, expected a parameter of this model:%s", name->component,
                       name->name, components);
}

/* ---- ties ------------------------------------------------------------------------------------ */

static bool note_ties(struct making *making, struct ixs_err *err)
{
    const struct ixs_fitting_parts *parts = making->parts;
    for (size_t i = 0; i < parts->nties; i++) {
        const struct ixs_fitting_tie *tie = &parts->ties[i];
        size_t k = 0;
        if (!find(making, &tie->of, tie->line, &k, err))
            return false;
        if (making->tie[k] > 0)
            return ixs_fail_at(err, IXS_USAGE, parts->path, tie->line,
                               "found %s.%s tied twice (line %ld), expected one tie",
                               tie->of.component, tie->of.name,
                               parts->ties[making->tie[k] - 1].line);
        making->tie[k] = i + 1;
    }
    return true;
}

/* Follows the ties of k to a parameter that has none. */
static bool follow(struct making *making, size_t k, struct ixs_err *err)
{
    struct ixs_fitting_map *map = making->map;
    size_t at = k, steps = 0;
    map->factor[k] = 1.0;
    map->offset[k] = 0.0;
    for (; making->tie[at] > 0; steps++) {
        const struct ixs_fitting_tie *tie = &making->parts->ties[making->tie[at] - 1];
        if (steps > map->n)
            return ixs_fail_at(
                err, IXS_USAGE, making->parts->path, tie->line,
                "found %s.%s tied to itself by way of %s.%s, expected an end of ties",
                tie->of.component, tie->of.name, tie->like.component, tie->like.name);
        if (!find(making, &tie->like, tie->line, &at, err))
            return false;
        map->offset[k] += map->factor[k] * tie->offset;
        map->factor[k] *= tie->factor;
        map->any_ties = true;
    }
    map->root[k] = at;
    return true;
}

static bool note_shares(struct making *making, struct ixs_err *err)
{
    const struct ixs_fitting_parts *parts = making->parts;
    for (size_t i = 0; i < parts->nshares; i++) {
        const struct ixs_fitting_share *share = &parts->shares[i];
        size_t k = 0;
        if (!find(making, &share->of, share->line, &k, err))
            return false;
        if (making->tie[k] > 0)
            return ixs_fail_at(err, IXS_USAGE, parts->path, share->line,
                               "found %s.%s shared and tied (line %ld), expected one of both",
                               share->of.component, share->of.name,
                               parts->ties[making->tie[k] - 1].line);
        if (making->map->share[k] > 0)
            return ixs_fail_at(err, IXS_USAGE, parts->path, share->line,
                               "found %s.%s shared twice (line %ld), expected it once",
                               share->of.component, share->of.name,
                               parts->shares[making->map->share[k] - 1].line);
        if (k == IXS_MODEL_ZERO && parts->zero_per_scan > 0)
            return ixs_fail_at(err, IXS_USAGE, parts->path, share->line,
                               "found a zero shared and of each scan (line %ld), expected one of "
                               "both",
                               parts->zero_per_scan);
        making->map->share[k] = i + 1;
    }
    return true;
}

/* ---- settings -------------------------------------------------------------------------------- */

static const char *setting_complaint(const struct ixs_fitting_setting *row)
{
    if (row->from > row->to)
        return "from above to, expected it below";
    if (row->start < row->from || row->start > row->to)
        return "a start outside the bounds, expected it inside";
    if (isnan(row->prior) != isnan(row->error) || row->error <= 0.0)
        return "a prior without a positive error, or one without the other; expected both";
    if (!isnan(row->fixed) && !isnan(row->prior))
        return "a fixed value with a prior, expected one of both";
    if (row->fixed < row->from || row->fixed > row->to)
        return "a fixed value outside the bounds, expected it inside";
    return NULL;
}

static bool check_setting(const struct making *making, const struct ixs_fitting_setting *row,
                          struct ixs_err *err)
{
    const struct ixs_fitting_parts *parts = making->parts;
    const char *complaint = setting_complaint(row);
    size_t k = 0;
    if (complaint != NULL)
        return ixs_fail_at(err, IXS_USAGE, parts->path, row->line, "%s.%s: found %s",
                           row->of.component, row->of.name, complaint);
    if (!find(making, &row->of, row->line, &k, err))
        return false;
    if (making->tie[k] > 0 && !(isnan(row->fixed) && isnan(row->prior)))
        return ixs_fail_at(err, IXS_USAGE, parts->path, row->line,
                           "found %s.%s fixed, or with a prior, and tied (line %ld), expected that "
                           "of what it is tied to",
                           row->of.component, row->of.name, parts->ties[making->tie[k] - 1].line);
    return true;
}

/* A root within what all that is tied to it allows. */
static bool check_bounds(const struct making *making, struct ixs_err *err)
{
    const struct ixs_fitting_map *map = making->map;
    double lower[IXS_MODEL_MOST_PARAMETERS], upper[IXS_MODEL_MOST_PARAMETERS];
    for (size_t k = 0; k < map->n; k++)
        upper[k] = -(lower[k] = -INFINITY);
    for (size_t i = 0; i < making->parts->nsettings; i++) {
        const struct ixs_fitting_setting *row = &making->parts->settings[i];
        const struct ixs_fitting_select *at = &row->at;
        size_t k = 0;
        if (at->analyzer[0] != '\0' || at->scan != 0 || at->temperature > 0.0)
            continue;
        if (!find(making, &row->of, row->line, &k, err))
            return false;
        size_t root = map->root[k];
        double from = isnan(row->fixed) ? row->from : row->fixed;
        double to = isnan(row->fixed) ? row->to : row->fixed;
        double one = (from - map->offset[k]) / map->factor[k];
        double other = (to - map->offset[k]) / map->factor[k];
        bool turned = map->factor[k] < 0.0;
        lower[root] = fmax(lower[root], turned ? other : one); /* NaN: no bound */
        upper[root] = fmin(upper[root], turned ? one : other);
        if (lower[root] > upper[root])
            return ixs_fail_at(err, IXS_USAGE, making->parts->path, row->line,
                               "%s.%s: found bounds that leave no value to what it is tied to, "
                               "expected some in common",
                               row->of.component, row->of.name);
    }
    return true;
}

static bool check_select(const struct making *making, const struct ixs_fitting_select *at,
                         long line, struct ixs_err *err)
{
    if (at->analyzer[0] == '\0' || ixs_calib_find(making->calib, at->analyzer) != NULL)
        return true;
    return ixs_fail_at(err, IXS_USAGE, making->parts->path, line,
                       "found analyzer %s, expected one of CALIB", at->analyzer);
}

static bool check_settings(const struct making *making, struct ixs_err *err)
{
    const struct ixs_fitting_parts *parts = making->parts;
    for (size_t i = 0; i < parts->nsettings; i++)
        if (!check_setting(making, &parts->settings[i], err) ||
            !check_select(making, &parts->settings[i].at, parts->settings[i].line, err))
            return false;
    for (size_t i = 0; i < parts->nadjustments; i++)
        if (!check_select(making, &parts->adjustments[i].at, parts->adjustments[i].line, err))
            return false;
    return check_bounds(making, err);
}

/* Where a parameter begins by its own settings alone: NaN if they do not say. */
static double start_of(const struct ixs_fitting_setting *row)
{
    if (!isnan(row->fixed))
        return row->fixed;
    if (!isnan(row->start))
        return row->start;
    return isnan(row->prior) ? 0.5 * (row->from + row->to) : row->prior;
}

/* Modes of which more is said than that they are there are told apart by where they begin: that is
 * needed of all or of none. */
static bool check_starts(struct making *making, struct ixs_err *err)
{
    const struct ixs_fitting_parts *parts = making->parts;
    size_t first = ixs_model_first_mode(&making->map->form), begun = 0;
    bool has[IXS_MODEL_MOST_PARAMETERS] = {false};
    long line = 0;
    for (size_t i = 0; i < parts->nsettings; i++) {
        const struct ixs_fitting_setting *row = &parts->settings[i];
        size_t k = 0;
        if (!find(making, &row->of, row->line, &k, err))
            return false;
        line = k >= first && line == 0 ? row->line : line;
        has[k] = has[k] || !isnan(start_of(row));
    }
    for (size_t m = 0; m < making->nmodes; m++) {
        size_t k = first + IXS_MODEL_PER_MODE * m;
        begun += has[making->map->root[k]] || has[k];
    }
    making->map->starts = making->nmodes > 0 && begun == making->nmodes;
    if (line == 0 || making->map->starts)
        return true;
    return ixs_fail_at(err, IXS_USAGE, parts->path, line,
                       "found a start of omega0 of %zu of %zu modes, expected one of each (start, "
                       "from and to, prior or fixed): they are told apart by it",
                       begun, making->nmodes);
}

bool ixs_fitting_map_make(struct ixs_fitting_map *out, const struct ixs_fitting_parts *parts,
                          const struct ixs_model_form *form, int *nmodes,
                          const struct ixs_calib *calib, struct ixs_err *err)
{
    struct making making = {.map = out, .parts = parts, .calib = calib};
    *out = (struct ixs_fitting_map){.form = *form};
    if (parts->nsettings + parts->nties + parts->nshares + parts->nmodes == 0)
        return true;
    if (parts->nmodes > 0 && *nmodes != IXS_FIT_CHOOSE_MODES && (size_t)*nmodes != parts->nmodes)
        return ixs_fail_at(err, IXS_USAGE, parts->path, 0,
                           "found %zu named modes, but %d asked for", parts->nmodes, *nmodes);
    if (parts->nmodes > 0)
        *nmodes = (int)parts->nmodes;
    if (*nmodes == IXS_FIT_CHOOSE_MODES)
        return ixs_fail_at(err, IXS_USAGE, parts->path, 0,
                           "found settings or ties, expected <modes> or named modes with them: "
                           "the number of modes cannot be left to the data");
    making.nmodes = (size_t)*nmodes;
    out->n = ixs_model_nparameters(form, making.nmodes);
    bool ok = note_ties(&making, err);
    for (size_t k = 0; ok && k < out->n; k++)
        ok = follow(&making, k, err);
    return ok && note_shares(&making, err) && check_settings(&making, err) &&
           check_starts(&making, err);
}

/* ---- at a spectrum --------------------------------------------------------------------------- */

static void give(struct ixs_fit_given *given, double *start, const struct ixs_fitting_setting *row)
{
    given->lower = isnan(row->from) ? given->lower : row->from;
    given->upper = isnan(row->to) ? given->upper : row->to;
    given->mean = isnan(row->prior) ? given->mean : row->prior;
    given->sigma = isnan(row->error) ? given->sigma : row->error;
    if (!isnan(row->fixed))
        *given = (struct ixs_fit_given){row->fixed, row->fixed, NAN, NAN};
    *start = isnan(start_of(row)) ? *start : start_of(row);
}

void ixs_fitting_given(const struct ixs_fitting_parts *parts, const struct ixs_fitting_map *map,
                       const struct ixs_spectrum *spectrum, struct ixs_fit_given *given,
                       double *start)
{
    for (size_t k = 0; k < map->n; k++) {
        given[k] = IXS_FIT_GIVEN;
        start[k] = NAN;
    }
    for (size_t i = 0; i < parts->nsettings; i++) {
        const struct ixs_fitting_setting *row = &parts->settings[i];
        if (!ixs_fitting_selects(parts, &row->at, spectrum))
            continue;
        for (size_t k = 0; k < map->n; k++) {
            struct ixs_fitting_name have = ixs_fitting_name_of(parts, &map->form, k);
            if (is(&have, &row->of))
                give(&given[k], &start[k], row);
        }
    }
    for (size_t k = 0; k < map->n; k++)
        if (map->root[k] != k && isnan(start[k]))
            start[k] = map->factor[k] * start[map->root[k]] + map->offset[k];
}
