/* SPDX-License-Identifier: GPL-3.0-or-later
 * Help, man page and completion: all made from the option tables and the program's declaration.
 */
#include "reduce/stage_inside.h"

#include <string.h>

static const char *const exits[] = {
    "done",
    "a result was not good, under --strict; nothing written",
    "usage or configuration",
    "an input cannot be used",
    "an output cannot be written, or no memory",
    "a bug of ixsflow",
};

void ixs_page_help(FILE *out)
{
    struct ixs_option common[IXS_MOST_COMMON];
    size_t ncommon = ixs_common_options(common);
    fprintf(out, "%s: %s\n\nUsage: %s %s\n\n", ixs_program.name, ixs_program.summary,
            ixs_program.name, ixs_program.usage);
    fprintf(out, "Reads:  %s\nWrites: %s\n\nOptions:\n", ixs_program.reads, ixs_program.writes);
    ixs_cli_help(out, ixs_program.options, ixs_program.noptions);
    ixs_cli_help(out, common, ncommon);
    fprintf(out, "\nExample:\n  %s\n\nExit:\n", ixs_program.example);
    for (size_t i = 0; i < IXS_COUNT(exits); i++)
        fprintf(out, "  %zu  %s\n", i, exits[i]);
}

/* ---- man ------------------------------------------------------------------------------------- */

/* Text for roff: a backslash and a minus are characters of their own, a dot may not begin a line.
 */
static void put_roff(FILE *out, const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", out);
    for (; *text != '\0'; text++) {
        if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '-')
            fputs("\\-", out);
        else
            fputc(*text, out);
    }
}

static void put_section(FILE *out, const char *heading, const char *text)
{
    fprintf(out, ".SH %s\n", heading);
    put_roff(out, text);
    fputc('\n', out);
}

static void put_options(FILE *out, const struct ixs_option *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fputs(".TP\n", out);
        if (table[i].letter)
            fprintf(out, "\\fB\\-%c\\fR, ", table[i].letter);
        fputs("\\fB\\-\\-", out);
        put_roff(out, table[i].name);
        fputs("\\fR", out);
        if (table[i].argument != NULL)
            fprintf(out, " \\fI%s\\fR", table[i].argument);
        fputc('\n', out);
        put_roff(out, table[i].meaning);
        fputc('\n', out);
    }
}

void ixs_page_man(FILE *out)
{
    struct ixs_option common[IXS_MOST_COMMON];
    size_t ncommon = ixs_common_options(common);
    fprintf(out, ".TH \"%s\" 1 \"\" \"ixsflow %s\" \"ixsflow\"\n.SH NAME\n", ixs_program.name,
            IXS_VERSION);
    put_roff(out, ixs_program.name);
    fputs(" \\- ", out);
    put_roff(out, ixs_program.summary);
    fprintf(out, "\n.SH SYNOPSIS\n\\fB");
    put_roff(out, ixs_program.name);
    fputs("\\fR ", out);
    put_roff(out, ixs_program.usage);
    fputc('\n', out);
    put_section(out, "READS", ixs_program.reads);
    put_section(out, "WRITES", ixs_program.writes);
    fputs(".SH OPTIONS\n", out);
    put_options(out, ixs_program.options, ixs_program.noptions);
    put_options(out, common, ncommon);
    fputs(".SH EXIT STATUS\n", out);
    for (size_t i = 0; i < IXS_COUNT(exits); i++) {
        fprintf(out, ".TP\n%zu\n", i);
        put_roff(out, exits[i]);
        fputc('\n', out);
    }
    fputs(".SH EXAMPLE\n.nf\n", out);
    put_roff(out, ixs_program.example);
    fputs("\n.fi\n.SH NOTES\nWhat the products hold: docs/products.md. Messages have the form\n"
          "FILE:LINE: error: found X, expected Y [program].\n",
          out);
}

/* ---- completion ------------------------------------------------------------------------------ */

static void put_words(FILE *out, const struct ixs_option *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fprintf(out, " --%s", table[i].name);
}

static bool takes_file(const struct ixs_option *option)
{
    static const char *const files[] = {"PATH", "XML", "FITS", "FILE"};
    for (size_t i = 0; i < IXS_COUNT(files); i++)
        if (strcmp(option->argument, files[i]) == 0)
            return true;
    return false;
}

/* What may stand behind an option: a file, or a value that cannot be guessed. */
static void put_cases(FILE *out, const struct ixs_option *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (table[i].argument == NULL)
            continue;
        fprintf(out, "    --%s", table[i].name);
        if (table[i].letter)
            fprintf(out, " | -%c", table[i].letter);
        fputs(takes_file(&table[i])
                  ? ") mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); return ;;\n"
                  : ") return ;;\n",
              out);
    }
}

/* Replies are read line by line, so that names with blanks stay whole. */
static const char completion[] =
    "# bash completion for %s\n"
    "_%s()\n"
    "{\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "    COMPREPLY=()\n"
    "    case $before in\n";

void ixs_page_completion(FILE *out)
{
    struct ixs_option common[IXS_MOST_COMMON];
    size_t ncommon = ixs_common_options(common);
    char name[64];
    ixs_copy(name, sizeof name, ixs_program.name);
    for (char *at = name; *at != '\0'; at++)
        *at = *at == '-' ? '_' : *at;
    fprintf(out, completion, ixs_program.name, name);
    put_cases(out, ixs_program.options, ixs_program.noptions);
    put_cases(out, common, ncommon);
    fputs("    esac\n    case $word in\n    -*) mapfile -t COMPREPLY < <(compgen -W '", out);
    put_words(out, ixs_program.options, ixs_program.noptions);
    put_words(out, common, ncommon);
    fprintf(out,
            "' -- \"$word\") ;;\n"
            "    *) mapfile -t COMPREPLY < <(compgen -f -- \"$word\") ;;\n"
            "    esac\n}\ncomplete -o filenames -F _%s %s\n",
            name, ixs_program.name);
}
