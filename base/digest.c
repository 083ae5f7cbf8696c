/* SPDX-License-Identifier: GPL-3.0-or-later
 * SHA-256, FIPS 180-4 sections 4.1.2, 4.2.2, 5.1.1, 5.3.3 and 6.2.
 */
#include "base/digest_inside.h"

#include "base/digest.h"

#include <string.h>

enum { BLOCK = 64 };

/* FIPS 180-4 section 4.2.2. */
static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotated(uint32_t word, int by)
{
    return word >> by | word << (32 - by);
}

static void expand(const unsigned char block[BLOCK], uint32_t schedule[64])
{
    for (int t = 0; t < 16; t++) {
        const unsigned char *byte = block + 4 * t;
        schedule[t] = (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 | (uint32_t)byte[2] << 8 |
                      (uint32_t)byte[3];
    }
    for (int t = 16; t < 64; t++) {
        uint32_t early = schedule[t - 15], late = schedule[t - 2];
        uint32_t sigma0 = rotated(early, 7) ^ rotated(early, 18) ^ early >> 3;
        uint32_t sigma1 = rotated(late, 17) ^ rotated(late, 19) ^ late >> 10;
        schedule[t] = sigma1 + schedule[t - 7] + sigma0 + schedule[t - 16];
    }
}

/* One block: FIPS 180-4 section 6.2.2; the letters are those of the standard. */
static void compress(uint32_t state[8], const unsigned char block[BLOCK])
{
    uint32_t schedule[64];
    expand(block, schedule);
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int t = 0; t < 64; t++) {
        uint32_t sum1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
        uint32_t sum0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
        uint32_t first = h + sum1 + ((e & f) ^ (~e & g)) + round_constants[t] + schedule[t];
        uint32_t second = sum0 + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + first;
        d = c, c = b, b = a, a = first + second;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

void ixs_digest_plain(uint32_t state[8], const unsigned char *blocks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        compress(state, blocks + BLOCK * i);
}

static void compress_all(uint32_t state[8], const unsigned char *blocks, size_t count)
{
    if (ixs_digest_has_instructions())
        ixs_digest_compress(state, blocks, count, round_constants);
    else
        ixs_digest_plain(state, blocks, count);
}

void ixs_digest_begin(struct ixs_digest *digest)
{
    *digest = (struct ixs_digest){.state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                            0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
}

void ixs_digest_add(struct ixs_digest *digest, const void *bytes, size_t size)
{
    const unsigned char *next = bytes;
    size_t filled = digest->length % BLOCK;
    digest->length += size;
    if (filled + size >= BLOCK) {
        size_t part = BLOCK - filled;
        memcpy(digest->block + filled, next, part);
        compress_all(digest->state, digest->block, 1);
        next += part, size -= part, filled = 0;
        compress_all(digest->state, next, size / BLOCK);
        next += size / BLOCK * BLOCK, size %= BLOCK;
    }
    if (size > 0)
        memcpy(digest->block + filled, next, size);
}

void ixs_digest_text(struct ixs_digest *digest, const char *text)
{
    ixs_digest_add(digest, text, strlen(text) + 1);
}

void ixs_digest_print(const struct ixs_digest *digest, char hex[65])
{
    static const char digits[] = "0123456789abcdef";
    struct ixs_digest end = *digest;
    uint64_t bits = digest->length * 8;
    unsigned char padding[BLOCK + 8] = {0x80};
    size_t filled = digest->length % BLOCK;
    size_t zeros = filled < 56 ? 56 - filled : 120 - filled;
    for (int i = 0; i < 8; i++)
        padding[zeros + (size_t)i] = (unsigned char)(bits >> (56 - 8 * i));
    ixs_digest_add(&end, padding, zeros + 8);
    for (int i = 0; i < 64; i++)
        hex[i] = digits[end.state[i / 8] >> (28 - 4 * (i % 8)) & 15];
    hex[64] = '\0';
}
