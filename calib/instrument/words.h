/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an instrument file means, in words, for the people who wrote it.
 */
#ifndef IXS_CALIB_INSTRUMENT_WORDS_H
#define IXS_CALIB_INSTRUMENT_WORDS_H

#include "calib/instrument/instrument.h"

#include <stdio.h>

/* Reads an instrument XML and says one screen of text; check: only "path: OK". */
IXS_MUST_CHECK bool ixs_instrument_words(FILE *out, const char *path, bool check,
                                         struct ixs_err *err);

#endif
