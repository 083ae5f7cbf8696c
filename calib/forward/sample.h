/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside the reading of a sample XML: what its files share.
 */
#ifndef IXS_CALIB_FORWARD_SAMPLE_H
#define IXS_CALIB_FORWARD_SAMPLE_H

#include "calib/forward/forward.h"
#include "calib/instrument/instrument.h"

/* Number of elements of that name below `list` (may be NULL); the first one, NULL if none. */
size_t ixs_forward_list(struct ixs_node *list, const char *name, struct ixs_node **first);

/* What the instrument says of the axis, the circles and the array; after the sample's own. */
IXS_MUST_CHECK bool ixs_forward_read_beamline(struct ixs_forward *out,
                                              const struct ixs_config *sample,
                                              const struct ixs_instrument *instrument,
                                              struct ixs_err *err);

/* The analyzer of that name, or NULL. */
struct ixs_forward_analyzer *ixs_forward_find(struct ixs_forward *forward, const char *name);

/* Allocates and fills the analyzers: all of the instrument, as it and then the sample state them.
 */
IXS_MUST_CHECK bool ixs_forward_read_array(struct ixs_forward *out, const struct ixs_config *sample,
                                           const struct ixs_instrument *instrument,
                                           struct ixs_err *err);

/* Allocates and fills the scans, each of which must be possible; after crystal and array. */
IXS_MUST_CHECK bool ixs_forward_read_plan(struct ixs_forward *out, const struct ixs_config *sample,
                                          struct ixs_err *err);

#endif
