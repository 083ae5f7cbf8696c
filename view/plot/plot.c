/* SPDX-License-Identifier: GPL-3.0-or-later
 * A picture of products: which kind, its script, gnuplot, stable bytes.
 */
#include "view/plot/plot.h"

#include "base/array.h"
#include "base/memfile.h"
#include "view/plot/script.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *ending;
    enum ixs_picture picture;
} endings[] = {
    {".svg", IXS_PICTURE_SVG},
    {".png", IXS_PICTURE_PNG},
    {".pdf", IXS_PICTURE_PDF},
    {".gp", IXS_PICTURE_SCRIPT},
};

bool ixs_picture_of(const char *name, enum ixs_picture *picture, struct ixs_err *err)
{
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot != NULL && i < IXS_COUNT(endings); i++)
        if (strcasecmp(dot, endings[i].ending) == 0) {
            *picture = endings[i].picture;
            return true;
        }
    return ixs_fail(err, IXS_USAGE,
                    "found picture name '%s', expected one that ends in .svg, .png, .pdf or .gp",
                    name);
}

bool ixs_view_of(const char *name, enum ixs_view *view, struct ixs_err *err)
{
    static const char *const words[] = {
        [IXS_VIEW_CHI] = "chi", [IXS_VIEW_MAP] = "map", [IXS_VIEW_THERMAL] = "thermal"};
    *view = IXS_VIEW_PLAIN;
    for (size_t i = IXS_VIEW_CHI; name != NULL && i < IXS_COUNT(words); i++)
        if (strcmp(name, words[i]) == 0)
            *view = (enum ixs_view)i;
    return name == NULL || *view != IXS_VIEW_PLAIN ||
           ixs_fail(err, IXS_USAGE, "found view '%s', expected chi, map or thermal", name);
}

static const struct {
    const char *kind;
    bool several;
    bool (*plot)(struct ixs_script *script, size_t npaths, const char *const *paths,
                 const struct ixs_plot_choice *choice, struct ixs_err *err);
} kinds[] = {
    {"RAW", false, ixs_plot_raw},
    {"CALIB", false, ixs_plot_calib},
    {"SPECTRA", true, ixs_plot_spectra},
    {"FIT", true, ixs_plot_fit},
    {"DISPERSION", false, ixs_plot_dispersion},
};

static bool same_kinds(size_t npaths, const char *const *paths,
                       const struct ixs_plot_choice *choice, char first[16], struct ixs_err *err)
{
    char kind[16];
    if (!ixs_product_kind(first, paths[0], choice->reading, err))
        return false;
    for (size_t i = 1; i < npaths; i++) {
        if (!ixs_product_kind(kind, paths[i], choice->reading, err))
            return false;
        if (strcmp(kind, first) != 0)
            return ixs_fail_at(err, IXS_USAGE, paths[i], 0,
                               "found a %s beside a %s, expected products of one kind in a picture",
                               kind, first);
    }
    return true;
}

static bool write_script(struct ixs_script *script, size_t npaths, const char *const *paths,
                         const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    char kind[16];
    if (!same_kinds(npaths, paths, choice, kind, err))
        return false;
    for (size_t i = 0; i < IXS_COUNT(kinds); i++) {
        if (strcmp(kinds[i].kind, kind) != 0)
            continue;
        if (npaths > 1 && !kinds[i].several)
            return ixs_fail_at(err, IXS_USAGE, paths[1], 0,
                               "found %zu products of kind %s, expected one in a picture", npaths,
                               kind);
        const char *viewed = choice->view == IXS_VIEW_THERMAL ? "DISPERSION" : "SPECTRA";
        if (choice->view != IXS_VIEW_PLAIN && strcmp(kind, viewed) != 0)
            return ixs_fail_at(err, IXS_USAGE, paths[0], 0,
                               "found a %s, expected %s for this --view", kind, viewed);
        return kinds[i].plot(script, npaths, paths, choice, err);
    }
    return ixs_fail_at(err, IXS_INPUT, paths[0], 0,
                       "found PRODUCT '%s', expected a kind that ixs-plot knows", kind);
}

bool ixs_plot_none(const struct ixs_plot_choice *choice, const char *path, size_t n,
                   const char *analyzers, size_t stride, struct ixs_err *err)
{
    char names[512] = "";
    if (choice->analyzer == NULL)
        return ixs_fail_at(err, IXS_USAGE, path, 0, "found no spectrum %lld, expected 1 to %zu",
                           (long long)choice->spectrum, n);
    for (size_t i = 0; i < n; i++) {
        size_t used = strlen(names);
        if (i == 0 || strcmp(analyzers, analyzers + i * stride) != 0)
            snprintf(names + used, sizeof names - used, "%s%s", i > 0 ? ", " : "",
                     analyzers + i * stride);
        else
            break; /* the next scan of the same analyzers */
    }
    return ixs_fail_at(err, IXS_USAGE, path, 0,
                       "found no spectrum of analyzer %s, expected one of %s", choice->analyzer,
                       n > 0 ? names : "none");
}

/* cairo writes the time into a PDF; the date of a picture is no part of what it shows. (Since 1.18
 * it stands in a compressed stream, out of reach: SVG and PNG have none.) */
static void take_date_out(char *bytes, size_t size)
{
    static const char key[] = "/CreationDate (D:";
    size_t length = sizeof key - 1;
    for (size_t i = 0; i + length < size; i++) {
        if (bytes[i] != '/' || memcmp(bytes + i, key, length) != 0)
            continue;
        for (i += length; i < size && bytes[i] >= '0' && bytes[i] <= '9'; i++)
            bytes[i] = '0';
    }
}

bool ixs_plot(size_t npaths, const char *const *paths, const struct ixs_plot_choice *choice,
              char **bytes, size_t *size, struct ixs_err *err)
{
    struct ixs_memfile text = {0};
    bool ok = ixs_memfile_begin(&text, err);
    struct ixs_script script = {.out = text.out};
    ok = ok && write_script(&script, npaths, paths, choice, err) && ixs_memfile_end(&text, err);
    if (ok && choice->picture == IXS_PICTURE_SCRIPT) {
        *bytes = text.text;
        *size = text.size;
        return true;
    }
    ok = ok && ixs_gnuplot(text.text, text.size, bytes, size, err);
    if (ok && choice->picture == IXS_PICTURE_PDF)
        take_date_out(*bytes, *size);
    ixs_memfile_dispose(&text);
    return ok;
}
