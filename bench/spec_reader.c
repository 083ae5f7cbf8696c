/* SPDX-License-Identifier: GPL-3.0-or-later
 * `spec_reader WHAT FILE [FOLDER]`: one measurement for bench/spec.py, which prints seconds of CPU
 * time, seconds passed, bytes of text and numbers read. WHAT is
 *   make SCANS ROWS COLUMNS  write such a SPEC file (no measurement)
 *   read     read(2) into one buffer
 *   strtod   lines, and strtod for each number: what a careful C programmer writes
 *   numbers  our lines and our numbers, nothing else
 *   parse    our SPEC reader, products ready in memory, digests taken
 *   inflate  zlib alone, of FILE.gz
 *   write    the files of FOLDER written once more, one sync for all, renamed
 *   table    one table of 201000 rows of 80 numbers as a product (FILE)
 *   copy     the bytes of a file (FOLDER) written to FILE and synced
 */
#define _GNU_SOURCE
#include "base/array.h"
#include "base/lines.h"
#include "base/product.h"
#include "calib/spec/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

enum { BLOCK = 1 << 18 };

struct tally {
    double bytes, numbers, sum;
};

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- a file to read: numbers as IXS beamlines write them ------------------------------------- */

static uint64_t random_word(uint64_t *state) /* xorshift64*, Vigna 2016 */
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

static double uniform(uint64_t *state)
{
    return (double)(random_word(state) >> 11) / 9007199254740992.0;
}

enum { MOST_COLUMNS = 999 };

/* A counter has its own level in each scan, and counts around it. */
static void make_row(FILE *out, int row, int rows, int columns, const double *levels,
                     uint64_t *state)
{
    double energy = -40 + 80.0 * row / rows + 0.002 * uniform(state);
    double monitor = floor(180000 + 40000 * uniform(state));
    fprintf(out, "%.8f %.4f 1.0200 0.0034 2.99871 %d 30 %.0f %.6g", 21.747 + energy * 1e-6, energy,
            1717750000 + 31 * row, monitor, monitor * 1.37e-9);
    for (int i = 9; i < columns; i++)
        if (i < 18)
            fprintf(out, " %.0f", 15 + 30 * uniform(state));
        else if (i < 26)
            fprintf(out, " %.5f", 295 + 0.002 * uniform(state));
        else
            fprintf(out, " %.0f", floor(levels[i] + sqrt(levels[i]) * 3 * (uniform(state) - 0.5)));
    fputc('\n', out);
}

static bool make(const char *path, int scans, int rows, int columns)
{
    static double levels[MOST_COLUMNS];
    uint64_t state = 88172645463325252;
    FILE *out = fopen(path, "wb");
    if (out == NULL)
        return false;
    fputs("#F ixs_run\n#E 1717750000\n#D Fri Jun 07 10:00:00 2024\n#C id28  User = opid28\n", out);
    fputs("#O0 mot0  mot1  mot2  mot3  mot4  mot5  mot6  mot7\n", out);
    for (int scan = 1; scan <= scans; scan++) {
        fprintf(out, "\n#S %d  ascan  hmot -40 40 %d 30\n#D Fri Jun 07 10:00:00 2024\n", scan,
                rows - 1);
        fputs("#T 30  (Seconds)\n#G0 0\n#Q 0.1 0.2 3.0\n#P0 1.5 -2.25 3 4 5.125 6 7 8\n", out);
        fprintf(out, "#N %d\n#L hmot", columns);
        for (int i = 1; i < columns; i++)
            fprintf(out, "  counter%d", i);
        fputc('\n', out);
        for (int i = 0; i < columns; i++)
            levels[i] = exp(9 * uniform(&state));
        for (int row = 0; row < rows; row++)
            make_row(out, row, rows, columns, levels, &state);
    }
    return fclose(out) == 0;
}

/* ---- ways to read it ------------------------------------------------------------------------- */

static bool read_plain(const char *path, struct tally *tally)
{
    static char room[BLOCK];
    int file = open(path, O_RDONLY);
    ssize_t got;
    while (file >= 0 && (got = read(file, room, BLOCK)) > 0)
        tally->bytes += (double)got;
    return file >= 0 && close(file) == 0;
}

static bool read_strtod(const char *path, struct tally *tally)
{
    static char line[1 << 16];
    FILE *file = fopen(path, "rb");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        char *at = line, *end;
        tally->bytes += (double)strlen(line);
        if (*line == '#')
            continue;
        for (double value; (void)(value = strtod(at, &end)), end != at; at = end) {
            tally->sum += value; /* hidden behind strtod */
            tally->numbers++;
        }
    }
    return file != NULL && fclose(file) == 0;
}

static bool read_numbers(const char *path, struct tally *tally, struct ixs_err *err)
{
    static double values[4096];
    struct ixs_lines *lines = NULL;
    char *line = "";
    size_t length, blanks;
    bool ok = ixs_lines_open(&lines, path, err);
    while (ok && (ok = ixs_lines_next(lines, &line, &length, err)) && line != NULL) {
        const char *text = line;
        tally->bytes += (double)length + 1;
        if (*line == '#')
            continue;
        size_t count = ixs_numbers(&text, 4096, values, &blanks);
        tally->numbers += (double)count;
        tally->sum += count > 0 ? values[count - 1] : 0;
    }
    ixs_lines_close(lines);
    return ok;
}

static bool read_spec(const char *path, struct tally *tally, struct ixs_err *err)
{
    struct ixs_spec *spec = NULL;
    bool more = true, ok = ixs_spec_open(&spec, path, NULL, NULL, err);
    while (ok && more) {
        struct ixs_spec_scan scan;
        ok = ixs_spec_next(spec, &scan, err);
        more = ok && scan.line > 0;
        size_t count = more ? scan.raw.npoints * scan.raw.nlabels : 0;
        tally->numbers += (double)count;
        tally->sum += count > 0 ? scan.raw.values[count - 1] : 0;
        ixs_spec_scan_dispose(&scan);
    }
    ixs_spec_close(spec);
    return ok;
}

static bool inflate_alone(const char *path, struct tally *tally)
{
    static char room[BLOCK];
    gzFile file = gzopen(path, "rb");
    int got;
    if (file == NULL)
        return false;
    gzbuffer(file, BLOCK);
    while ((got = gzread(file, room, BLOCK)) > 0)
        tally->bytes += got;
    return gzclose(file) == Z_OK;
}

/* ---- writing --------------------------------------------------------------------------------- */

struct files { /* the contents of a folder */
    size_t count;
    char **names;
    char **bytes;
    size_t *sizes;
};

static bool make_room(struct files *files, size_t count)
{
    struct ixs_err err = IXS_ERR_NONE;
    return IXS_NEW(files->names, count, &err) && IXS_NEW(files->bytes, count, &err) &&
           IXS_NEW(files->sizes, count, &err);
}

/* Takes what is no file for nothing. */
static bool load_file(struct files *files, const char *path, char *name)
{
    struct stat about;
    struct ixs_err err = IXS_ERR_NONE;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &about) != 0)
        return false;
    bool ok = true;
    if (S_ISREG(about.st_mode)) {
        size_t n = files->count++;
        files->names[n] = name;
        files->sizes[n] = (size_t)about.st_size;
        ok = IXS_NEW(files->bytes[n], files->sizes[n], &err) &&
             read(file, files->bytes[n], files->sizes[n]) == about.st_size;
    }
    close(file);
    return ok;
}

static bool load(struct files *files, const char *folder)
{
    struct dirent **list;
    int count = scandir(folder, &list, NULL, alphasort);
    struct ixs_err err = IXS_ERR_NONE;
    bool ok = count >= 0 && make_room(files, (size_t)count);
    for (int i = 0; ok && i < count; i++) {
        char *path = ixs_text(&err, "%s/%s", folder, list[i]->d_name);
        ok = path != NULL && load_file(files, path, list[i]->d_name);
        free(path);
    }
    return ok;
}

static bool write_bytes(const char *path, const char *bytes, size_t size, bool sync)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
    return file >= 0 && write(file, bytes, size) == (ssize_t)size && (!sync || fsync(file) == 0) &&
           close(file) == 0;
}

static bool write_all(const struct files *files, const char *folder, struct tally *tally)
{
    char name[512], temporary[512];
    int directory = mkdir(folder, 0777) == 0 ? open(folder, O_RDONLY | O_DIRECTORY) : -1;
    bool ok = directory >= 0;
    for (size_t i = 0; ok && i < files->count; i++) {
        snprintf(temporary, sizeof temporary, "%s/.%zu", folder, i);
        ok = write_bytes(temporary, files->bytes[i], files->sizes[i], false);
        tally->bytes += (double)files->sizes[i];
    }
    ok = ok && syncfs(directory) == 0;
    for (size_t i = 0; ok && i < files->count; i++) {
        snprintf(temporary, sizeof temporary, "%s/.%zu", folder, i);
        snprintf(name, sizeof name, "%s/%s", folder, files->names[i]);
        ok = rename(temporary, name) == 0;
    }
    return ok && fsync(directory) == 0;
}

enum { TABLE_ROWS = 201000, TABLE_COLUMNS = 80 };

/* Filled before the clock starts. */
static double *make_table(void)
{
    struct ixs_err err = IXS_ERR_NONE;
    double *values = NULL;
    if (!IXS_NEW(values, (size_t)TABLE_ROWS * TABLE_COLUMNS, &err))
        return NULL;
    for (size_t i = 0; i < (size_t)TABLE_ROWS * TABLE_COLUMNS; i++)
        values[i] = 0.5 * (double)i;
    return values;
}

static bool write_table(const char *path, const double *values, struct ixs_err *err)
{
    static char names[TABLE_COLUMNS][16];
    static struct ixs_column columns[TABLE_COLUMNS];
    const struct ixs_table table = {"SCAN", "", TABLE_COLUMNS * sizeof(double), columns,
                                    TABLE_COLUMNS};
    const struct ixs_identity identity = {.kind = "RAW", .version = 1};
    const struct ixs_provenance history = {.program = "bench", .version = "1"};
    struct ixs_writer *writer = NULL;
    for (size_t i = 0; i < TABLE_COLUMNS; i++) {
        snprintf(names[i], sizeof names[i], "C%zu", i + 1);
        columns[i] = (struct ixs_column){names[i], "", "", IXS_REAL, 1, i * sizeof(double), 0};
    }
    bool ok = ixs_writer_begin(&writer, &identity, err) &&
              ixs_writer_table(writer, &table, TABLE_ROWS, values, NULL, NULL, err) &&
              ixs_writer_commit(writer, path, &history, NULL, NULL, err);
    ixs_writer_free(writer);
    return ok;
}

/* ---- one measurement ------------------------------------------------------------------------- */

static bool measure(const char *what, char **argv, const struct files *files, const double *values,
                    struct tally *tally)
{
    struct ixs_err err = IXS_ERR_NONE;
    bool ok = false;
    if (strcmp(what, "read") == 0)
        ok = read_plain(argv[2], tally);
    else if (strcmp(what, "strtod") == 0)
        ok = read_strtod(argv[2], tally);
    else if (strcmp(what, "numbers") == 0)
        ok = read_numbers(argv[2], tally, &err);
    else if (strcmp(what, "parse") == 0)
        ok = read_spec(argv[2], tally, &err);
    else if (strcmp(what, "inflate") == 0)
        ok = inflate_alone(argv[2], tally);
    else if (strcmp(what, "write") == 0)
        ok = write_all(files, argv[2], tally);
    else if (strcmp(what, "copy") == 0 && files->count > 0)
        ok = write_bytes(argv[2], files->bytes[0], files->sizes[0], true);
    else if (strcmp(what, "table") == 0)
        ok = write_table(argv[2], values, &err);
    if (err.code != IXS_OK)
        fprintf(stderr, "%s: %s\n", err.where, err.text);
    return ok;
}

int main(int argc, char **argv)
{
    struct tally tally = {0};
    struct files files = {0};
    double *values = NULL;
    if (argc == 6 && strcmp(argv[1], "make") == 0)
        return make(argv[2], atoi(argv[3]), atoi(argv[4]), atoi(argv[5])) ? 0 : 1;
    if (argc < 3 || (strcmp(argv[1], "write") == 0 && (argc < 4 || !load(&files, argv[3]))) ||
        (strcmp(argv[1], "copy") == 0 &&
         (argc < 4 || !make_room(&files, 1) || !load_file(&files, argv[3], argv[3]))) ||
        (strcmp(argv[1], "table") == 0 && (values = make_table()) == NULL))
        return 2;
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID), wall = seconds(CLOCK_MONOTONIC);
    if (!measure(argv[1], argv, &files, values, &tally))
        return 1;
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    wall = seconds(CLOCK_MONOTONIC) - wall;
    printf("%.6f %.6f %.0f %.0f %.17g\n", cpu, wall, tally.bytes, tally.numbers, tally.sum);
    free(values);
    return 0;
}
