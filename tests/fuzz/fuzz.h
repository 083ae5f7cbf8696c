/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the fuzz harnesses share. A harness is one file with the function below, linked with
 * libFuzzer (-Dfuzz=true, clang) or with replay.c, which gives it the committed corpus.
 */
#ifndef IXS_TESTS_FUZZ_H
#define IXS_TESTS_FUZZ_H

#include "base/err.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The name of a file, in memory, that has these bytes. The same one in every call. */
const char *fuzz_file(const uint8_t *bytes, size_t size);

/* Ends the process, as a finding, unless the reader said yes, or said what is wrong with the input:
 * any other failure is a fault of ours. */
void fuzz_verdict(bool ok, const struct ixs_err *err);

#endif
