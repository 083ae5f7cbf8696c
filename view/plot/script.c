/* SPDX-License-Identifier: GPL-3.0-or-later
 * The writing of a gnuplot script (for gnuplot 5.4 and later).
 */
#include "view/plot/script.h"

#include "base/array.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *terminal, *font;
    double per_pixel; /* size units of the terminal */
} terminals[] = {
    [IXS_PICTURE_SVG] = {"svg", "sans-serif", 1.0},
    [IXS_PICTURE_PNG] = {"pngcairo", "Sans", 1.0},
    [IXS_PICTURE_PDF] = {"pdfcairo", "Sans", 1.0 / 96.0}, /* inches; fonts below in points */
    [IXS_PICTURE_SCRIPT] = {"svg", "sans-serif", 1.0},
};

/* An SVG counts pixels, cairo points of which 72 make 96 pixels. */
double ixs_script_points(const struct ixs_script *script, double size)
{
    bool pixels = script->picture == IXS_PICTURE_SVG || script->picture == IXS_PICTURE_SCRIPT;
    return script->font * size * (pixels ? 1.0 : 0.75);
}

void ixs_script_begin(struct ixs_script *script, const struct ixs_plot_choice *choice, double width,
                      double height)
{
    double unit = terminals[choice->picture].per_pixel;
    script->picture = choice->picture;
    script->width = choice->width > 0 ? (double)choice->width : width;
    script->height = choice->height > 0 ? (double)choice->height : height;
    script->font = 13.0;
    fprintf(script->out, "set encoding utf8\nset terminal %s size %.8g,%.8g enhanced",
            terminals[choice->picture].terminal, script->width * unit, script->height * unit);
    fprintf(script->out, " font '%s,%g'", terminals[choice->picture].font,
            ixs_script_points(script, 1.0));
    fprintf(script->out, "%s background rgb 'white'\n",
            choice->picture == IXS_PICTURE_PDF ? " fontscale 0.75" : "");
    fputs("set multiplot\n"
          "set border 31 lw 1 lc rgb '#404040'\n"
          "set tics scale 0.6 nomirror\n"
          "set style fill transparent solid 0.18 noborder\n"
          "unset key\n",
          script->out);
}

void ixs_script_end(struct ixs_script *script)
{
    fputs("unset multiplot\n", script->out);
}

/* Bytes of the UTF-8 character at text, 0 if it is none. */
static size_t character(const char *text)
{
    unsigned char first = (unsigned char)text[0];
    size_t length = first < 0x80             ? 1
                    : (first & 0xe0) == 0xc0 ? 2
                    : (first & 0xf0) == 0xe0 ? 3
                    : (first & 0xf8) == 0xf0 ? 4
                                             : 0;
    for (size_t i = 1; i < length; i++)
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

static void put_text(struct ixs_script *script, const char *text, bool enhanced)
{
    while (*text != '\0') {
        size_t length = character(text);
        bool control = (unsigned char)*text < 0x20 || *text == 0x7f;
        if (length == 0 || control)
            fputc('?', script->out);
        else if (*text == '\'')
            fputs("''", script->out);
        else if (enhanced && strchr("{}^_@&~\\", *text) != NULL)
            fprintf(script->out, "\\%c", *text);
        else
            fwrite(text, 1, length, script->out);
        text += length > 0 ? length : 1;
    }
}

void ixs_script_quote(struct ixs_script *script, const char *text)
{
    fputc('\'', script->out);
    put_text(script, text, false);
    fputc('\'', script->out);
}

void ixs_script_number(struct ixs_script *script, double value)
{
    if (isfinite(value))
        fprintf(script->out, " %.7g", value);
    else
        fputs(" NaN", script->out);
}

void ixs_script_pair(struct ixs_script *script, double x, double y)
{
    ixs_script_number(script, x);
    ixs_script_number(script, y);
    fputc('\n', script->out);
}

void ixs_script_bar(struct ixs_script *script, double x, double low, double high)
{
    ixs_script_pair(script, x, low);
    ixs_script_pair(script, x, high);
    fputc('\n', script->out);
}

int ixs_script_block(struct ixs_script *script)
{
    fprintf(script->out, "$d%d << EOD\n", ++script->nblocks);
    return script->nblocks;
}

void ixs_script_block_end(struct ixs_script *script)
{
    fputs("EOD\n", script->out);
}

void ixs_grid_shape(size_t n, size_t *ncolumns, size_t *nrows)
{
    size_t columns = 1;
    while (columns * columns < n)
        columns++;
    *ncolumns = columns;
    *nrows = n > 0 ? (n + columns - 1) / columns : 1;
}

struct ixs_panel ixs_grid_panel(const struct ixs_grid *grid, size_t index)
{
    double width = grid->width / (double)grid->ncolumns;
    double height = grid->height / (double)grid->nrows;
    size_t row = index / grid->ncolumns, column = index % grid->ncolumns;
    double x = grid->x + width * (double)column;
    double y = grid->y + height * (double)(grid->nrows - 1 - row);
    return (struct ixs_panel){
        .left = x + grid->left,
        .right = x + width - grid->right,
        .bottom = y + grid->bottom,
        .top = y + height - grid->top,
    };
}

void ixs_script_panel(struct ixs_script *script, const struct ixs_panel *panel)
{
    fputs("unset label\nunset object\nunset arrow\nunset xlabel\nunset ylabel\nunset logscale\n"
          "set format '%g'\nset xtics autofreq nomirror\nset ytics autofreq nomirror\n"
          "unset mytics\n",
          script->out);
    fprintf(script->out, "set lmargin at screen %.6g\nset rmargin at screen %.6g\n",
            panel->left / script->width, panel->right / script->width);
    fprintf(script->out, "set bmargin at screen %.6g\nset tmargin at screen %.6g\n",
            panel->bottom / script->height, panel->top / script->height);
}

void ixs_script_text(struct ixs_script *script, double x, double y, const char *align, double size,
                     const char *colour, const char *text)
{
    fputs("set label ", script->out);
    ixs_script_quote(script, text);
    fprintf(script->out, " at screen %.6g,%.6g %s noenhanced front font ',%g' tc rgb '%s'\n",
            x / script->width, y / script->height, align, ixs_script_points(script, size), colour);
}

static size_t characters(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

double ixs_script_width(const struct ixs_script *script, const char *text, double size)
{
    return 0.6 * script->font * size * (double)characters(text);
}

/* A long title is set smaller rather than over its neighbour. */
static double title_size(const struct ixs_script *script, const struct ixs_panel *panel,
                         const char *bold, const char *plain)
{
    double width = ixs_script_width(script, bold, 1.15) + ixs_script_width(script, "   ", 1.0) +
                   ixs_script_width(script, plain, 1.0);
    return fmin(1.0, fmax(0.6, (panel->right - panel->left + 30.0) / width));
}

void ixs_script_title(struct ixs_script *script, const struct ixs_panel *panel, const char *bold,
                      const char *plain)
{
    fputs("set label '{/:Bold ", script->out);
    put_text(script, bold, true);
    fputs("}   ", script->out);
    put_text(script, plain, true);
    fprintf(script->out, "' at screen %.6g,%.6g left front font ',%g'\n",
            panel->left / script->width, (panel->top + 0.75 * script->font) / script->height,
            ixs_script_points(script, title_size(script, panel, bold, plain)));
}

void ixs_script_xlabel(struct ixs_script *script, const struct ixs_panel *panel, const char *text)
{
    ixs_script_text(script, (panel->left + panel->right) / 2.0, panel->bottom - 2.65 * script->font,
                    "center", 1.0, IXS_BLACK, text);
}

void ixs_script_ylabel(struct ixs_script *script, const struct ixs_panel *panel, const char *text)
{
    double x = fmax(panel->left - 4.6 * script->font, 0.7 * script->font);
    ixs_script_text(script, x, (panel->bottom + panel->top) / 2.0, "center rotate by 90", 1.0,
                    IXS_BLACK, text);
}

void ixs_script_say(struct ixs_script *script, const struct ixs_panel *panel, const char *text)
{
    ixs_script_text(script, (panel->left + panel->right) / 2.0, (panel->bottom + panel->top) / 2.0,
                    "center", 1.0, "#606060", text);
    fputs("unset xtics\nunset ytics\nplot [0:1] [0:1] NaN notitle\n", script->out);
}

static const struct {
    const char *colour;
    int symbol; /* circle, square, triangle up, diamond, triangle down, pentagon */
} series[] = {
    {IXS_BLUE, 7},    {IXS_VERMILLION, 5}, {IXS_GREEN, 9}, {IXS_PURPLE, 13},
    {IXS_ORANGE, 11}, {IXS_SKY, 15},       {IXS_BLACK, 7},
};

const char *ixs_script_colour(size_t k)
{
    return series[k % IXS_COUNT(series)].colour;
}

int ixs_script_symbol(size_t k)
{
    return series[k % IXS_COUNT(series)].symbol;
}
