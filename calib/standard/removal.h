/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside calib/standard: the joint fit between its making and its results.
 */
#ifndef IXS_CALIB_STANDARD_REMOVAL_H
#define IXS_CALIB_STANDARD_REMOVAL_H

#include "calib/standard/joint.h"
#include "calib/standard/shape.h"

void ixs_joint_dispose(struct ixs_joint *joint);

/* A block, and the problem that ixs_arrow_run solves; blocks [nblocks] are the caller's. */
struct ixs_arrow_block ixs_joint_arrow_block(struct ixs_joint_block *block);
struct ixs_arrow_problem ixs_joint_problem(struct ixs_joint *joint, struct ixs_arrow_block *blocks,
                                           size_t threads);

/* Gives a part more to the responses whose scans demand it, after a run; *changed: to any. */
IXS_MUST_CHECK bool ixs_joint_enrich(struct ixs_joint *joint, const struct ixs_arrow *space,
                                     size_t threads, bool *changed, struct ixs_err *err);

/* Runs the fit and puts what it finds into the results and traces of the standard
 * (standard_result.c). samples: names. */
IXS_MUST_CHECK bool ixs_joint_fit(struct ixs_standard *standard, struct ixs_joint *joint,
                                  char (*samples)[25], struct ixs_err *err);

#endif
