/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside calib/archive: what its files hand to one another.
 */
#ifndef IXS_CALIB_ARCHIVE_PARTS_H
#define IXS_CALIB_ARCHIVE_PARTS_H

#include "calib/archive/archive.h"

/* ---- what a file is: which column is what (archive_form.c, archive_table.c) ------------------ */

enum ixs_archive_role {                     /* of a column */
                        IXS_ARCHIVE_PASSED, /* not read */
                        IXS_ARCHIVE_ENERGY, /* meV, positive = energy loss, after `scale` */
                        IXS_ARCHIVE_INTENSITY,
                        IXS_ARCHIVE_ERROR, /* of INTENSITY */
                        IXS_ARCHIVE_COUNTS,
                        IXS_ARCHIVE_MONITOR, /* counts of the point */
                        IXS_ARCHIVE_TIME,    /* s */
                        IXS_ARCHIVE_UNIT,    /* INTENSITY over its largest value, with its error */
                        IXS_ARCHIVE_UNIT_ERROR,
                        IXS_ARCHIVE_BALANCED, /* INTENSITY x |1 - exp(-E/kT)|, with its error */
                        IXS_ARCHIVE_BALANCED_ERROR,
                        IXS_ARCHIVE_NROLES
};

enum { IXS_ARCHIVE_MOST_COLUMNS = 64, IXS_ARCHIVE_MOST_ANALYZERS = 64 };

struct ixs_archive_column {
    int64_t number; /* from 1; 0: found by its label */
    char label[25];
    enum ixs_archive_role role;
    double scale;      /* what its figures are multiplied by */
    char analyzer[25]; /* "": of all analyzers of the file */
};

struct ixs_archive_analyzer { /* what is known of one analyzer; NaN, "": not known */
    char name[25];            /* in the file, its name or the script */
    char is[25];              /* in the product; "": the same */
    double hkl[3];            /* r.l.u. */
    double q;                 /* 1/Angstrom */
    double zero, zero_err;    /* meV */
    double efficiency;
};

struct ixs_archive_facts { /* what holds for all points; NaN, "", 0: not known */
    char object[64], instrument[32], monitor[25];
    double time;                         /* s, of a point */
    double reference;                    /* count/s of the monitor */
    double temperature, temperature_err; /* K */
    double width[3];                     /* r.l.u., full acceptance in h, k, l */
    size_t nanalyzers;
    struct ixs_archive_analyzer analyzers[IXS_ARCHIVE_MOST_ANALYZERS];
};

struct ixs_archive_form { /* a value */
    char name[25];        /* "spring8", "id28", "nor", "table" */
    size_t ncolumns;
    struct ixs_archive_column columns[IXS_ARCHIVE_MOST_COLUMNS];
    int64_t width;     /* words in a row; 0: as many as the first row has */
    int64_t skip;      /* lines at the top that are passed over */
    char comment[9];   /* lines that begin with it are passed over */
    char separator[2]; /* between words; "": blanks */
    bool labelled;     /* the last line before the rows bears the labels of the columns */
    bool as_stated;    /* take intensity and error as they are: no counts are sought */
    struct ixs_archive_facts facts;
};

/* The form that the beginning of a file shows, NULL if none is known (a SPEC file), *gpi if it is a
 * gnuplot script that names archives. */
IXS_MUST_CHECK bool ixs_archive_recognise(const char *path, const struct ixs_archive_form **form,
                                          bool *gpi, struct ixs_err *err);

void ixs_archive_no_facts(struct ixs_archive_facts *facts);

/* Reads a table XML; it is witnessed in `provenance` (if not NULL). */
IXS_MUST_CHECK bool ixs_archive_table(struct ixs_archive_form *out, const char *path,
                                      struct ixs_provenance *provenance, struct ixs_err *err);

/* The entry of an analyzer by its name in the file, ignoring case and leading zeros ("a1", "a01"),
 * or NULL. */
const struct ixs_archive_analyzer *ixs_archive_analyzer(const struct ixs_archive_facts *facts,
                                                        const char *name);

/* ---- the rows of a file (archive_rows.c) ----------------------------------------------------- */

struct ixs_archive_rows { /* owns its arrays */
    size_t nrows, width;
    double *value;   /* [nrows][width]; NaN: no number */
    double *half;    /* [nrows][width] half a unit of the last digit written */
    char *labels;    /* [width][25] */
    char digest[65]; /* of all lines */
};

IXS_MUST_CHECK bool ixs_archive_rows(struct ixs_archive_rows *out, const char *path,
                                     const struct ixs_archive_form *form, struct ixs_notes *notes,
                                     struct ixs_err *err);
void ixs_archive_rows_dispose(struct ixs_archive_rows *rows);

/* Splits a line in place into at most `most` words; returns how many there are. */
size_t ixs_archive_split(char *line, const char *separator, size_t most, char **words);
/* Half a unit of the last digit of a number as written: 0.5e-8 for 0.3477E-04. */
double ixs_archive_half(const char *word);

/* ---- one spectrum as the file has it --------------------------------------------------------- */

struct ixs_archive_trace { /* owns `all` */
    char analyzer[25];     /* as in the file */
    size_t n;
    double *value[IXS_ARCHIVE_NROLES]; /* [n] each; NULL: no such column */
    double *half[IXS_ARCHIVE_NROLES];
    double *all;
};

/* ---- counts (archive_counts.c) --------------------------------------------------------------- */

struct ixs_archive_counts { /* owns its arrays */
    bool known;             /* else STATIST is GAUSSIAN */
    double *counts;         /* [n] */
    int64_t *flags;         /* [n] */
    double factor;          /* INTENSITY x MONITOR / counts; NaN: not known */
    size_t nexact, ninexact, ninterpolated;
};

IXS_MUST_CHECK bool ixs_archive_counts(struct ixs_archive_counts *out,
                                       const struct ixs_archive_trace *trace, struct ixs_err *err);
void ixs_archive_counts_dispose(struct ixs_archive_counts *counts);

/* The temperature, K, that links INTENSITY and BALANCED in all points; NaN if there is none. */
double ixs_archive_temperature(const struct ixs_archive_trace *trace);

/* ---- the script beside the files (archive_gpi.c) --------------------------------------------- */

struct ixs_archive_gpi {
    struct ixs_archive_facts facts; /* the analyzers are called "1", "2" .. or "a06" */
    char prefix[513];               /* of the files, "df/PbTe_sq_GL711_p0p55_RT" */
    char digest[65];                /* of what was understood */
};

IXS_MUST_CHECK bool ixs_archive_gpi(struct ixs_archive_gpi *out, const char *path,
                                    struct ixs_err *err);

/* Adds to *out what it lacks of another script: HKL and acceptance. */
void ixs_archive_gpi_add(struct ixs_archive_facts *out, const struct ixs_archive_facts *other);

/* ---- names (archive_name.c) -------------------------------------------------------------------
 */

struct ixs_archive_name {
    char set[121]; /* of the measurement: its product is called so */
    char analyzer[25];
    int64_t scan; /* 0: none told */
};

void ixs_archive_name(struct ixs_archive_name *out, const char *path,
                      const struct ixs_archive_form *form, const struct ixs_archive_rows *rows);

/* ---- into SPECTRA (archive_spectra.c) -------------------------------------------------------- */

struct ixs_archive_place { /* where a spectrum comes from */
    const char *path;
    int64_t scan;      /* 0: the archive does not say */
    char analyzer[25]; /* of a file that has one alone */
    const struct ixs_archive_form *form;
    const struct ixs_archive_facts *script; /* of the gpi, or NULL */
};

struct ixs_archive_making { /* of one spectrum */
    const struct ixs_archive_trace *trace;
    const struct ixs_archive_place *place;
    const struct ixs_archive_task *task;
    struct ixs_archive_counts counts;
    const struct ixs_archive_analyzer *analyzer; /* NULL: nothing known */
    double reference, factor;
    double zero, zero_err;
};

/* A fact that the script, or else the form, states; NaN if neither does. */
double ixs_archive_fact(const struct ixs_archive_making *making, size_t offset);
#define IXS_ARCHIVE_FACT(making, member)                                                           \
    ixs_archive_fact((making), offsetof(struct ixs_archive_facts, member))

/* Angstrom; NaN: not known */
double ixs_archive_wavelength(const struct ixs_experiment *experiment);

/* Momentum transfer and acceptance (archive_momentum.c). */
void ixs_archive_momentum(struct ixs_spectrum *out, const struct ixs_archive_making *making);

/* Adds the spectra of one file to *out. */
IXS_MUST_CHECK bool ixs_archive_add(struct ixs_spectra *out, const struct ixs_archive_rows *rows,
                                    const struct ixs_archive_place *place,
                                    const struct ixs_archive_task *task, struct ixs_err *err);

#endif
