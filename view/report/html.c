/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words on pages.
 */
#include "view/report/html.h"

#include "view/quantity.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

enum { MOST = 1200 }; /* bytes of a phrase */

void ixs_html(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '<')
            fputs("&lt;", out);
        else if (c == '>')
            fputs("&gt;", out);
        else if (c == '&')
            fputs("&amp;", out);
        else if (c == '"')
            fputs("&quot;", out);
        else if (c >= ' ' && c != 127)
            fputc(c, out);
    }
}

/* RFC 3986: what is not unreserved goes by its bytes, so that '#', '?' and '%' of a name stay in
 * it, and ":" makes no scheme. */
void ixs_html_link(FILE *out, const char *name, const char *place, const char *text)
{
    fputs("<a href=\"", out);
    for (; *name != '\0'; name++) {
        unsigned char c = (unsigned char)*name;
        if (c < 128 && (isalnum(c) || strchr("-._~", c) != NULL))
            fputc(c, out);
        else
            fprintf(out, "%%%02X", c);
    }
    fprintf(out, ".html%s%s\">", place != NULL ? "#" : "", place != NULL ? place : "");
    ixs_html(out, text);
    fputs("</a>", out);
}

IXS_PRINTF(2, 0) static void print_phrase(FILE *out, const char *format, va_list arguments)
{
    char text[MOST];
    vsnprintf(text, sizeof text, format, arguments);
    ixs_html(out, text);
}

void ixs_html_item(FILE *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("<li>", out);
    print_phrase(out, format, arguments);
    fputs("</li>\n", out);
    va_end(arguments);
}

void ixs_html_cell(FILE *out, const char *class, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (class != NULL)
        fprintf(out, "<td class=\"%s\">", class);
    else
        fputs("<td>", out);
    print_phrase(out, format, arguments);
    fputs("</td>", out);
    va_end(arguments);
}

void ixs_html_quantity(FILE *out, double value, double error)
{
    char text[IXS_QUANTITY_SIZE];
    ixs_quantity(value, error, sizeof text, text);
    ixs_html_cell(out, "number", "%s", text);
}

void ixs_html_number(FILE *out, double value, int digits)
{
    char text[IXS_QUANTITY_SIZE];
    ixs_quantity_plain(value, digits, sizeof text, text);
    ixs_html_cell(out, "number", "%s", text);
}

void ixs_html_table(FILE *out, size_t ncolumns, const char *const *headings)
{
    fputs("<div class=\"scroll\"><table>\n<tr>", out);
    for (size_t i = 0; i < ncolumns; i++) {
        fputs("<th>", out);
        ixs_html(out, headings[i]);
        fputs("</th>", out);
    }
    fputs("</tr>\n", out);
}

void ixs_html_table_end(FILE *out)
{
    fputs("</table></div>\n", out);
}

const char *ixs_html_plural(size_t count)
{
    return count == 1 ? "" : "s";
}
