/* SPDX-License-Identifier: GPL-3.0-or-later
 * The status object: records the first failure in the user's nouns.
 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void set_where(struct ixs_err *err, const char *path, long line)
{
    if (line > 0)
        snprintf(err->where, sizeof err->where, "%s:%ld", path, line);
    else
        snprintf(err->where, sizeof err->where, "%s", path);
}

bool ixs_fail(struct ixs_err *err, enum ixs_code code, const char *format, ...)
{
    if (err->code != IXS_OK)
        return false;
    va_list args;
    va_start(args, format);
    err->code = code;
    err->where[0] = '\0';
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return false;
}

bool ixs_fail_at(struct ixs_err *err, enum ixs_code code, const char *path, long line,
                 const char *format, ...)
{
    if (err->code != IXS_OK)
        return false;
    va_list args;
    va_start(args, format);
    err->code = code;
    set_where(err, path, line);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return false;
}

bool ixs_within(struct ixs_err *err, const char *format, ...)
{
    char front[sizeof err->text], whole[2 * sizeof err->text + 4];
    va_list args;
    va_start(args, format);
    vsnprintf(front, sizeof front, format, args);
    va_end(args);
    snprintf(whole, sizeof whole, "%s: %s", front, err->text);
    memcpy(err->text, whole, sizeof err->text);
    err->text[sizeof err->text - 1] = '\0';
    return false;
}

bool ixs_in_file(struct ixs_err *err, const char *path, long line)
{
    if (err->where[0] == '\0')
        set_where(err, path, line);
    return false;
}

void ixs_err_clear(struct ixs_err *err)
{
    *err = IXS_ERR_NONE;
}
