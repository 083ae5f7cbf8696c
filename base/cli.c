/* SPDX-License-Identifier: GPL-3.0-or-later
 * The command line: sorts words into options and inputs by the option tables.
 */
#include "base/cli.h"

#include "base/lines.h"

#include <string.h>

struct found {
    const struct ixs_option *option;
    char *values; /* the struct it fills */
};

static struct found find_name(const struct ixs_options *lots, size_t nlots, const char *name,
                              size_t length)
{
    for (size_t i = 0; i < nlots; i++)
        for (size_t k = 0; k < lots[i].count; k++) {
            const struct ixs_option *option = &lots[i].table[k];
            if (strlen(option->name) == length && memcmp(option->name, name, length) == 0)
                return (struct found){option, lots[i].values};
        }
    return (struct found){NULL, NULL};
}

static struct found find_letter(const struct ixs_options *lots, size_t nlots, char letter)
{
    for (size_t i = 0; i < nlots; i++)
        for (size_t k = 0; k < lots[i].count; k++)
            if (lots[i].table[k].letter == letter)
                return (struct found){&lots[i].table[k], lots[i].values};
    return (struct found){NULL, NULL};
}

static bool check_range(const struct ixs_option *option, double value, const char *text,
                        struct ixs_err *err)
{
    if ((option->least == 0 && option->most == 0) ||
        (value >= option->least && value <= option->most))
        return true;
    return ixs_fail(err, IXS_USAGE, "found --%s %s, expected %g to %g", option->name, text,
                    option->least, option->most);
}

static bool store(const struct found *found, const char *text, struct ixs_err *err)
{
    const struct ixs_option *option = found->option;
    char *place = found->values + option->offset;
    bool flag = true;
    double real;
    long integer;
    switch (option->type) {
    case IXS_OPTION_FLAG:
        memcpy(place, &flag, sizeof flag);
        return true;
    case IXS_OPTION_TEXT:
        memcpy(place, &text, sizeof text);
        return true;
    case IXS_OPTION_REAL:
        if (!ixs_number(text, &real))
            return ixs_fail(err, IXS_USAGE, "found --%s '%s', expected a number", option->name,
                            text);
        memcpy(place, &real, sizeof real);
        return check_range(option, real, text, err);
    case IXS_OPTION_INT:
        if (!ixs_integer(text, &integer))
            return ixs_fail(err, IXS_USAGE, "found --%s '%s', expected a whole number",
                            option->name, text);
        memcpy(place, &(int64_t){integer}, sizeof(int64_t));
        return check_range(option, (double)integer, text, err);
    }
    return ixs_fail(err, IXS_BUG, "option --%s has no type", option->name);
}

/* The value of an option: behind its '=' or letter, else the next word. */
static bool take(const struct found *found, const char *attached, int argc, char **argv, int *at,
                 struct ixs_err *err)
{
    if (found->option->type == IXS_OPTION_FLAG) {
        if (attached != NULL)
            return ixs_fail(err, IXS_USAGE, "found a value for --%s, expected none",
                            found->option->name);
        return store(found, NULL, err);
    }
    if (attached == NULL && *at + 1 < argc)
        attached = argv[++*at];
    if (attached == NULL)
        return ixs_fail(err, IXS_USAGE, "found nothing behind --%s, expected %s",
                        found->option->name, found->option->argument);
    return store(found, attached, err);
}

static bool take_long(const struct ixs_options *lots, size_t nlots, int argc, char **argv, int *at,
                      struct ixs_err *err)
{
    const char *name = argv[*at] + 2, *equals = strchr(name, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    struct found found = find_name(lots, nlots, name, length);
    if (found.option == NULL)
        return ixs_fail(err, IXS_USAGE,
                        "found option --%.*s, expected one that --help lists, in full", (int)length,
                        name);
    return take(&found, equals ? equals + 1 : NULL, argc, argv, at, err);
}

static bool take_letters(const struct ixs_options *lots, size_t nlots, int argc, char **argv,
                         int *at, struct ixs_err *err)
{
    const char *letters = argv[*at] + 1;
    for (; *letters != '\0'; letters++) {
        struct found found = find_letter(lots, nlots, *letters);
        if (found.option == NULL)
            return ixs_fail(err, IXS_USAGE, "found option -%c, expected one that --help lists",
                            *letters);
        if (found.option->type != IXS_OPTION_FLAG)
            return take(&found, letters[1] ? letters + 1 : NULL, argc, argv, at, err);
        if (!store(&found, NULL, err))
            return false;
    }
    return true;
}

bool ixs_cli_parse(int argc, char **argv, const struct ixs_options *lots, size_t nlots,
                   const char **inputs, size_t *ninputs, struct ixs_err *err)
{
    bool only_inputs = false;
    *ninputs = 0;
    for (int at = 1; at < argc; at++) {
        const char *word = argv[at];
        if (only_inputs || word[0] != '-' || word[1] == '\0')
            inputs[(*ninputs)++] = word;
        else if (strcmp(word, "--") == 0)
            only_inputs = true;
        else if (word[1] == '-' ? !take_long(lots, nlots, argc, argv, &at, err)
                                : !take_letters(lots, nlots, argc, argv, &at, err))
            return false;
    }
    return true;
}

static void print_value(const struct ixs_option *option, const char *place, size_t size, char *room)
{
    double real;
    int64_t integer;
    const char *text;
    switch (option->type) {
    case IXS_OPTION_FLAG:
        snprintf(room, size, " --%s", option->name);
        break;
    case IXS_OPTION_TEXT:
        memcpy(&text, place, sizeof text);
        snprintf(room, size, " --%s=%s", option->name, text ? text : "");
        break;
    case IXS_OPTION_REAL:
        memcpy(&real, place, sizeof real);
        snprintf(room, size, " --%s=%.17g", option->name, real);
        break;
    case IXS_OPTION_INT:
        memcpy(&integer, place, sizeof integer);
        snprintf(room, size, " --%s=%lld", option->name, (long long)integer);
        break;
    }
}

static size_t value_size(enum ixs_option_type type)
{
    switch (type) {
    case IXS_OPTION_FLAG:
        return sizeof(bool);
    case IXS_OPTION_TEXT:
        return sizeof(const char *);
    case IXS_OPTION_REAL:
        return sizeof(double);
    default:
        return sizeof(int64_t);
    }
}

void ixs_cli_line(const struct ixs_options *lot, const void *defaults, size_t size, char *room)
{
    size_t used = 0;
    room[0] = '\0';
    for (size_t k = 0; k < lot->count && used + 2 < size; k++) {
        const struct ixs_option *option = &lot->table[k];
        const char *now = (const char *)lot->values + option->offset;
        if (memcmp(now, (const char *)defaults + option->offset, value_size(option->type)) == 0)
            continue;
        if (option->argument != NULL && strcmp(option->argument, "PATH") == 0)
            continue; /* a product must not tell where it lay */
        print_value(option, now, size - used, room + used);
        used += strlen(room + used);
    }
    if (room[0] == ' ')
        memmove(room, room + 1, strlen(room));
}

bool ixs_cli_choose(size_t *place, const char *word, const char *option, size_t count,
                    const char *const *words, struct ixs_err *err)
{
    char expected[128] = "";
    for (*place = 0; *place < count; ++*place)
        if (strcmp(word, words[*place]) == 0)
            return true;
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(expected);
        snprintf(expected + used, sizeof expected - used, "%s%s", i > 0 ? " or " : "", words[i]);
    }
    return ixs_fail(err, IXS_USAGE, "found --%s %s, expected %s", option, word, expected);
}

void ixs_cli_help(FILE *out, const struct ixs_option *table, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        char left[64], letter[8] = "    ";
        if (table[k].letter)
            snprintf(letter, sizeof letter, "-%c, ", table[k].letter);
        snprintf(left, sizeof left, "%s--%s%s%s", letter, table[k].name,
                 table[k].argument ? " " : "", table[k].argument ? table[k].argument : "");
        fprintf(out, "  %-30s %s\n", left, table[k].meaning);
    }
}
