/* SPDX-License-Identifier: GPL-3.0-or-later
 * Points and ranges of a panel.
 */
#include "view/plot/frame.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

bool ixs_dots_make(struct ixs_dots *dots, size_t n, struct ixs_err *err)
{
    return IXS_NEW(dots->x, n, err) && IXS_NEW(dots->y, n, err) && IXS_NEW(dots->error, n, err) &&
           IXS_NEW(dots->flagged, n, err);
}

void ixs_dots_dispose(struct ixs_dots *dots)
{
    free(dots->x);
    free(dots->y);
    free(dots->error);
    free(dots->flagged);
    *dots = (struct ixs_dots){0};
}

static bool counts(const struct ixs_dots *dots, size_t i)
{
    return !dots->flagged[i] && isfinite(dots->x[i]) && isfinite(dots->y[i]);
}

static double bar(const struct ixs_dots *dots, size_t i)
{
    return dots->error[i] > 0.0 && isfinite(dots->error[i]) ? dots->error[i] : 0.0;
}

static void find_ranges(struct ixs_frame *frame, const struct ixs_dots *dots)
{
    for (size_t i = 0; i < dots->n; i++) {
        if (!counts(dots, i))
            continue;
        frame->x_lo = fmin(frame->x_lo, dots->x[i]);
        frame->x_hi = fmax(frame->x_hi, dots->x[i]);
        if (frame->log && !(dots->y[i] > 0.0))
            continue;
        frame->y_lo = fmin(frame->y_lo, dots->y[i]);
        frame->most = fmax(frame->most, dots->y[i] + bar(dots, i));
    }
}

static void widen(struct ixs_frame *frame, double decades)
{
    double pad = 0.02 * (frame->x_hi - frame->x_lo);
    if (!(pad > 0.0))
        pad = 0.5 * fmax(1.0, fabs(frame->x_hi) * 0.01);
    frame->x_lo -= pad;
    frame->x_hi += pad;
    if (!(frame->most > frame->y_lo) && !frame->log)
        frame->most = frame->y_lo + fmax(1.0, fabs(frame->y_lo));
    if (frame->log)
        frame->y_lo = fmax(frame->y_lo * 0.6, frame->most * pow(10.0, -decades));
    else
        frame->y_lo = frame->y_lo >= 0.0 ? 0.0 : frame->y_lo * 1.05;
    frame->y_hi = frame->log ? frame->most * 1.6 : frame->most * 1.06;
    if (frame->y_hi <= frame->y_lo)
        frame->y_hi = frame->log ? frame->y_lo * 10.0 : frame->y_lo + 1.0;
}

void ixs_frame_of(struct ixs_frame *frame, const struct ixs_dots *dots, bool log, double decades)
{
    *frame = (struct ixs_frame){.log = log,
                                .x_lo = INFINITY,
                                .x_hi = -INFINITY,
                                .y_lo = log ? INFINITY : 0.0,
                                .most = -INFINITY};
    find_ranges(frame, dots);
    frame->empty = frame->x_lo > frame->x_hi || !isfinite(frame->most);
    if (frame->empty) {
        *frame = (struct ixs_frame){.x_hi = 1.0, .y_hi = 1.0, .most = 1.0, .empty = true};
        return;
    }
    widen(frame, decades);
}

void ixs_frame_hold(struct ixs_frame *frame, double most)
{
    if (isfinite(most) && most > frame->most) {
        frame->most = most;
        frame->y_hi = fmax(frame->y_hi, frame->log ? most * 1.6 : most * 1.06);
    }
}

/* The top at which `y` stands `share` of the height below it. */
static double top_above(const struct ixs_frame *frame, double y, double share)
{
    if (!(y > frame->y_lo))
        return frame->y_hi;
    if (frame->log)
        return frame->y_lo * pow(y / frame->y_lo, 1.0 / (1.0 - share));
    return frame->y_lo + (y - frame->y_lo) / (1.0 - share);
}

/* The highest point, with its bar, between two shares of the width. */
static double highest(const struct ixs_frame *frame, const struct ixs_dots *dots, double from,
                      double to)
{
    double most = -INFINITY, range = frame->x_hi - frame->x_lo;
    for (size_t i = 0; i < dots->n; i++) {
        double share = (dots->x[i] - frame->x_lo) / range;
        if (counts(dots, i) && share >= from && share <= to)
            most = fmax(most, dots->y[i] + bar(dots, i));
    }
    return most;
}

bool ixs_frame_room(struct ixs_frame *frame, const struct ixs_dots *dots, double width,
                    double height)
{
    double left = highest(frame, dots, 0.0, width), right = highest(frame, dots, 1.0 - width, 1.0);
    double kept = fmin(fmax(height, 0.0), 0.6);
    frame->y_hi = fmax(frame->y_hi, top_above(frame, fmin(left, right), kept));
    return left <= right;
}

void ixs_script_frame(struct ixs_script *script, const struct ixs_frame *frame)
{
    fprintf(script->out, "set xrange [%.8g:%.8g]\nset yrange [%.8g:%.8g]\n", frame->x_lo,
            frame->x_hi, frame->y_lo, frame->y_hi);
    if (frame->log)
        fputs("set logscale y\nset format y '10^{%T}'\nset mytics 10\n", script->out);
}

/* On a logarithmic axis what is at or below zero ends below the axis. */
static double seen(const struct ixs_frame *frame, double y)
{
    return frame->log ? fmax(y, frame->y_lo * 0.5) : y;
}

static bool is_drawn(const struct ixs_dots *dots, size_t i, bool flagged)
{
    return dots->flagged[i] == flagged && isfinite(dots->x[i]) && isfinite(dots->y[i]);
}

/* Bars are pieces of one line: gnuplot's own error bars blank out what lies under their points. */
static void put_bars(struct ixs_script *script, const struct ixs_dots *dots, bool flagged,
                     const struct ixs_frame *frame)
{
    for (size_t i = 0; i < dots->n; i++)
        if (is_drawn(dots, i, flagged) && bar(dots, i) > 0.0)
            ixs_script_bar(script, dots->x[i], seen(frame, dots->y[i] - bar(dots, i)),
                           seen(frame, dots->y[i] + bar(dots, i)));
}

static struct ixs_dots_block put_block(struct ixs_script *script, const struct ixs_dots *dots,
                                       bool flagged, const struct ixs_frame *frame)
{
    struct ixs_dots_block block = {0};
    size_t count = 0;
    for (size_t i = 0; i < dots->n; i++)
        count += is_drawn(dots, i, flagged);
    if (count == 0)
        return block;
    block.points = ixs_script_block(script);
    for (size_t i = 0; i < dots->n; i++)
        if (is_drawn(dots, i, flagged))
            ixs_script_pair(script, dots->x[i], seen(frame, dots->y[i]));
    ixs_script_block_end(script);
    block.bars = ixs_script_block(script);
    put_bars(script, dots, flagged, frame);
    ixs_script_bar(script, NAN, NAN, NAN); /* gnuplot refuses a block without a line */
    ixs_script_block_end(script);
    return block;
}

struct ixs_dots_blocks ixs_script_dots(struct ixs_script *script, const struct ixs_dots *dots,
                                       const struct ixs_frame *frame)
{
    return (struct ixs_dots_blocks){
        .plain = put_block(script, dots, false, frame),
        .flagged = put_block(script, dots, true, frame),
    };
}

void ixs_script_dots_plot(struct ixs_script *script, const struct ixs_dots_block *block,
                          const char *symbol, double bar_width, const char *colour)
{
    if (block->points == 0)
        return;
    fprintf(script->out,
            ", $d%d using 1:2 with lines lw %g lc rgb '%s' notitle, $d%d using 1:2 with points %s "
            "lc rgb '%s' notitle",
            block->bars, bar_width, colour, block->points, symbol, colour);
}

void ixs_script_dots_both(struct ixs_script *script, const struct ixs_dots_blocks *blocks,
                          double size, const char *colour)
{
    char plain[32], flagged[32];
    snprintf(plain, sizeof plain, "pt 7 ps %g", size);
    snprintf(flagged, sizeof flagged, "pt 6 ps %g", size);
    ixs_script_dots_plot(script, &blocks->flagged, flagged, 0.7, IXS_GREY);
    ixs_script_dots_plot(script, &blocks->plain, plain, 0.8, colour);
}
