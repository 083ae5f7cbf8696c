/* SPDX-License-Identifier: GPL-3.0-or-later
 * RAW: one scan as the beamline wrote it, without interpretation.
 */
#ifndef IXS_PRODUCTS_RAW_H
#define IXS_PRODUCTS_RAW_H

#include "base/product.h"

struct ixs_raw_position { /* POSITIONS: one motor at the start of the scan */
    char motor[49];
    char mnemonic[25]; /* "" where the file has none */
    double value;      /* motor units; NaN: no number in the file */
};

struct ixs_raw_value { /* METADATA: one pair of #H and #V, or of #MD */
    char name[49];
    double value;  /* NaN: no number, see text */
    char text[65]; /* as written */
};

struct ixs_raw_header { /* HEADER: the scan's header lines, and the file header in force, verbatim
                         */
    char text[241];     /* a longer line goes on in the next row, which starts with \ */
};

struct ixs_raw_channel { /* MCA: one channel of one spectrum, where they were kept */
    int64_t point;       /* row of SCAN, from 1; 0: its row was dropped */
    int64_t detector;    /* which of the spectra of that row, from 1 */
    int64_t channel;     /* as #@CHANN numbers them, else from 0 */
    double counts;
};

struct ixs_raw_keys {  /* keywords of SCAN */
    int64_t scan;      /* number after #S */
    int64_t order;     /* 1 for the first scan of that number in the file, 2 for the second */
    char command[161]; /* as typed */
    char title[65];    /* sample comment: first #C of the header in force */
    char source[121];  /* base name of the SPEC file */
    char origin[161];  /* #F of the header in force: names the beamtime */
    double epoch;      /* s, #E of the header in force; NaN if none */
    double epoch_add;  /* s, column Epoch + this is Unix time: 0 if absolute; NaN: not known */
    double e_origin;   /* energy axis units; recorded + e_origin is on the file's first origin */
    char e_axis[25];   /* motor whose resets e_origin counts */
    double lambda;     /* Angstrom, #G4[3]; NaN if none */
    double ub[9];      /* 1/Angstrom with 2 pi, row by row, #G3; NaN if none */
    double lattice[6]; /* Angstrom, deg, #G1; NaN if none */
    double q[3];       /* r.l.u., #Q; NaN if none */
    double preset;     /* s (> 0, #T) or monitor counts (< 0, #M); NaN if none */
    int64_t npoints;   /* rows */
    int64_t nplanned;  /* rows the command asked for, -1 if it does not say */
    int64_t nmissing;  /* values that are not numbers (NaN in SCAN) */
    int64_t ndropped;  /* rows that could not be read */
    int64_t nspectra;  /* MCA spectra in the file, kept or passed over */
    char ended[13];    /* COMPLETE, ABORTED, EMPTY, WRITING */
};

struct ixs_raw { /* owns its arrays; all-zero is empty */
    struct ixs_identity identity;
    struct ixs_raw_keys keys;
    size_t npoints, nlabels;
    char (*labels)[49]; /* [nlabels], as in the file */
    double *values;     /* [npoints][nlabels] */
    struct ixs_raw_position *positions;
    size_t npositions;
    struct ixs_raw_value *metadata;
    size_t nmetadata;
    struct ixs_raw_header *header;
    size_t nheader;
    struct ixs_raw_channel *channels; /* of all MCA spectra, in the order of the file */
    size_t nchannels;
};

extern const struct ixs_table ixs_table_raw_positions, ixs_table_raw_metadata, ixs_table_raw_header,
    ixs_table_raw_channels, ixs_table_raw_keys;

IXS_MUST_CHECK bool ixs_raw_write(const struct ixs_raw *raw, const char *path,
                                  const struct ixs_provenance *provenance,
                                  const struct ixs_commit *how, bool *changed, struct ixs_err *err);
IXS_MUST_CHECK bool ixs_raw_read(struct ixs_raw *out, const char *path,
                                 const struct ixs_reading *how, struct ixs_provenance *provenance,
                                 struct ixs_err *err);
void ixs_raw_dispose(struct ixs_raw *raw);

/* Column of a label (the first of that name; by the label or by its FITS name, ignoring case), or
 * -1. Values of point i: raw->values[i * raw->nlabels + column]. */
long ixs_raw_label(const struct ixs_raw *raw, const char *label);
/* Value of a motor or a #H name at the start of the scan; NaN if there is none. */
double ixs_raw_motor(const struct ixs_raw *raw, const char *motor);
double ixs_raw_metadata(const struct ixs_raw *raw, const char *name);

#endif
