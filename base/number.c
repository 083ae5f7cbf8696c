/* SPDX-License-Identifier: GPL-3.0-or-later
 * Decimal numbers, read exactly: up to 19 digits are gathered as an integer; where that and the
 * power of ten are both doubles without error, one multiplication or division rounds once, as it
 * must (W. D. Clinger, "How to read floating point numbers accurately", PLDI 1990). All else is
 * left to strtod, which rounds correctly too, six times as slowly.
 */
#include "base/lines.h"

#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PLAIN_DIGITS = 15, MOST_DIGITS = 19, MOST_POWER = 22 };

static const double powers_of_ten[MOST_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static inline bool is_digit(char letter)
{
    return (unsigned char)(letter - '0') < 10;
}

static inline bool is_blank(char letter)
{
    return letter == ' ' || letter == '\t';
}

struct decimal { /* mantissa * 10^power */
    uint64_t mantissa;
    int power;
    bool exact; /* mantissa and power hold all that was written */
};

/* Digits with at most one point among them; NULL where there is none. */
static inline const char *read_digits(const char *text, struct decimal *decimal)
{
    const char *at = text, *point = NULL;
    uint64_t mantissa = 0;
    for (; is_digit(*at); at++)
        mantissa = 10 * mantissa + (uint64_t)(*at - '0');
    size_t digits = (size_t)(at - text);
    if (*at == '.') {
        point = ++at;
        for (; is_digit(*at); at++)
            mantissa = 10 * mantissa + (uint64_t)(*at - '0');
        digits += (size_t)(at - point);
    }
    decimal->mantissa = mantissa;
    decimal->power = point != NULL && at - point <= MOST_DIGITS ? (int)(point - at) : 0;
    decimal->exact = digits <= MOST_DIGITS && mantissa <= (uint64_t)1 << DBL_MANT_DIG;
    return digits > 0 && (is_digit(*text) || (*text == '.' && point != at)) ? at : NULL;
}

/* "e-12" behind the digits; where there is none, `text` itself. */
static inline const char *read_exponent(const char *text, struct decimal *decimal)
{
    if (*text != 'e' && *text != 'E')
        return text;
    const char *at = text + 1;
    bool minus = *at == '-';
    at += *at == '-' || *at == '+';
    if (!is_digit(*at))
        return text;
    int power = 0;
    for (; is_digit(*at); at++)
        power = power < 10000 ? 10 * power + (*at - '0') : power;
    decimal->power += minus ? -power : power;
    return at;
}

/* The slow way, for a word that is a decimal number; not finite where it is too large. */
static double read_slowly(const char *text)
{
    return strtod(text, NULL);
}

static inline bool convert(const struct decimal *decimal, bool minus, const char *text,
                           double *value)
{
    double read = (double)(int64_t)decimal->mantissa; /* where it is used, below 2^53 */
    if (!decimal->exact || decimal->power < -MOST_POWER || decimal->power > MOST_POWER ||
        FLT_EVAL_METHOD != 0) {
        *value = read_slowly(text);
        return isfinite(*value);
    }
    if (decimal->power < 0)
        read /= powers_of_ten[-decimal->power];
    else
        read *= powers_of_ten[decimal->power];
    *value = minus ? -read : read;
    return true;
}

static inline bool ends_word(char letter)
{
    return letter == ' ' || letter == '\0' || letter == '\t';
}

/* What most numbers are: digits, maybe with a point behind the first, few enough to be exact. NULL:
 * look closer. */
static inline const char *read_plain(const char *text, double *value)
{
    const char *at = text + (*text == '-'), *start = at, *point;
    uint64_t mantissa = 0;
    for (; is_digit(*at); at++)
        mantissa = 10 * mantissa + (uint64_t)(*at - '0');
    if (at == start || at - start > PLAIN_DIGITS)
        return NULL;
    double read = (double)(int64_t)mantissa;
    if (*at == '.') {
        point = ++at;
        for (; is_digit(*at); at++)
            mantissa = 10 * mantissa + (uint64_t)(*at - '0');
        if (at - start > PLAIN_DIGITS)
            return NULL;
        read = (double)(int64_t)mantissa / powers_of_ten[at - point];
    }
    *value = *text == '-' ? -read : read;
    return ends_word(*at) && FLT_EVAL_METHOD == 0 ? at : NULL;
}

/* A number at `text`, where no blank stands: the place behind it, or NULL. */
static const char *read_any(const char *text, double *value)
{
    struct decimal decimal;
    bool minus = *text == '-';
    const char *end = read_digits(text + (minus || *text == '+'), &decimal);
    if (end == NULL)
        return NULL;
    end = read_exponent(end, &decimal);
    if (!ends_word(*end) || !convert(&decimal, minus, text, value))
        return NULL;
    return end;
}

static inline const char *read_number(const char *text, double *value)
{
    const char *end = read_plain(text, value);
    return end != NULL ? end : read_any(text, value);
}

bool ixs_number_next(const char **text, double *value)
{
    const char *start = *text;
    double read;
    while (is_blank(*start))
        start++;
    const char *end = read_number(start, &read);
    if (end == NULL)
        return false;
    *value = read;
    *text = end;
    return true;
}

size_t ixs_numbers(const char **text, size_t most, double *values, size_t *blanks)
{
    const char *at = *text, *end;
    size_t count = 0, passed = 0;
    for (;; at = end + 1, passed++) {
        while (is_blank(*at))
            at++, passed++;
        if (count == most || (end = read_number(at, &values[count])) == NULL)
            break;
        count++;
        if (*end == '\0') {
            at = end;
            break;
        }
    }
    *blanks = passed;
    *text = at;
    return count;
}

bool ixs_number(const char *text, double *value)
{
    double read;
    if (!ixs_number_next(&text, &read))
        return false;
    while (isspace((unsigned char)*text))
        text++;
    if (*text != '\0')
        return false;
    *value = read;
    return true;
}

bool ixs_integer(const char *text, long *value)
{
    char *end;
    while (is_blank(*text))
        text++;
    if (!is_digit(text[*text == '-' || *text == '+']))
        return false;
    errno = 0;
    long read = strtol(text, &end, 10);
    while (isspace((unsigned char)*end))
        end++;
    if (*end != '\0' || errno != 0)
        return false;
    *value = read;
    return true;
}

const char *ixs_word(const char **text, size_t *length)
{
    const char *start = *text + strspn(*text, " \t");
    *length = strcspn(start, " \t");
    *text = start + *length;
    return *length ? start : NULL;
}
