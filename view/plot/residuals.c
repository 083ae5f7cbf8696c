/* SPDX-License-Identifier: GPL-3.0-or-later
 * The strip of residuals below a panel.
 */
#include "view/plot/residuals.h"

#include <math.h>

static const double largest = 6.0, edge = 5.9; /* larger ones are marked at the edge, so that the
                                                * rest is seen */

/* Those between two bounds, at their place or all at `shown_at`. */
static int put(struct ixs_script *script, const struct ixs_dots *dots, double least, double most,
               double shown_at)
{
    int block = 0;
    for (size_t i = 0; i < dots->n; i++) {
        if (dots->y[i] < least || dots->y[i] > most)
            continue;
        if (block == 0)
            block = ixs_script_block(script);
        ixs_script_pair(script, dots->x[i], isfinite(shown_at) ? shown_at : dots->y[i]);
    }
    if (block > 0)
        ixs_script_block_end(script);
    return block;
}

static void plot(struct ixs_script *script, int block, const char *symbol)
{
    if (block > 0)
        fprintf(script->out, ", $d%d using 1:2 with points %s notitle", block, symbol);
}

static double highest(const struct ixs_dots *dots)
{
    double most = 0.0;
    for (size_t i = 0; i < dots->n; i++)
        most = fmax(most, fabs(dots->y[i]));
    return most;
}

double ixs_residual_of(double counts, double expected)
{
    double n = counts, mu = expected;
    if (!isfinite(n) || !(mu > 0.0))
        return NAN;
    double deviance = 2.0 * (mu - n + (n > 0.0 ? n * log(n / mu) : 0.0));
    return copysign(sqrt(fmax(deviance, 0.0)), n - mu);
}

void ixs_residuals_split(const struct ixs_script *script, bool single, struct ixs_panel *upper,
                         struct ixs_panel *lower)
{
    *lower = *upper;
    lower->top = upper->bottom + (single ? 0.2 : 0.22) * (upper->top - upper->bottom);
    upper->bottom = lower->top + 0.6 * script->font;
}

void ixs_residuals_draw(struct ixs_script *script, const struct ixs_dots *residuals,
                        const struct ixs_frame *frame, bool single)
{
    double range = highest(residuals) > 4.0 ? largest + 0.6 : 4.4;
    int inside = put(script, residuals, -largest, largest, NAN);
    int above = put(script, residuals, nextafter(largest, INFINITY), INFINITY, edge);
    int below = put(script, residuals, -INFINITY, nextafter(-largest, -INFINITY), -edge);
    fprintf(script->out, "set xrange [%.8g:%.8g]\nset yrange [%g:%g]\nset ytics -3,3,3\n",
            frame->x_lo, frame->x_hi, -range, range);
    fputs("set object rectangle from graph 0, first -1 to graph 1, first 1 behind fillstyle solid "
          "0.25 noborder fillcolor rgb '" IXS_PALE "'\nplot 0 with lines lw 0.8 lc rgb '" IXS_GREY
          "' notitle",
          script->out);
    plot(script, inside,
         single ? "pt 7 ps 0.5 lc rgb '" IXS_BLACK "'" : "pt 7 ps 0.3 lc rgb '" IXS_BLACK "'");
    plot(script, above, "pt 9 ps 0.8 lc rgb '" IXS_VERMILLION "'");
    plot(script, below, "pt 11 ps 0.8 lc rgb '" IXS_VERMILLION "'");
    fputs("\nunset object\n", script->out);
}
