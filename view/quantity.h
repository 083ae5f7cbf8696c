/* SPDX-License-Identifier: GPL-3.0-or-later
 * Numbers for people: a value with its error as 4.99(2), a short number, a unit.
 */
#ifndef IXS_VIEW_QUANTITY_H
#define IXS_VIEW_QUANTITY_H

#include <stddef.h>

enum { IXS_QUANTITY_SIZE = 48 }; /* room that always suffices */

/* "4.99(2)": the error counts units of the last digit, one digit of it, two when it begins with 1
 * (9.96(10), 12.3(1.5), 1230(60)). No error (NaN or 0): the value alone. No value: "-". */
void ixs_quantity(double value, double error, size_t size, char *room);

/* A number without error, to at most `digits` significant digits; "-" when it is not finite. */
void ixs_quantity_plain(double value, int digits, size_t size, char *room);

/* "(5.5 5.5 5.6)", "-" when one of them is not known. */
/* The same, or ">8.2" from the lower end of its interval where a value has no error: it is not told
 * apart from others. */
void ixs_quantity_above(double value, double error, double lo, size_t size, char *room);

void ixs_quantity_hkl(double h, double k, double l, size_t size, char *room);

/* A FITS unit as plain text ("A^-1") or as typeset ("Å⁻¹"); itself when it needs no change. */
const char *ixs_unit_plain(const char *unit);
const char *ixs_unit_typeset(const char *unit);

#endif
