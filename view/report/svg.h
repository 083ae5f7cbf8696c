/* SPDX-License-Identifier: GPL-3.0-or-later
 * Small SVG pictures for pages: a frame with axes and paths in whole units, so that a spectrum
 * takes a few thousand bytes. Colours come from the page's style, for light and dark.
 */
#ifndef IXS_VIEW_REPORT_SVG_H
#define IXS_VIEW_REPORT_SVG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { IXS_SVG_WIDTH = 1000, IXS_SVG_HEAD = 42, IXS_SVG_FOOT = 94 }; /* units; the page scales it */

enum ixs_svg_scale {
    IXS_SVG_LINEAR,
    IXS_SVG_ROOT, /* square root of the value: errors of counts are then of one size */
    IXS_SVG_LOG,  /* low > 0 */
};

struct ixs_svg_axis {
    double low, high;
    enum ixs_svg_scale scale;
};

struct ixs_svg { /* a frame on a page */
    FILE *out;
    struct ixs_svg_axis x, y;
    int left, right, top, bottom; /* of the frame, units */
    bool begun;                   /* a path has its first point */
    long at_x, at_y;              /* last point */
};

/* Opens a picture of that height; `name` says what it shows to those who do not see it. */
void ixs_svg_open(FILE *out, int height, const char *name);
void ixs_svg_close(FILE *out);

/* Draws axes, ticks and numbers of a frame; titles may be "". That of y stands above the frame,
 * which needs IXS_SVG_HEAD units there; without one of x there are no numbers either. */
void ixs_svg_frame(const struct ixs_svg *svg, const char *x_title, const char *y_title);

/* A path of one style: begin, then points (a curve) or dots and bars, then end. Points outside of
 * the frame are moved to its edge. */
void ixs_svg_begin(struct ixs_svg *svg, const char *style);
void ixs_svg_point(struct ixs_svg *svg, double x, double y);
void ixs_svg_dot(struct ixs_svg *svg, double x, double y);
void ixs_svg_bar(struct ixs_svg *svg, double x, double low, double high);
void ixs_svg_end(struct ixs_svg *svg);

/* A limit: an arrow from (x, y) down, or up, a tenth of the frame long, or as far as the frame
 * goes. */
void ixs_svg_arrow(struct ixs_svg *svg, double x, double y, bool down);

/* A band of the frame from one x to another, before what stands on it. */
void ixs_svg_band(const struct ixs_svg *svg, const char *style, double from, double to);

#endif
