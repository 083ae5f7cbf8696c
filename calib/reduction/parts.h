/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files of the reduction share: one scan while it is reduced.
 */
#ifndef IXS_CALIB_REDUCTION_PARTS_H
#define IXS_CALIB_REDUCTION_PARTS_H

#include "calib/energy/energy.h"
#include "calib/instrument/acceptance.h"
#include "calib/instrument/exposure.h"
#include "calib/instrument/geometry.h"
#include "calib/reduction/reduction.h"
#include "calib/experiment/temperature.h"

struct ixs_reducing { /* borrows all but what it computed */
    const struct ixs_raw *raw;
    const char *path;
    const struct ixs_reduction *how;
    struct ixs_notes *notes;
    struct ixs_axis axis;
    struct ixs_energy_drift drift;
    long monitor, time;       /* columns */
    double reference;         /* count/s */
    double wavelength;        /* Angstrom */
    double main;              /* position of the analyzer at the arm's two theta */
    struct ixs_angles angles; /* of the arm */
    struct ixs_crystal crystal;
    bool has_crystal;
    char ub_from[33]; /* where UB came from, "" if there is none */
    double lattice[6];
    struct ixs_temperature temperature;
};

/* Columns, and whether the scan can be reduced at all. */
IXS_MUST_CHECK bool ixs_reduction_columns(struct ixs_reducing *scan, struct ixs_err *err);

/* Angles, wavelength, main analyzer and crystal. What is missing is noted and left NaN. */
void ixs_reduction_geometry(struct ixs_reducing *scan);

/* Lattice and UB, with the temperature, angles and wavelength known; called by the former. */
void ixs_reduction_crystal(struct ixs_reducing *scan);

struct ixs_sight ixs_reduction_sight(const struct ixs_reducing *scan,
                                     const struct ixs_analyzer *analyzer);

/* Where one analyzer looks, and how wide; NaN where that is not known. */
void ixs_reduction_momentum(const struct ixs_reducing *scan, const struct ixs_analyzer *analyzer,
                            struct ixs_momentum *out, struct ixs_acceptance *acceptance);

/* The exposure of an analyzer and the factors in it, with the spectrum's two theta, gamma and Q
 * known. own: its calibration of this beamtime; NULL: none. */
void ixs_reduction_exposure(struct ixs_chain *chain, struct ixs_spectrum *out,
                            const struct ixs_reducing *scan, const struct ixs_analyzer *place,
                            const struct ixs_calib_analyzer *own);

/* A note where the monitor's own noise is not small beside that of counting. */
void ixs_reduction_tell_monitor(const struct ixs_reducing *scan, size_t n,
                                const struct ixs_point *points);

/* Compares the HKL of the spectra with those that the scan's header states; a difference is noted
 * with the pitch that would explain it. */
void ixs_reduction_check_header(const struct ixs_reducing *scan, size_t nspectra,
                                const struct ixs_spectrum *spectra);

/* Notes on the spectra and points from the first given ones on: those of this scan. */
void ixs_reduction_tell(const struct ixs_reducing *scan, const struct ixs_spectra *spectra,
                        size_t first_spectrum, size_t first_point);

#endif
