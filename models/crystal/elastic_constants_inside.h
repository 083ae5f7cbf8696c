/* SPDX-License-Identifier: GPL-3.0-or-later
 * The forms of C and Christoffel's equation, as the fit of elastic constants uses them.
 */
#ifndef IXS_MODELS_CRYSTAL_ELASTIC_CONSTANTS_INSIDE_H
#define IXS_MODELS_CRYSTAL_ELASTIC_CONSTANTS_INSIDE_H

#include "models/crystal/elastic_constants.h"

struct ixs_elastic_entry { /* of the 6 x 6 matrix: times constant k */
    int row, column;
    size_t k;
    double times;
};

struct ixs_elastic_form { /* of C for Laue classes that share it */
    const char *classes[2];
    size_t n, nentries;
    const char *names[IXS_ELASTIC_MOST];
    struct ixs_elastic_entry entries[IXS_ELASTIC_MOST];
};

const struct ixs_elastic_form *ixs_elastic_form(const char *laue); /* NULL: there is none */

/* Gamma of constant k alone, set to 1, along the unit vector n. */
void ixs_elastic_gamma(const struct ixs_elastic_form *form, size_t k, const double n[3],
                       double gamma[9]);

double ixs_elastic_dot(const double a[3], const double b[3]);
void ixs_elastic_unit(double v[3]);

#endif
