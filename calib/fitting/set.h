/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside calib/fitting: one set of spectra that hang together, as
 * models/together/together.h takes it.
 */
#ifndef IXS_CALIB_FITTING_SET_H
#define IXS_CALIB_FITTING_SET_H

#include "calib/fitting/share.h"
#include "calib/fitting/task.h"

struct ixs_fitting_part { /* a spectrum in its set; stays where it was made */
    struct ixs_fitting_link *link;
    struct ixs_fitting_task made;
    size_t npieces; /* 1, or one of each scan */
    struct ixs_together_piece *pieces;
    int64_t *scans;     /* [npieces] */
    double (*zeros)[2]; /* [npieces] value and error, out */
    struct ixs_together_term *terms;
    size_t nown, nuses;
    struct ixs_together_source *own;
    size_t uses[IXS_MODEL_MOST_PARAMETERS];
    double *common; /* [IXS_MODEL_MOST_PARAMETERS][nuses], out */
};

struct ixs_fitting_voice { /* what one spectrum by itself says of a shared source */
    size_t source;         /* in its set */
    double value, weight;
};

struct ixs_fitting_setting_up { /* of one set; what is borrowed is const */
    const struct ixs_fitting *rules;
    const struct ixs_fitting_responses *responses;
    const struct ixs_calib *calib;
    const size_t *place; /* [all shared] where a shared source stands in its set */
    size_t nshared;
    struct ixs_together_source *shared; /* [nshared] */
    size_t nvoices, room;
    struct ixs_fitting_voice *voices; /* owned */
};

/* Sources and terms of a spectrum from what the model file and its own fit say. */
IXS_MUST_CHECK bool ixs_fitting_part_make(struct ixs_fitting_part *out,
                                          struct ixs_fitting_setting_up *up,
                                          struct ixs_fitting_link *link, struct ixs_err *err);

void ixs_fitting_part_dispose(struct ixs_fitting_part *part);

/* Starts of the shared sources: the weighted median of what their spectra say. */
void ixs_fitting_hear(struct ixs_fitting_setting_up *up);

#endif
