/* SPDX-License-Identifier: GPL-3.0-or-later
 * The experiment: what the XML says of a beamtime (configs/experiment.xsd), with the instrument it
 * was done on.
 */
#ifndef IXS_CALIB_EXPERIMENT_EXPERIMENT_H
#define IXS_CALIB_EXPERIMENT_EXPERIMENT_H

#include "calib/experiment/absorption.h"
#include "calib/instrument/instrument.h"
#include "calib/instrument/orientation.h"
#include "models/crystal/formfactor.h"

#include <stdint.h>

enum { IXS_MOST_SCATTERERS = 16 };

struct ixs_exclusion { /* <exclude>: points not to be used */
    int64_t scan;      /* 0: all */
    int64_t order;     /* of scans with the same number, 0: all */
    char analyzer[25]; /* "": all */
    double from, to;   /* both included; NaN: open */
    char unit[9];      /* "point": row of RAW from 1; "recorded": energy axis as recorded */
    char reason[81];
    struct ixs_node *node; /* the element; NULL: not from a file */
};

struct ixs_stated_zero {   /* <zero>: recorded energy of zero transfer, as the user knows it */
    int64_t scan;          /* 0: all */
    char analyzer[25];     /* "": all */
    double zero;           /* meV, of the recorded axis times its scale */
    double error;          /* meV; NaN: flat prior */
    struct ixs_node *node; /* the element; NULL: not from a file */
};

struct ixs_reference { /* <standard>: the sample of reference scans */
    char name[25];
    int64_t from, to;                /* scans, both included; 0: open */
    double temperature;              /* K; NaN: as the scan states */
    double inelastic, inelastic_err; /* prior of inelastic over elastic area; NaN: none stated */
    struct ixs_node *node;
};

struct ixs_known_line { /* <elastic> and <line>: what stands at a known energy in scans of samples
                         */
    int64_t from, to;   /* scans, both included */
    char analyzer[25];  /* "": all */
    double energy;      /* meV; 0: the elastic line, or a Bragg peak */
    double error;       /* meV */
    struct ixs_node *node;
};

struct ixs_lattice_at { /* <lattices><lattice temperature="..."> */
    double kelvin;
    double lattice[6];
};

struct ixs_experiment { /* owns its lists; ixs_experiment_dispose */
    char sample[64];
    double lattice[6];               /* Angstrom, deg; NaN: as the scan states */
    struct ixs_lattice_at *lattices; /* by rising temperature */
    size_t nlattices;
    double ub[9];  /* 1/Angstrom with 2 pi; NaN: as the scan states */
    bool oriented; /* by these two reflections, in the frame of the instrument */
    struct ixs_reflection reflections[2];
    struct ixs_scatterer scatterers[IXS_MOST_SCATTERERS]; /* <form_factor> */
    size_t nscatterers;
    struct ixs_slab slab; /* thickness NaN: none */
    char centring[3];     /* "" : P */
    bool no_crystal;      /* <amorphous>true: no HKL is meant, whatever the header says */
    double temperature, temperature_error; /* K; NaN: as the scan states */
    double wavelength;                     /* Angstrom; NaN: as the scan states */
    struct ixs_exclusion *exclusions;
    size_t nexclusions;
    struct ixs_stated_zero *zeros; /* a later one goes over an earlier */
    size_t nzeros;
    struct ixs_reference *references; /* a later one goes over an earlier */
    size_t nreferences;
    struct ixs_known_line *lines;
    size_t nlines;
    char *model; /* path of the model file, NULL if none is named */
    struct ixs_instrument instrument;
    struct ixs_config *config; /* the open file, NULL if there is none */
};

/* experiment, instrument: paths, either may be NULL. The instrument file is `instrument`, or else
 * the one that the experiment names; the experiment's own <instrument> elements go over it. The
 * instrument is witnessed in `provenance` (if not NULL). */
IXS_MUST_CHECK bool ixs_experiment_read(struct ixs_experiment *out, const char *experiment,
                                        const char *instrument, struct ixs_provenance *provenance,
                                        struct ixs_err *err);
/* What the experiment says of one scan is used from here on (its <exclude> and <zero> elements). */
void ixs_experiment_use(const struct ixs_experiment *experiment, int64_t scan);

/* Takes that back for all scans, to begin with another one. */
void ixs_experiment_forget(const struct ixs_experiment *experiment);

/* Adds the experiment as an input: what concerns all scans and those that were used. */
IXS_MUST_CHECK bool ixs_experiment_witness(const struct ixs_experiment *experiment,
                                           struct ixs_provenance *provenance, struct ixs_err *err);
void ixs_experiment_dispose(struct ixs_experiment *experiment);

/* The sample of a <sample> element (NULL: none). */
IXS_MUST_CHECK bool ixs_experiment_read_sample(struct ixs_experiment *out,
                                               const struct ixs_config *config,
                                               struct ixs_node *node, struct ixs_err *err);

/* The lattice that the experiment states for a temperature (K; NaN: not known); false if none.
 * *beyond: K outside the temperatures stated, 0 within. */
IXS_MUST_CHECK bool ixs_experiment_lattice(const struct ixs_experiment *experiment, double kelvin,
                                           double lattice[6], double *beyond);

/* States a zero for all analyzers of all scans, over what the file states; error NaN: a guess. */
IXS_MUST_CHECK bool ixs_experiment_state_zero(struct ixs_experiment *experiment, double zero,
                                              double error, struct ixs_err *err);

/* The zero stated for an analyzer in a scan, or NULL. */
const struct ixs_stated_zero *ixs_experiment_zero(const struct ixs_experiment *experiment,
                                                  int64_t scan, const char *analyzer);

/* What is stated of the sample of a reference scan, or NULL (experiment_reference.c). */
const struct ixs_reference *ixs_experiment_reference(const struct ixs_experiment *experiment,
                                                     int64_t scan);
IXS_MUST_CHECK bool ixs_experiment_read_references(struct ixs_experiment *out,
                                                   const struct ixs_config *config,
                                                   struct ixs_node *first, struct ixs_err *err);

/* The exclusion that covers a point, or NULL. point: row of RAW from 1; recorded: its energy. */
const struct ixs_exclusion *ixs_experiment_excludes(const struct ixs_experiment *experiment,
                                                    int64_t scan, int64_t order,
                                                    const char *analyzer, int64_t point,
                                                    double recorded);

/* Adds the <elastic> and <line> elements below `root`. */
IXS_MUST_CHECK bool ixs_experiment_read_lines(struct ixs_experiment *out,
                                              const struct ixs_config *config,
                                              struct ixs_node *root, struct ixs_err *err);
/* The next line known in this scan of this analyzer, from number *at of the list on; NULL: no more.
 */
const struct ixs_known_line *ixs_experiment_line(const struct ixs_experiment *experiment,
                                                 int64_t scan, const char *analyzer, size_t *at);

#endif
