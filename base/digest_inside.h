/* SPDX-License-Identifier: GPL-3.0-or-later
 * The compression function of SHA-256, in plain C and by the processor's own instructions: for
 * base/digest*.c alone, and the test that both are one.
 */
#ifndef IXS_BASE_DIGEST_INSIDE_H
#define IXS_BASE_DIGEST_INSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `count` blocks of 64 bytes into the state, in plain C. */
void ixs_digest_plain(uint32_t state[8], const unsigned char *blocks, size_t count);

/* Does this processor have them? */
bool ixs_digest_has_instructions(void);

/* The same by these instructions, only where it has them; round_constants are those of FIPS 180-4.
 */
void ixs_digest_compress(uint32_t state[8], const unsigned char *blocks, size_t count,
                         const uint32_t round_constants[64]);

#endif
