/* SPDX-License-Identifier: GPL-3.0-or-later
 * Before a beamtime: the errors that each parameter of each planned spectrum will have, and how
 * long to count for wanted ones.
 */
#ifndef IXS_CALIB_FORWARD_PREDICT_H
#define IXS_CALIB_FORWARD_PREDICT_H

#include "calib/forward/forward.h"

struct ixs_prediction_row { /* one parameter of one spectrum */
    char scans[49], analyzer[25], component[17], name[17], unit[17];
    double value, err; /* in unit; NaN: the data would not tell */
    double time;       /* s a point, as planned */
    double wanted;     /* error; NaN: none is */
    double needed;     /* s a point, for that; infinite: never */
    double hours;      /* of the whole scan, then */
};

struct ixs_prediction { /* owns its rows */
    size_t nrows;
    struct ixs_prediction_row *rows;
};

/* `wants`: "FWHM=0.1,OMEGA0=0.05" in the units of the parameters, NULL: none. zero_err: meV, to
 * which the zero will be known; NaN: not at all. Responses are as if known exactly. */
IXS_MUST_CHECK bool ixs_forward_predict(struct ixs_prediction *out,
                                        const struct ixs_forward_beamtime *beamtime,
                                        const char *wants, double zero_err, struct ixs_err *err);
void ixs_prediction_dispose(struct ixs_prediction *prediction);

#endif
