/* SPDX-License-Identifier: GPL-3.0-or-later
 * SHA-256 (FIPS 180-4).
 */
#ifndef IXS_BASE_DIGEST_H
#define IXS_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

struct ixs_digest {
    uint32_t state[8];
    uint64_t length; /* bytes so far */
    unsigned char block[64];
};

void ixs_digest_begin(struct ixs_digest *digest);
void ixs_digest_add(struct ixs_digest *digest, const void *bytes, size_t size);
void ixs_digest_text(struct ixs_digest *digest, const char *text); /* the text and its NUL */
/* Ends a copy: `digest` itself may go on. Writes 64 hexadecimal digits and a NUL. */
void ixs_digest_print(const struct ixs_digest *digest, char hex[65]);

#endif
