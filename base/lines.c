/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lines of text through zlib (which passes plain files through), and strict numbers.
 */
#include "base/lines.h"

#include "base/array.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { BLOCK = 1 << 16, LONGEST = 1 << 20 };

struct ixs_lines {
    gzFile file;
    char *path;
    char *room; /* bytes [start, end) are read and not yet given */
    size_t capacity;
    size_t start, end;
    long number;
    bool whole, finished;
};

static bool check_regular(const char *path, struct ixs_err *err)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return ixs_fail_at(err, IXS_INPUT, path, 0, "cannot be opened: %s", strerror(errno));
    if (S_ISDIR(about.st_mode))
        return ixs_fail_at(err, IXS_INPUT, path, 0, "found a directory, expected a text file");
    if (!S_ISREG(about.st_mode))
        return ixs_fail_at(err, IXS_INPUT, path, 0, "found a special file, expected a text file");
    if (about.st_size == 0)
        return ixs_fail_at(err, IXS_INPUT, path, 0, "found an empty file, expected text");
    return true;
}

bool ixs_lines_open(struct ixs_lines **out, const char *path, struct ixs_err *err)
{
    struct ixs_lines *lines = NULL;
    *out = NULL;
    if (!check_regular(path, err) || !IXS_NEW(lines, 1, err))
        return false;
    *out = lines;
    if ((lines->path = ixs_text(err, "%s", path)) == NULL)
        return false;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return ixs_fail_at(err, IXS_INPUT, path, 0, "cannot be opened: %s", strerror(errno));
    lines->file = gzdopen(file, "rb");
    if (lines->file == NULL) {
        close(file);
        return ixs_fail(err, IXS_OUTPUT, "no memory to read %s", path);
    }
    gzbuffer(lines->file, BLOCK);
    return true;
}

static bool fail_read(struct ixs_lines *lines, struct ixs_err *err)
{
    int code;
    const char *text = gzerror(lines->file, &code);
    if (code == Z_MEM_ERROR)
        return ixs_fail(err, IXS_OUTPUT, "no memory to read %s", lines->path);
    return ixs_fail_at(err, IXS_INPUT, lines->path, lines->number + 1, "cannot be read: %s", text);
}

static bool read_more(struct ixs_lines *lines, struct ixs_err *err)
{
    if (lines->start > 0)
        memmove(lines->room, lines->room + lines->start, lines->end - lines->start);
    lines->end -= lines->start;
    lines->start = 0;
    if (lines->end > LONGEST)
        return ixs_fail_at(err, IXS_INPUT, lines->path, lines->number + 1,
                           "found a line of more than %d bytes, expected text", LONGEST);
    if (!ixs_grow(&lines->room, &lines->capacity, lines->end + BLOCK + 1, 1, err))
        return false;
    int got = gzread(lines->file, lines->room + lines->end, BLOCK);
    if (got < 0)
        return fail_read(lines, err);
    if (got < BLOCK) {
        int code;
        const char *text = gzerror(lines->file, &code);
        if (code == Z_BUF_ERROR)
            return ixs_fail_at(err, IXS_INPUT, lines->path, lines->number + 1,
                               "the compressed file is cut short: %s", text);
        lines->finished = gzeof(lines->file) != 0;
    }
    lines->end += (size_t)got;
    return true;
}

bool ixs_lines_next(struct ixs_lines *lines, char **line, size_t *length, struct ixs_err *err)
{
    char *newline = NULL;
    size_t looked = 0;
    *line = NULL;
    *length = 0;
    for (;;) {
        size_t have = lines->end - lines->start;
        if (have > looked)
            newline = memchr(lines->room + lines->start + looked, '\n', have - looked);
        if (newline != NULL || lines->finished)
            break;
        looked = have;
        if (!read_more(lines, err))
            return false;
    }
    if (lines->start == lines->end)
        return true;
    char *start = lines->room + lines->start;
    size_t size = newline ? (size_t)(newline - start) : lines->end - lines->start;
    lines->start += size + (newline != NULL);
    lines->whole = newline != NULL;
    lines->number++;
    if (size > 0 && start[size - 1] == '\r')
        size--;
    start[size] = '\0';
    if (memchr(start, '\0', size) != NULL)
        return ixs_fail_at(err, IXS_INPUT, lines->path, lines->number,
                           "found a NUL byte, expected text");
    *line = start;
    *length = size;
    return true;
}

bool ixs_lines_whole(const struct ixs_lines *lines)
{
    return lines->whole;
}

long ixs_lines_number(const struct ixs_lines *lines)
{
    return lines->number;
}

const char *ixs_lines_path(const struct ixs_lines *lines)
{
    return lines->path;
}

void ixs_lines_close(struct ixs_lines *lines)
{
    if (lines == NULL)
        return;
    if (lines->file != NULL)
        gzclose(lines->file);
    free(lines->path);
    free(lines->room);
    free(lines);
}

/* Only what a decimal number is written with: no hexadecimal, no nan, no inf. */
static bool looks_decimal(const char *text)
{
    if (*text == '+' || *text == '-')
        text++;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
        return false;
    return isdigit((unsigned char)*text) || (*text == '.' && isdigit((unsigned char)text[1]));
}

bool ixs_number_next(const char **text, double *value)
{
    const char *start = *text;
    char *end;
    while (*start == ' ' || *start == '\t')
        start++;
    if (!looks_decimal(start))
        return false;
    double read = strtod(start, &end);
    if (end == start || (*end != '\0' && *end != ' ' && *end != '\t') || !isfinite(read))
        return false;
    *value = read;
    *text = end;
    return true;
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
    while (*text == ' ' || *text == '\t')
        text++;
    if (!looks_decimal(text))
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
