/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the source files of models/fit/elastic.h share.
 */
#ifndef IXS_MODELS_FIT_ELASTIC_PARTS_H
#define IXS_MODELS_FIT_ELASTIC_PARTS_H

#include "models/fit/elastic.h"
#include "models/fit/fit_inside.h"

/* The quasi-elastic line, or the lowest mode if it is within `reach` (meV) of the elastic line. */
int ixs_elastic_partner(const struct ixs_fit_answer *answer, double reach);

struct ixs_elastic_rival {         /* another fit of the same data */
    struct ixs_fit_answer *answer; /* of the space's spare ones */
    double above; /* its corrected deviance over that of the first; infinite: there is none */
};

struct ixs_elastic_rivals {
    struct ixs_elastic_rival list[2]; /* with one more, with one in another's place */
    struct ixs_fit_answer *room;      /* the spare answer that is free */
};

/* Rivals with a low mode where the answer has none: one more of them where the number was chosen,
 * or one in another's place. */
void ixs_elastic_rivals_find(struct ixs_elastic_rivals *out, struct ixs_fit_space *space,
                             const struct ixs_fit_task *task, const struct ixs_fit_answer *answer);

#endif
