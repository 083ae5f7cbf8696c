/* SPDX-License-Identifier: GPL-3.0-or-later
 * Complex numbers from their parts: C11's CMPLX, which not every C library gives to every compiler.
 */
#ifndef IXS_MODELS_COMPLEX_NUMBER_H
#define IXS_MODELS_COMPLEX_NUMBER_H

#include <complex.h>

/* re + i im, each part as it is (re + im * I would turn an infinite or negative-zero part over). */
static inline double complex ixs_complex(double re, double im)
{
    const union {
        double parts[2];
        double complex number;
    } both = {.parts = {re, im}};
    return both.number;
}

#endif
