/* SPDX-License-Identifier: GPL-3.0-or-later
 * The conversation between the comparison and one of its programs.
 */
#include "bench/peers/serve.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

double peers_cpu(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void answer_rounds(const struct peers_program *program, void *context,
                          const struct peers_set *set)
{
    size_t first, count, repeats;
    struct peers_answer answer;
    while (scanf("%zu %zu %zu", &first, &count, &repeats) == 3) {
        double before = peers_cpu();
        for (size_t r = 0; r < repeats; r++)
            for (size_t k = first; k < first + count && k < set->nspectra; k++)
                program->fit(context, set, k, &answer);
        printf("%.9f\n", peers_cpu() - before);
        fflush(stdout);
    }
}

static int write_answers(const struct peers_program *program, void *context,
                         const struct peers_set *set, const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        return 4;
    }
    fprintf(file, "id,nmodes,evaluations,objective,parameters\n");
    for (size_t k = 0; k < set->nspectra; k++) {
        struct peers_answer answer = {0};
        program->fit(context, set, k, &answer);
        fprintf(file, "%ld,%zu,%ld,%.12g", set->spectra[k].id, set->spectra[k].nmodes,
                answer.evaluations, answer.objective);
        for (size_t i = 0; i < peers_nparameters(&set->spectra[k]); i++)
            fprintf(file, ",%.12g", answer.parameters[i]);
        fprintf(file, "\n");
    }
    return fclose(file) == 0 ? 0 : 4;
}

int peers_serve(int argc, char **argv, const struct peers_program *program)
{
    struct peers_set set;
    int code = 0;
    if (argc != 3 && argc != 4) {
        fprintf(stderr, "usage: %s FOLDER NPOINTS [OUT.csv]\n", argv[0]);
        return 2;
    }
    peers_read(&set, argv[1], strtoul(argv[2], NULL, 10));
    void *context = program->prepare(&set);
    if (argc == 4)
        code = write_answers(program, context, &set, argv[3]);
    else
        answer_rounds(program, context, &set);
    peers_dispose(&set);
    return code;
}
