/* SPDX-License-Identifier: GPL-3.0-or-later
 * Points and ranges of a panel.
 */
#include "view/frame.h"

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

static bool counts(const struct ixs_dots *dots, size_t i, bool log)
{
    return !dots->flagged[i] && isfinite(dots->x[i]) && isfinite(dots->y[i]) &&
           (!log || dots->y[i] > 0.0);
}

static double bar(const struct ixs_dots *dots, size_t i)
{
    return dots->error[i] > 0.0 && isfinite(dots->error[i]) ? dots->error[i] : 0.0;
}

static void find_ranges(struct ixs_frame *frame, const struct ixs_dots *dots)
{
    for (size_t i = 0; i < dots->n; i++) {
        if (!counts(dots, i, frame->log))
            continue;
        double low = frame->log ? dots->y[i] : dots->y[i] - bar(dots, i);
        frame->x_lo = fmin(frame->x_lo, dots->x[i]);
        frame->x_hi = fmax(frame->x_hi, dots->x[i]);
        frame->y_lo = fmin(frame->y_lo, low);
        frame->most = fmax(frame->most, dots->y[i] + bar(dots, i));
    }
}

static void find_halves(struct ixs_frame *frame, const struct ixs_dots *dots)
{
    double width = frame->x_hi - frame->x_lo;
    for (size_t i = 0; i < dots->n; i++) {
        if (!counts(dots, i, frame->log))
            continue;
        double top = dots->y[i] + bar(dots, i), share = (dots->x[i] - frame->x_lo) / width;
        if (share < 0.52)
            frame->left = fmax(frame->left, top);
        if (share > 0.48)
            frame->right = fmax(frame->right, top);
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
                                .most = -INFINITY,
                                .left = -INFINITY,
                                .right = -INFINITY};
    find_ranges(frame, dots);
    frame->empty = frame->x_lo > frame->x_hi;
    if (frame->empty) {
        *frame = (struct ixs_frame){.x_hi = 1.0, .y_hi = 1.0, .most = 1.0, .empty = true};
        return;
    }
    find_halves(frame, dots);
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

bool ixs_frame_room(struct ixs_frame *frame, double share)
{
    bool left = frame->left <= frame->right;
    double kept = fmin(fmax(share, 0.0), 0.6);
    frame->y_hi = fmax(frame->y_hi, top_above(frame, left ? frame->left : frame->right, kept));
    return left;
}

void ixs_script_frame(struct ixs_script *script, const struct ixs_frame *frame)
{
    fprintf(script->out, "set xrange [%.8g:%.8g]\nset yrange [%.8g:%.8g]\n", frame->x_lo,
            frame->x_hi, frame->y_lo, frame->y_hi);
    if (frame->log)
        fputs("set logscale y\nset format y '10^{%T}'\nset mytics 10\n", script->out);
}

/* On a logarithmic axis a point at or below zero stands below the axis: only its bar is seen. */
static void put_dot(struct ixs_script *script, const struct ixs_dots *dots, size_t i,
                    const struct ixs_frame *frame)
{
    double y = dots->y[i], low = y - bar(dots, i), high = y + bar(dots, i);
    if (frame->log) {
        y = fmax(y, frame->y_lo * 0.5);
        low = fmax(low, frame->y_lo * 0.5);
        high = fmax(high, frame->y_lo * 0.5);
    }
    ixs_script_number(script, dots->x[i]);
    ixs_script_number(script, y);
    ixs_script_number(script, low);
    ixs_script_number(script, high);
    fputc('\n', script->out);
}

static int put_block(struct ixs_script *script, const struct ixs_dots *dots, bool flagged,
                     const struct ixs_frame *frame)
{
    size_t count = 0;
    int block = 0;
    for (size_t i = 0; i < dots->n; i++) {
        if (dots->flagged[i] != flagged || !isfinite(dots->x[i]) || !isfinite(dots->y[i]))
            continue;
        if (count++ == 0)
            block = ixs_script_block(script);
        put_dot(script, dots, i, frame);
    }
    if (count > 0)
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

void ixs_script_dots_plot(struct ixs_script *script, const struct ixs_dots_blocks *blocks,
                          double size, const char *colour)
{
    if (blocks->flagged > 0)
        fprintf(script->out,
                ", $d%d using 1:2:3:4 with yerrorbars pt 6 ps %g lw 0.7 lc rgb '" IXS_GREY
                "' notitle",
                blocks->flagged, size);
    if (blocks->plain > 0)
        fprintf(script->out,
                ", $d%d using 1:2:3:4 with yerrorbars pt 7 ps %g lw 0.8 lc rgb '%s' notitle",
                blocks->plain, size, colour);
}
