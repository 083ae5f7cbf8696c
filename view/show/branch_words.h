/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is said of a DISPERSION beside its tables, in a terminal and on pages: sentences one by one.
 */
#ifndef IXS_VIEW_SHOW_BRANCH_WORDS_H
#define IXS_VIEW_SHOW_BRANCH_WORDS_H

#include "products/dispersion.h"

enum { IXS_SENTENCE = 600 };

/* The next sentence from row *at on, which moves; false: there are no more. Begin with 0. */

/* "branch 1 2: directions of q taken as equivalent": branches with one remark together. */
bool ixs_branch_remark(const struct ixs_dispersion *dispersion, size_t *at,
                       char sentence[IXS_SENTENCE]);
/* "branch 3 crosses branch 4 at 0.31 A^-1", "branch 1: density x velocity^2 = C11 = 50.1(3) GPa".
 */
bool ixs_branch_fact(const struct ixs_dispersion *dispersion, size_t *at,
                     char sentence[IXS_SENTENCE]);
/* "elastic constants at 296 K: C11 = 50.1(3), C44 = 12.6(2) GPa": those of one temperature. */
bool ixs_branch_constants(const struct ixs_dispersion *dispersion, size_t *at,
                          char sentence[IXS_SENTENCE]);
/* "the laws do not hold: Ana5 0.319": modes with one remark on their laws together. */
bool ixs_thermal_remark(const struct ixs_dispersion *dispersion, size_t *at,
                        char sentence[IXS_SENTENCE]);
/* The law of the thermal conductivity, with what to keep in mind; false: there is none. */
bool ixs_thermal_kappa_law(const struct ixs_dispersion *dispersion, char sentence[IXS_SENTENCE]);

/* Which branch of its path and temperature the branch in a row of BRANCHES is, from 0: the same one
 * at other temperatures has the same rank. */
size_t ixs_branch_rank(const struct ixs_dispersion *dispersion, size_t row);

/* Adds to the sentence, cut where it is full. */
void ixs_sentence_add(char sentence[IXS_SENTENCE], const char *format, ...) IXS_PRINTF(2, 3);

#endif
