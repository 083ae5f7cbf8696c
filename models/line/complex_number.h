/* SPDX-License-Identifier: GPL-3.0-or-later
 * Complex numbers from their parts: C11's CMPLX, which not every C library gives to every compiler.
 */
#ifndef IXS_MODELS_LINE_COMPLEX_NUMBER_H
#define IXS_MODELS_LINE_COMPLEX_NUMBER_H

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

/* 1/z by its definition: no care is taken of overflow. */
static inline double complex ixs_inverse(double complex z)
{
    double d = 1.0 / (creal(z) * creal(z) + cimag(z) * cimag(z));
    return ixs_complex(creal(z) * d, -cimag(z) * d);
}

#endif
