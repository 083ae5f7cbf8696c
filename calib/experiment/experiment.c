/* SPDX-License-Identifier: GPL-3.0-or-later
 * The experiment: what the XML says of a beamtime.
 */
#include "calib/experiment/experiment.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct ixs_field zero_fields[] = {
    IXS_FIELD(ixs_stated_zero, scan, "@scan", IXS_FIELD_INT),
    IXS_FIELD(ixs_stated_zero, analyzer, "@analyzer", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_stated_zero, zero, ".", IXS_FIELD_REAL),
    IXS_FIELD(ixs_stated_zero, error, "@error", IXS_FIELD_REAL),
};

static const struct ixs_field exclusion_fields[] = {
    IXS_FIELD(ixs_exclusion, scan, "@scan", IXS_FIELD_INT),
    IXS_FIELD(ixs_exclusion, order, "@order", IXS_FIELD_INT),
    IXS_FIELD(ixs_exclusion, analyzer, "@analyzer", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_exclusion, from, "@from", IXS_FIELD_REAL),
    IXS_FIELD(ixs_exclusion, to, "@to", IXS_FIELD_REAL),
    IXS_FIELD(ixs_exclusion, unit, "@unit", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_exclusion, reason, "@reason", IXS_FIELD_TEXT),
};

static void set_default(struct ixs_experiment *out)
{
    *out = (struct ixs_experiment){.temperature = NAN, .temperature_error = NAN, .wavelength = NAN};
    for (int i = 0; i < 6; i++)
        out->lattice[i] = NAN;
    for (int i = 0; i < 9; i++)
        out->ub[i] = NAN;
    out->slab = (struct ixs_slab){.thickness = NAN, .length = NAN};
    ixs_instrument_default(&out->instrument);
}

static bool read_zeros(struct ixs_experiment *out, const struct ixs_config *config,
                       struct ixs_node *first, struct ixs_err *err)
{
    size_t capacity = 0;
    for (struct ixs_node *node = first; node != NULL; node = ixs_node_next(node)) {
        if (!IXS_MORE(out->zeros, &capacity, out->nzeros, err))
            return false;
        struct ixs_stated_zero *zero = &out->zeros[out->nzeros++];
        zero->error = NAN;
        zero->node = node;
        if (!ixs_node_fields(config, node, zero_fields, IXS_COUNT(zero_fields), zero, err))
            return false;
        ixs_node_forget(node);
    }
    return true;
}

static bool read_exclusion(struct ixs_exclusion *out, const struct ixs_config *config,
                           struct ixs_node *node, struct ixs_err *err)
{
    *out = (struct ixs_exclusion){.from = NAN, .to = NAN, .unit = "point", .node = node};
    if (!ixs_node_fields(config, node, exclusion_fields, IXS_COUNT(exclusion_fields), out, err))
        return false;
    ixs_node_forget(node);
    if (!(out->from > out->to))
        return true;
    return ixs_fail_at(err, IXS_USAGE, ixs_config_path(config), ixs_node_line(node),
                       "found from %g and to %g in <exclude>, expected from <= to", out->from,
                       out->to);
}

static bool read_exclusions(struct ixs_experiment *out, const struct ixs_config *config,
                            struct ixs_node *first, struct ixs_err *err)
{
    size_t capacity = 0;
    for (struct ixs_node *node = first; node != NULL; node = ixs_node_next(node))
        if (!IXS_MORE(out->exclusions, &capacity, out->nexclusions, err) ||
            !read_exclusion(&out->exclusions[out->nexclusions++], config, node, err))
            return false;
    return true;
}

struct file { /* <model file="...">, <instrument file="..."> */
    char name[1024];
};

/* *path: beside the XML, NULL if none is named. */
static bool read_file(char **path, const struct ixs_config *config, struct ixs_node *node,
                      struct ixs_err *err)
{
    const struct ixs_field field = IXS_FIELD(file, name, "@file", IXS_FIELD_TEXT);
    struct file file = {""};
    *path = NULL;
    if (node == NULL)
        return true;
    if (!ixs_node_fields(config, node, &field, 1, &file, err))
        return false;
    return file.name[0] == '\0' || (*path = ixs_config_beside(config, file.name, err)) != NULL;
}

/* The experiment's <instrument> over the file; a wavelength stated there goes over the scans'. */
static bool overlay(struct ixs_experiment *out, const struct ixs_config *config,
                    struct ixs_node *node, struct ixs_err *err)
{
    double before = out->instrument.wavelength;
    if (node == NULL)
        return true;
    out->instrument.wavelength = NAN;
    if (!ixs_instrument_overlay(&out->instrument, config, node, err))
        return false;
    out->wavelength = out->instrument.wavelength;
    if (isnan(out->wavelength))
        out->instrument.wavelength = before;
    return true;
}

static bool check_name(const struct ixs_experiment *experiment, const struct ixs_config *config,
                       const struct ixs_node *node, const char *name, struct ixs_err *err)
{
    const struct ixs_analyzer *analyzers = experiment->instrument.analyzers;
    size_t n = experiment->instrument.nanalyzers;
    if (name[0] == '\0' || ixs_instrument_find(&experiment->instrument, name) != NULL)
        return true;
    return ixs_fail_at(err, IXS_USAGE, ixs_config_path(config), ixs_node_line(node),
                       "found analyzer %s in <%s>, expected one of the instrument's %zu (%s .. %s)",
                       name, ixs_node_name(node), n, analyzers[0].name, analyzers[n - 1].name);
}

/* A misspelt analyzer would exclude nothing, without a word. */
static bool check_names(const struct ixs_experiment *experiment, const struct ixs_config *config,
                        struct ixs_err *err)
{
    bool ok = true;
    if (experiment->instrument.nanalyzers == 0) /* no instrument was named */
        return true;
    for (size_t i = 0; ok && i < experiment->nzeros; i++)
        ok = check_name(experiment, config, experiment->zeros[i].node,
                        experiment->zeros[i].analyzer, err);
    for (size_t i = 0; ok && i < experiment->nlines; i++)
        ok = check_name(experiment, config, experiment->lines[i].node,
                        experiment->lines[i].analyzer, err);
    for (size_t i = 0; ok && i < experiment->nexclusions; i++)
        ok = check_name(experiment, config, experiment->exclusions[i].node,
                        experiment->exclusions[i].analyzer, err);
    return ok;
}

static bool read_body(struct ixs_experiment *out, const struct ixs_config *config,
                      struct ixs_err *err)
{
    struct ixs_node *root = ixs_config_root(config), *model = ixs_node_child(root, "model");
    bool ok = read_file(&out->model, config, model, err);
    if (model != NULL)
        ixs_node_forget(model); /* it concerns ixs-fit, which names the file itself */
    return ok && ixs_experiment_read_sample(out, config, ixs_node_child(root, "sample"), err) &&
           read_zeros(out, config, ixs_node_child(root, "zero"), err) &&
           read_exclusions(out, config, ixs_node_child(root, "exclude"), err) &&
           ixs_experiment_read_references(out, config, ixs_node_child(root, "standard"), err) &&
           ixs_experiment_read_lines(out, config, root, err) && check_names(out, config, err);
}

static bool read_experiment(struct ixs_experiment *out, struct ixs_config *config,
                            const char *instrument, struct ixs_provenance *provenance,
                            struct ixs_err *err)
{
    struct ixs_node *node = ixs_node_child(ixs_config_root(config), "instrument");
    char *named = NULL;
    bool ok = instrument != NULL || read_file(&named, config, node, err);
    if (instrument == NULL)
        instrument = named;
    bool known = ok && (instrument == NULL ||
                        ixs_instrument_read(&out->instrument, instrument, provenance, err));
    if (ok && !known && named != NULL)
        ixs_within(err, "named in %s:%ld", ixs_config_path(config), ixs_node_line(node));
    ok = known && overlay(out, config, node, err) && read_body(out, config, err);
    free(named);
    return ok;
}

bool ixs_experiment_read(struct ixs_experiment *out, const char *experiment, const char *instrument,
                         struct ixs_provenance *provenance, struct ixs_err *err)
{
    bool ok = true;
    set_default(out);
    if (experiment == NULL)
        ok = instrument == NULL ||
             ixs_instrument_read(&out->instrument, instrument, provenance, err);
    else
        ok = ixs_config_open(&out->config, experiment, "experiment", err) &&
             read_experiment(out, out->config, instrument, provenance, err);
    ixs_instrument_settle(&out->instrument);
    return ok;
}

void ixs_experiment_use(const struct ixs_experiment *experiment, int64_t scan)
{
    for (size_t i = 0; i < experiment->nzeros; i++) {
        const struct ixs_stated_zero *zero = &experiment->zeros[i];
        if (zero->node != NULL && (zero->scan == 0 || zero->scan == scan))
            ixs_node_use(zero->node);
    }
    for (size_t i = 0; i < experiment->nexclusions; i++) {
        const struct ixs_exclusion *one = &experiment->exclusions[i];
        if (one->node != NULL && (one->scan == 0 || one->scan == scan))
            ixs_node_use(one->node);
    }
    const struct ixs_reference *reference = ixs_experiment_reference(experiment, scan);
    if (reference != NULL && reference->node != NULL)
        ixs_node_use(reference->node);
    for (size_t i = 0; i < experiment->nlines; i++)
        if (scan >= experiment->lines[i].from && scan <= experiment->lines[i].to)
            ixs_node_use(experiment->lines[i].node);
}

static void forget(struct ixs_node *node)
{
    if (node != NULL)
        ixs_node_forget(node);
}

void ixs_experiment_forget(const struct ixs_experiment *experiment)
{
    for (size_t i = 0; i < experiment->nzeros; i++)
        forget(experiment->zeros[i].node);
    for (size_t i = 0; i < experiment->nexclusions; i++)
        forget(experiment->exclusions[i].node);
    for (size_t i = 0; i < experiment->nreferences; i++)
        forget(experiment->references[i].node);
    for (size_t i = 0; i < experiment->nlines; i++)
        forget(experiment->lines[i].node);
}

bool ixs_experiment_witness(const struct ixs_experiment *experiment,
                            struct ixs_provenance *provenance, struct ixs_err *err)
{
    return experiment->config == NULL ||
           ixs_config_witness(experiment->config, "experiment", provenance, err);
}

void ixs_experiment_dispose(struct ixs_experiment *experiment)
{
    free(experiment->lattices);
    free(experiment->exclusions);
    free(experiment->zeros);
    free(experiment->references);
    free(experiment->lines);
    free(experiment->model);
    ixs_config_close(experiment->config);
    *experiment = (struct ixs_experiment){0};
}

bool ixs_experiment_state_zero(struct ixs_experiment *experiment, double zero, double error,
                               struct ixs_err *err)
{
    size_t capacity = experiment->nzeros;
    if (!IXS_MORE(experiment->zeros, &capacity, experiment->nzeros, err))
        return false;
    experiment->zeros[experiment->nzeros++] =
        (struct ixs_stated_zero){.zero = zero, .error = error};
    return true;
}

static bool names(const char *stated, const char *analyzer)
{
    return stated[0] == '\0' || strcasecmp(stated, analyzer) == 0;
}

const struct ixs_stated_zero *ixs_experiment_zero(const struct ixs_experiment *experiment,
                                                  int64_t scan, const char *analyzer)
{
    for (size_t i = experiment->nzeros; i-- > 0;) {
        const struct ixs_stated_zero *zero = &experiment->zeros[i];
        if ((zero->scan == 0 || zero->scan == scan) && names(zero->analyzer, analyzer))
            return zero;
    }
    return NULL;
}

static bool within(const struct ixs_exclusion *exclusion, double at)
{
    bool bounded = !isnan(exclusion->from) || !isnan(exclusion->to);
    return !bounded || (!isnan(at) && !(at < exclusion->from) && !(at > exclusion->to));
}

const struct ixs_exclusion *ixs_experiment_excludes(const struct ixs_experiment *experiment,
                                                    int64_t scan, int64_t order,
                                                    const char *analyzer, int64_t point,
                                                    double recorded)
{
    for (size_t i = 0; i < experiment->nexclusions; i++) {
        const struct ixs_exclusion *one = &experiment->exclusions[i];
        double at = strcmp(one->unit, "recorded") == 0 ? recorded : (double)point;
        if ((one->scan == 0 || one->scan == scan) && (one->order == 0 || one->order == order) &&
            names(one->analyzer, analyzer) && within(one, at))
            return one;
    }
    return NULL;
}
