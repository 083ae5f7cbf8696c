/* SPDX-License-Identifier: GPL-3.0-or-later
 * The energy axis of a scan: from what a row recorded to energy transfer E_in - E_out in meV,
 * positive for energy loss, before any zero is taken off. As the instrument says: a recorded energy
 * times its scale, or the temperatures of the silicon crystals, integrated exactly.
 */
#ifndef IXS_CALIB_ENERGY_AXIS_H
#define IXS_CALIB_ENERGY_AXIS_H

#include "base/notes.h"
#include "calib/instrument/instrument.h"
#include "products/raw.h"

enum ixs_axis_way { IXS_AXIS_RECORDED, IXS_AXIS_TEMPERATURE, IXS_AXIS_DIFFERENCE };

struct ixs_axis { /* of one analyzer in one scan; borrows the instrument */
    const struct ixs_instrument *instrument;
    enum ixs_axis_way way;
    long column;       /* the recorded axis */
    long mono;         /* the monochromator's thermometer */
    long thermometer;  /* the analyzer's; -1: it has none and stands at `reference` */
    bool lost;         /* its column is missing: no energy can be known */
    double correction; /* K */
    double reference;  /* K, the analyzers' stated temperature; NaN: their thermometers' own */
    double reflected;  /* meV, E_out at `reference` */
    int reflection[3];
    double error;    /* relative, of the scale, as far as the scan and the instrument tell; NaN */
    double mismatch; /* thermometers' scale beside that of the axis itself, less 1; NaN: one only */
    double reading;  /* K, mean of all analyzers' thermometers; NaN: none */
};

/* The axis of a scan, of an analyzer without a thermometer of its own. Fails with IXS_INPUT where a
 * column is missing or the angle names no reflection; `path` names the scan. */
IXS_MUST_CHECK bool ixs_axis_open(struct ixs_axis *out, const struct ixs_raw *raw, const char *path,
                                  const struct ixs_instrument *instrument, struct ixs_err *err);
/* The same for one analyzer. */
void ixs_axis_choose(struct ixs_axis *axis, const struct ixs_raw *raw,
                     const struct ixs_analyzer *analyzer);

/* meV, of one row of the scan; NaN where a reading is missing or impossible. */
double ixs_axis_energy(const struct ixs_axis *axis, const double *row);

/* Lowest and highest energy of the scan, meV; low > high if there is none. */
void ixs_axis_range(const struct ixs_axis *axis, const struct ixs_raw *raw, double *low,
                    double *high);

/* Where thermometers, stated temperature and set points disagree, and analyzers whose thermometer
 * is missing. */
void ixs_axis_tell(const struct ixs_axis *axis, const struct ixs_raw *raw, const char *path,
                   struct ixs_notes *notes);

#endif
