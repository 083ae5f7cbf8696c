/* SPDX-License-Identifier: GPL-3.0-or-later
 * Small SVG pictures for pages: a frame with axes and paths in whole units, so that a spectrum
 * takes a few thousand bytes. Colours come from the page's style, for light and dark.
 */
#ifndef IXS_VIEW_SVG_H
#define IXS_VIEW_SVG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { IXS_SVG_WIDTH = 1000 }; /* units; the page scales it */

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

/* Draws axes, ticks and numbers of a frame; titles may be "". */
void ixs_svg_frame(const struct ixs_svg *svg, const char *x_title, const char *y_title);

/* A path of one style: begin, then points (a curve) or dots and bars, then end. Points outside of
 * the frame are moved to its edge. */
void ixs_svg_begin(struct ixs_svg *svg, const char *style);
void ixs_svg_point(struct ixs_svg *svg, double x, double y);
void ixs_svg_dot(struct ixs_svg *svg, double x, double y);
void ixs_svg_bar(struct ixs_svg *svg, double x, double low, double high);
void ixs_svg_end(struct ixs_svg *svg);

/* A band of the frame from one x to another, before what stands on it. */
void ixs_svg_band(const struct ixs_svg *svg, const char *style, double from, double to);

/* Text as HTML has it: markup guarded, bytes that are not printable left out. */
void ixs_html(FILE *out, const char *text);

#endif
