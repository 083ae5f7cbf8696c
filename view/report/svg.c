/* SPDX-License-Identifier: GPL-3.0-or-later
 * Small SVG pictures.
 */
#include "view/report/svg.h"

#include "view/report/html.h"
#include "view/quantity.h"

#include <math.h>
#include <string.h>

enum { MOST_TICKS = 12, FEWEST_TICKS = 3, DIGIT = 20 }; /* DIGIT: units that one takes at most */

void ixs_svg_open(FILE *out, int height, const char *name)
{
    fprintf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", IXS_SVG_WIDTH, height);
    ixs_html(out, name);
    fputs("\">", out);
}

void ixs_svg_close(FILE *out)
{
    fputs("</svg>\n", out);
}

static double scaled(const struct ixs_svg_axis *axis, double value)
{
    double low = axis->low, high = axis->high;
    if (axis->scale == IXS_SVG_ROOT) {
        low = sqrt(fmax(low, 0));
        high = sqrt(fmax(high, 0));
        value = sqrt(fmax(value, 0));
    } else if (axis->scale == IXS_SVG_LOG) {
        value = log(fmax(value, low) / low);
        high = log(high / low);
        low = 0;
    }
    return high > low ? fmin(fmax((value - low) / (high - low), 0), 1) : 0;
}

static long place_x(const struct ixs_svg *svg, double value)
{
    return lround(svg->left + scaled(&svg->x, value) * (svg->right - svg->left));
}

static long place_y(const struct ixs_svg *svg, double value)
{
    return lround(svg->bottom - scaled(&svg->y, value) * (svg->bottom - svg->top));
}

static long lmin(long a, long b)
{
    return a < b ? a : b;
}

/* ---- axes ------------------------------------------------------------------------------------ */

/* 1, 2 or 5 times a power of ten, about `count` of them in the range. */
static double tick_step(double range, int count)
{
    double rough = range / count, power = pow(10, floor(log10(rough)));
    double share = rough / power;
    return (share > 5 ? 10 : share > 2 ? 5 : share > 1 ? 2 : 1) * power;
}

/* Powers of ten; 1, 2 and 5 times them where the axis has few. */
static int find_log_ticks(const struct ixs_svg_axis *axis, double ticks[MOST_TICKS])
{
    static const double digits[] = {1, 2, 5};
    bool few = axis->high < 150 * axis->low;
    int n = 0;
    for (double power = pow(10, floor(log10(axis->low) + 1e-9)); power <= axis->high; power *= 10)
        for (size_t k = 0; k < (few ? 3 : 1); k++) {
            double at = digits[k] * power;
            if (n < MOST_TICKS && at >= (1 - 1e-9) * axis->low && at <= axis->high)
                ticks[n++] = at;
        }
    return n;
}

static int find_even_ticks(const struct ixs_svg_axis *axis, double step, double ticks[MOST_TICKS])
{
    int n = 0;
    for (double at = ceil(axis->low / step - 1e-9) * step;
         n < MOST_TICKS && at <= axis->high + 1e-9 * step; at += step)
        ticks[n++] = fabs(at) < 1e-9 * step ? 0 : at;
    return n;
}

/* A square root has its ticks at 0 and at quarters of the way up, rounded. */
static int find_ticks(const struct ixs_svg_axis *axis, int wanted, double ticks[MOST_TICKS])
{
    int n = 0;
    if (!(axis->high > axis->low) || !isfinite(axis->high - axis->low))
        return 0;
    if (axis->scale == IXS_SVG_LOG)
        return find_log_ticks(axis, ticks);
    if (axis->scale == IXS_SVG_ROOT) {
        double high = axis->high;
        ticks[n++] = 0;
        for (double share = 0.0625; share < 0.99; share *= 4) {
            double step = tick_step(high * share * 1.999, 1);
            if (step > 0 && step < 0.97 * high && step > ticks[n - 1])
                ticks[n++] = step;
        }
        return n;
    }
    for (; n < FEWEST_TICKS && wanted <= 2 * MOST_TICKS; wanted *= 2)
        n = find_even_ticks(axis, tick_step(axis->high - axis->low, wanted), ticks);
    return n;
}

void ixs_svg_frame(const struct ixs_svg *svg, const char *x_title, const char *y_title)
{
    double ticks[MOST_TICKS];
    char text[IXS_QUANTITY_SIZE];
    int n = find_ticks(&svg->x, 6, ticks);
    fputs("<path class=\"grid\" d=\"", svg->out);
    for (int i = 0; i < n; i++)
        fprintf(svg->out, "M%ld %dV%d", place_x(svg, ticks[i]), svg->top, svg->bottom);
    fprintf(svg->out, "\"/><path class=\"axis\" d=\"M%d %dV%dH%d\"/>", svg->left, svg->top,
            svg->bottom, svg->right);
    for (int i = 0; i < n && x_title[0] != '\0'; i++) {
        ixs_quantity_plain(ticks[i], 4, sizeof text, text);
        long reach = (long)strlen(text) * DIGIT / 2;
        fprintf(svg->out, "<text x=\"%ld\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                lmin(place_x(svg, ticks[i]), IXS_SVG_WIDTH - reach), svg->bottom + 44, text);
    }
    n = find_ticks(&svg->y, svg->bottom - svg->top > 200 ? 4 : 2, ticks);
    for (int i = 0; i < n; i++) {
        ixs_quantity_plain(ticks[i], 3, sizeof text, text);
        fprintf(svg->out, "<text x=\"%d\" y=\"%ld\" text-anchor=\"end\">%s</text>", svg->left - 10,
                place_y(svg, ticks[i]) + 8, text);
    }
    if (x_title[0] != '\0')
        fprintf(svg->out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", svg->right,
                svg->bottom + 82, x_title);
    if (y_title[0] != '\0')
        fprintf(svg->out, "<text x=\"%d\" y=\"%d\">%s</text>", svg->left, svg->top - 12, y_title);
}

/* ---- paths ----------------------------------------------------------------------------------- */

void ixs_svg_begin(struct ixs_svg *svg, const char *style)
{
    svg->begun = false;
    fprintf(svg->out, "<path class=\"%s\" d=\"", style);
}

void ixs_svg_point(struct ixs_svg *svg, double x, double y)
{
    if (!isfinite(x) || !isfinite(y)) {
        svg->begun = false;
        return;
    }
    long to_x = place_x(svg, x), to_y = place_y(svg, y);
    if (!svg->begun)
        fprintf(svg->out, "M%ld %ld", to_x, to_y);
    else
        fprintf(svg->out, "l%ld %ld", to_x - svg->at_x, to_y - svg->at_y);
    svg->begun = true;
    svg->at_x = to_x;
    svg->at_y = to_y;
}

/* A line of no length with round ends is a dot. */
void ixs_svg_dot(struct ixs_svg *svg, double x, double y)
{
    if (isfinite(x) && isfinite(y))
        fprintf(svg->out, "M%ld %ldh0", place_x(svg, x), place_y(svg, y));
}

void ixs_svg_bar(struct ixs_svg *svg, double x, double low, double high)
{
    if (isfinite(x) && isfinite(low) && isfinite(high))
        fprintf(svg->out, "M%ld %ldV%ld", place_x(svg, x), place_y(svg, low), place_y(svg, high));
}

void ixs_svg_arrow(struct ixs_svg *svg, double x, double y, bool down)
{
    if (!isfinite(x) || !isfinite(y))
        return;
    long from = place_y(svg, y), most = (svg->bottom - svg->top) / 10;
    long length = lmin(most, down ? svg->bottom - from : from - svg->top), tip = most / 3;
    long sign = down ? 1 : -1;
    fprintf(svg->out, "M%ld %ldv%ldl%ld %ldm%ld %ldl%ld %ld", place_x(svg, x), from, sign * length,
            -tip, -sign * tip, tip, sign * tip, tip, -sign * tip);
}

void ixs_svg_end(struct ixs_svg *svg)
{
    fputs("\"/>", svg->out);
}

void ixs_svg_band(const struct ixs_svg *svg, const char *style, double from, double to)
{
    long left = place_x(svg, from), right = place_x(svg, to);
    if (right > left)
        fprintf(svg->out, "<path class=\"%s\" d=\"M%ld %dH%ldV%dH%ldZ\"/>", style, left, svg->top,
                right, svg->bottom, left);
}
