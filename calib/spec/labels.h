/* SPDX-License-Identifier: GPL-3.0-or-later
 * How many columns a SPEC scan has, and what they are called, where #L, #N and the rows disagree.
 */
#ifndef IXS_CALIB_SPEC_LABELS_H
#define IXS_CALIB_SPEC_LABELS_H

#include "base/err.h"

enum { IXS_SPEC_LABEL = 49, IXS_SPEC_COLUMNS = 999 /* what a FITS table can hold */ };

struct ixs_spec_labels { /* owns names; all-zero is empty */
    size_t count;
    char (*names)[IXS_SPEC_LABEL];
    size_t given; /* labels that #L has; the others are called Column_7 */
    bool cut;     /* a label was too long */
};

/* text: what stands behind #L, or NULL; declared: the number behind #N, -1 if none; row: values of
 * the first row, 0 if there is none.
 *
 * Labels at two blanks are believed if #N or the row has their number; else labels at single blanks
 * if the row or #N has theirs; else the row, if #N agrees with it; else the labels. */
IXS_MUST_CHECK bool ixs_spec_labels(struct ixs_spec_labels *out, const char *text, long declared,
                                    size_t row, struct ixs_err *err);

#endif
